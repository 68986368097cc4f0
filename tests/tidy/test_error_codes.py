"""Every error code of the program is explained in spec/errors.md, and nothing else is."""

import re

import repository

CODE = r"[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*"
# Where a code is made: the first member of an Error, by name or in braces.
MADE = re.compile(r'(?:\bError\s*(?:\w+\s*)?[{(]|return\s*\{|\b(?:fail|refuse)\(\{?)\s*"(' + CODE + r')"')
LISTED = re.compile(r"^\| `(" + CODE + r")` \|", re.MULTILINE)


def program_files():
    return [
        path
        for path in repository.source_files("src")
        if path.suffix in {".cc", ".h"} and not repository.is_test(path) and not path.name.startswith("test_")
    ]


def codes_made():
    return {code for path in program_files() for code in MADE.findall(repository.text_of(path))}


def codes_listed():
    return LISTED.findall((repository.ROOT / "spec/errors.md").read_text())


def test_every_code_is_listed():
    unlisted = sorted(codes_made() - set(codes_listed()))
    assert not unlisted, " ".join(unlisted)


def test_no_code_is_listed_twice():
    listed = codes_listed()
    assert sorted(code for code in set(listed) if listed.count(code) > 1) == []


def test_every_listed_code_exists():
    program = "\n".join(repository.text_of(path) for path in program_files())
    assert [code for code in codes_listed() if f'"{code}"' not in program] == []
