"""Packs folders of files into one file that the binary carries.

Usage: pack.py OUTPUT PREFIX=FOLDER[:PACKAGE,PACKAGE…] …

Format, repeated until the end: `<path> <size>\n`, then size bytes. Only .py, .pyi and py.typed files are taken; compiled
parts of a package are left out, so that what is packed runs on any CPython.
"""

import pathlib
import sys


def files_of(folder, packages):
    roots = [folder / name for name in packages] if packages else [folder]
    for root in roots:
        found = [root] if root.is_file() else sorted(root.rglob("*"))
        for path in found:
            if path.suffix in (".py", ".pyi") or path.name == "py.typed":
                if "__pycache__" not in path.parts and "tests" not in path.relative_to(folder).parts:
                    yield path


def main(output, arguments):
    with open(output, "wb") as out:
        for argument in arguments:
            prefix, _, where = argument.partition("=")
            folder, _, packages = where.partition(":")
            base = pathlib.Path(folder)
            for path in files_of(base, packages.split(",") if packages else []):
                content = path.read_bytes()
                name = prefix + "/" + path.relative_to(base).as_posix()
                out.write(f"{name} {len(content)}\n".encode())
                out.write(content)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
