"""Compiled code of source files, kept from one version's import to the next one's, for which most
files are the same: compiling is a third of an import.

The base makes a file in memory for each zygote. A zygote that is asked for its first child, so that
its version serves, leaves there what it has compiled or found in the file of the zygote before, and
nobody can write to it from then on. One that is never asked leaves an empty file, and the base goes
on with the one before.
"""

from __future__ import annotations

import fcntl
import marshal
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

_ADD_SEALS = 1033  # F_ADD_SEALS, which fcntl knows from Python 3.9 on
_SEALS = 0x1 | 0x2 | 0x4 | 0x8  # F_SEAL_SEAL, _SHRINK, _GROW, _WRITE of linux/fcntl.h

#: In the base: of the zygotes forked so far, the newest last. The first is of the version that
#: serves, those behind it may be empty as yet.
_files: list[int] = []
_MOST_FILES = 8
#: In a zygote: path → content and code, of the version before and of this one.
_before: dict[str, tuple[bytes, CodeType]] = {}
_used: dict[str, tuple[bytes, CodeType]] = {}
#: In a zygote: where to leave them; -1 elsewhere.
_target = -1


def begin() -> int:
    """In the base: make the file of the next zygote; -1 when none can be had."""
    try:
        return os.memfd_create("windlass-code", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    except (AttributeError, OSError):
        return -1  # a kernel without; every version is compiled whole


def hand_over(file: int) -> None:
    """In the base: the zygote of that file was forked."""
    if file < 0:
        return
    _files.append(file)
    served = next((at for at in reversed(range(len(_files))) if _size(_files[at])), 0)
    for old in _files[:served] + _files[served + 1 : -_MOST_FILES]:
        os.close(old)
    _files[:] = _files[served : served + 1] + _files[max(served + 1, len(_files) - _MOST_FILES) :]


def load(file: int) -> None:
    """In the zygote of that file: take over what the one that serves has left. With -1, in a
    process that leaves nothing itself.
    """
    global _before, _target
    _target = file
    try:
        left = next((file for file in reversed(_files) if _size(file)), None)
        if left is not None:
            _before = marshal.loads(os.pread(left, _size(left), 0))
    except (OSError, EOFError, ValueError, TypeError):
        pass  # it is being written
    for old in _files:
        os.close(old)
    _files.clear()


def _size(file: int) -> int:
    return os.fstat(file).st_size


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
    os.close(_target)
    _target = -1
    _before.clear()
    _used.clear()
