"""Packs the built web page into one file that the binary carries.

Usage: pack_page.py OUTPUT [FOLDER]      without a folder the pack is empty

Format, repeated until the end: `<path> gzip|plain <size>\n`, then size bytes. Files are compressed where that makes them smaller;
maps of the sources are left out.
"""

import gzip
import pathlib
import sys


def main(output, folder=None):
    pack = bytearray()
    for path in sorted(pathlib.Path(folder).rglob("*")) if folder else []:
        if not path.is_file() or path.suffix == ".map":
            continue
        name = path.relative_to(folder).as_posix()
        if any(character.isspace() for character in name):
            sys.exit(f"{path}: names of the page's files have no spaces")
        plain = path.read_bytes()
        packed = gzip.compress(plain, 9, mtime=0)
        smaller = len(packed) < len(plain)
        content = packed if smaller else plain
        pack += f"{name} {'gzip' if smaller else 'plain'} {len(content)}\n".encode() + content
    pathlib.Path(output).write_bytes(pack)


if __name__ == "__main__":
    main(*sys.argv[1:])
