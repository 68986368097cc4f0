"""Writes a C++ header that holds the .sql files: each named query, or each migration, as a string constant.

usage: embed_sql.py queries OUT FILE...      `-- name: find_job` begins a query; it becomes sql::kFindJob
       embed_sql.py migrations OUT FILE...   NNN_name.sql; they become the array sql::kMigrations, in order
"""

import pathlib
import re
import sys


def literal(text: str) -> str:
    """C++ literals of the text; compilers limit the length of one, so a line each."""
    quoted = (line.replace("\\", "\\\\").replace('"', '\\"') for line in text.splitlines())
    return "\n".join(f'    "{line}\\n"' for line in quoted)


def queries(files: list[pathlib.Path]) -> str:
    parts = []
    for file in files:
        pieces = re.split(r"^-- name: (\w+)\n", file.read_text(), flags=re.MULTILINE)
        for name, text in zip(pieces[1::2], pieces[2::2]):
            constant = "k" + "".join(word.capitalize() for word in name.split("_"))
            parts.append(f"inline constexpr char {constant}[] =\n{literal(text.strip())};\n")
    return "\n".join(parts)


def migrations(files: list[pathlib.Path]) -> str:
    rows = []
    for expected, file in enumerate(sorted(files), start=1):
        number, name = re.fullmatch(r"(\d{3})_(\w+)\.sql", file.name).groups()
        if int(number) != expected:
            sys.exit(f"{file.name}: migrations are numbered without gaps")
        rows.append(f'    {{{expected}, "{name}",\n{literal(file.read_text())}}},\n')
    return (
        "struct Migration {\n  int version;\n  const char* name;\n  const char* text;\n};\n\n"
        f"inline constexpr Migration kMigrations[] = {{\n{''.join(rows)}}};\n"
    )


def main() -> None:
    kind, out, *names = sys.argv[1:]
    body = {"queries": queries, "migrations": migrations}[kind]([pathlib.Path(n) for n in names])
    pathlib.Path(out).write_text(f"#pragma once\n\nnamespace windlass::sql {{\n\n{body}\n}}\n")


main()
