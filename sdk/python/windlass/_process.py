"""What is asked of the kernel: parent-death signals, sub-reapers, the list of children, ending
whole process trees.
"""

from __future__ import annotations

import ctypes
import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None)
_prctl = _libc.prctl
_prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
_fflush = _libc.fflush
_fflush.argtypes = [ctypes.c_void_p]


def bind_to_parent(parent: int) -> None:
    """End this process when the process `parent`, which forked it, ends; keep what descends from it
    below it.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)  # the parent ended before the signal was asked for
    adopt_orphans()


def adopt_orphans() -> None:
    """Make this process the one that its orphaned descendants fall to."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_spawner() -> None:
    """Have the kernel end this process, the base, with the host: for while it may not be able to
    notice.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def outlive_spawner() -> None:
    """Take die_with_spawner() back: the base notices the end of the host by its control socket, and
    then ends everything below it, which nobody could find once it were dead.
    """
    _prctl(_PR_SET_PDEATHSIG, 0, 0, 0, 0)


def flush_c_streams() -> None:
    """Write out what C code of extension modules printed with stdio."""
    _fflush(None)


def give_memory_back() -> None:
    """Return to the kernel what the C heap does not use."""
    if hasattr(_libc, "malloc_trim"):  # glibc only
        _libc.malloc_trim(0)


def thread_count() -> int:
    """Threads of this process, those that Python does not know of too."""
    return len(os.listdir("/proc/self/task"))


def close_all_above(last_kept: int) -> None:
    """Close every descriptor above `last_kept`."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > last_kept:
            try:
                os.close(int(name))
            except OSError:
                pass  # the descriptor of the listing itself


def children_of(pid: int) -> list[int]:
    """The direct children of `pid`; empty when it is gone."""
    try:
        tasks = os.listdir("/proc/%d/task" % pid)
    except OSError:
        return []
    found: list[int] = []
    for task in tasks:
        try:
            found.extend(map(int, _read("/proc/%d/task/%s/children" % (pid, task)).split()))
        except FileNotFoundError:
            if not _kernel_lists_children():
                return _children_by_scan(pid)
        except OSError:
            continue  # that thread ended meanwhile
    return found


def _kernel_lists_children() -> bool:
    return os.path.exists("/proc/self/task/%d/children" % os.getpid())


def _children_by_scan(pid: int) -> list[int]:
    # Kernels without CONFIG_PROC_CHILDREN: the fourth field of stat, counted from the end of the
    # name, is the parent.
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stat = _read("/proc/%s/stat" % name)
            except OSError:
                continue
            if int(stat[stat.rindex(b")") + 2 :].split()[1]) == pid:
                found.append(int(name))
    return found


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        data = b""
        while True:
            more = os.read(descriptor, 65_536)
            if not more:
                return data
            data += more
    finally:
        os.close(descriptor)


def end_trees(roots: Iterable[int]) -> set[int]:
    """Kill `roots` and all that descends from them; returns those that may not be killed (another
    user's).

    Each process is stopped before its children are listed, so that none is forked behind the
    listing and no process id can be used anew. Whoever calls this reaps, and calls again while
    something is left.
    """
    seen: set[int] = set()
    denied: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in seen:
            seen.add(pid)
            _signal(pid, signal.SIGSTOP, denied)
            waiting.extend(children_of(pid))
    for pid in seen:
        _signal(pid, signal.SIGKILL, denied)
    return denied


def _signal(pid: int, number: int, denied: set[int]) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it ended by itself
    except PermissionError:
        denied.add(pid)
