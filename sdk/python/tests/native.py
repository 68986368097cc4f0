"""The native runner, for tests: where it is, and shared objects of jobs in C++."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import host as host_side

REPOSITORY = Path(__file__).resolve().parents[3]
HEADERS = REPOSITORY / "sdk" / "cpp" / "include"
#: As the build installs it.
BUILT = "build/release/src/embedded/cpp_installed/bin/windlass-native-runner"
RUNNER = Path(os.environ.get("WINDLASS_NATIVE_RUNNER") or REPOSITORY / BUILT)
FLAGS = ("-std=c++20", "-g", "-O1", "-fPIC", "-fvisibility=hidden", "-shared")


def runner() -> Path:
    """The program under test."""
    assert RUNNER.exists(), "%s is not there: build it, or set WINDLASS_NATIVE_RUNNER" % RUNNER
    return RUNNER


def hosts() -> Iterator[host_side.Host]:
    """A base process of the native runner; the body of a fixture."""
    host = host_side.Host(command=[str(runner())], env={})
    yield host
    host.close()


class Compiler:
    """Makes shared objects in `folder`, each once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, source: Path, shown: str) -> Path:
        """The shared object of `source`, whose folder backtraces show as `shown`."""
        library = self.folder / ("%s-%s.so" % (source.stem, _digest(source)))
        if not library.exists():
            compiler = os.environ.get("CXX", "g++")
            prefix = "-ffile-prefix-map=%s=%s" % (source.parent, shown)
            unique = () if "clang" in compiler else ("-fno-gnu-unique",)
            command = [compiler, *FLAGS, *unique, prefix, "-I", HEADERS, source, "-o", library]
            subprocess.run(command, check=True)
        return library

    def libraries(self, folder: Path, names: list[str], root: str) -> dict:
        """The member `libraries` of a source in `folder`, of those of its modules that are there."""
        return {
            name: {
                "path": str(self.build(folder / (name + ".cpp"), root)),
                "file": "%s/%s.cpp" % (root, name),
            }
            for name in names
            if (folder / (name + ".cpp")).exists()
        }


def _digest(source: Path) -> str:
    return hashlib.sha256(str(source).encode() + source.read_bytes()).hexdigest()[:12]
