"""Packs folders of files into one file that the binary carries.

Usage: pack.py OUTPUT PREFIX=FOLDER[:PACKAGE,PACKAGE…] …

Format, repeated until the end: `<path> <mode> <size>\n`, then size bytes; mode is `x` for a program, else `-`. Of a folder with
packages only .py, .pyi and py.typed files of these are taken; compiled parts are left out, so that what is packed runs on any CPython.
Of one without, every file.
"""

import os
import pathlib
import sys


def files_of(folder, packages):
    if not packages:
        return [path for path in sorted(folder.rglob("*")) if path.is_file()]
    found = []
    for package in (folder / name for name in packages):
        for path in [package] if package.is_file() else sorted(package.rglob("*")):
            if path.suffix in (".py", ".pyi") or path.name == "py.typed":
                if "__pycache__" not in path.parts and "tests" not in path.relative_to(folder).parts:
                    found.append(path)
    return found


def main(output, arguments):
    with open(output, "wb") as out:
        for argument in arguments:
            prefix, _, where = argument.partition("=")
            folder, _, packages = where.partition(":")
            base = pathlib.Path(folder)
            for path in files_of(base, packages.split(",") if packages else []):
                content = path.read_bytes()
                name = prefix + "/" + path.relative_to(base).as_posix()
                mode = "x" if os.access(path, os.X_OK) else "-"
                out.write(f"{name} {mode} {len(content)}\n".encode())
                out.write(content)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
