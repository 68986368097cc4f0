"""Compiled code of source files, kept from one version's import to the next one's, for which most
files are the same: compiling is a third of an import.

The base makes a file in memory for each zygote. The zygote leaves there what it has compiled or
found in the file of the zygote before, and nobody can write to it from then on.
"""

from __future__ import annotations

import fcntl
import marshal
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

_SEALS = 0x1 | 0x2 | 0x4 | 0x8  # F_SEAL_SEAL, _SHRINK, _GROW, _WRITE of linux/fcntl.h

#: In the base: of the zygote that was forked last; -1 before.
_newest = -1
#: In a zygote: path → content and code, of the version before and of this one.
_before: dict[str, tuple[bytes, CodeType]] = {}
_used: dict[str, tuple[bytes, CodeType]] = {}
#: In a zygote: where to leave them; -1 elsewhere.
_target = -1


def begin() -> int:
    """In the base: make the file of the next zygote, which is the caller's until `is_zygotes`."""
    try:
        return os.memfd_create("windlass-code", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    except (AttributeError, OSError):
        return -1  # a kernel without; every version is compiled whole


def hand_over(file: int) -> None:
    """In the base: the zygote of that file was forked."""
    global _newest
    _close(_newest)
    _newest = file


def load(file: int) -> None:
    """In the zygote of that file: take over what the one before has left. With -1, in a process
    that leaves nothing itself.
    """
    global _before, _newest, _target
    _target = file
    try:
        if _newest >= 0:
            _before = marshal.loads(os.pread(_newest, os.fstat(_newest).st_size, 0))
    except (OSError, EOFError, ValueError, TypeError):
        pass  # it ended before it had left anything
    _close(_newest)
    _newest = -1


def find(path: str, source: bytes) -> CodeType | None:
    """The code of a file with that content, if it is known."""
    entry = _before.get(path)
    if entry is None or entry[0] != source:
        return None
    _used[path] = entry
    return entry[1]


def keep(path: str, source: bytes, code: CodeType) -> None:
    """Remember the code of a file, where that will be of use."""
    if _target >= 0:
        _used[path] = (source, code)


def save() -> None:
    """In a zygote: leave to the next one what was used, and free the memory here."""
    global _target
    if _target < 0:
        return
    try:
        data = memoryview(marshal.dumps(_used))
        while data:
            data = data[os.write(_target, data) :]
        fcntl.fcntl(_target, _ADD_SEALS, _SEALS)
    except (OSError, ValueError):
        pass  # the next version compiles more
    _close(_target)
    _target = -1
    _before.clear()
    _used.clear()


_ADD_SEALS = 1033  # F_ADD_SEALS, which fcntl knows from Python 3.9 on


def _close(file: int) -> None:
    if file >= 0:
        os.close(file)
