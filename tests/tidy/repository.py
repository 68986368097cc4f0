"""What the repository holds: its files as git knows them, and the includes of its C++ code."""

import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE_SUFFIXES = {".cc", ".h", ".hpp", ".cpp", ".py", ".ts", ".tsx", ".sql", ".S"}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]', re.MULTILINE)


@functools.cache
def files():
    """Paths beneath the root of all files that are or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = sorted({pathlib.PurePosixPath(name) for name in listed.split("\0") if name})
    return [path for path in paths if (ROOT / path).is_file()]


def source_files(*folders):
    """Code, in these top-level folders or everywhere."""
    return [
        path
        for path in files()
        if (path.suffix in SOURCE_SUFFIXES or is_script(path)) and (not folders or path.parts[0] in folders)
    ]


def is_script(path):
    return path.parts[0] == "scripts" and not path.suffix


@functools.cache
def text_of(path):
    try:
        return (ROOT / path).read_text()
    except UnicodeDecodeError:
        return ""


def includes(path):
    """(name, whether in angle brackets) of each include line."""
    return [(name, bracket == "<") for bracket, name in INCLUDE.findall(text_of(path))]


def is_test(path):
    """Tests and what only they use: fakes, fixtures, conformance suites."""
    return bool(
        re.search(r"(^|_)(test|suite|fixture|fake)(_|\.|$)", path.name) or "conformance" in path.parts
    )


def lines_with(pattern, paths, flags=0):
    """["path:line: text"] of every line that the pattern is found in."""
    wanted = re.compile(pattern, flags)
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if wanted.search(line)
    ]
