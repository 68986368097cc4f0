"""The base process, the zygotes forked from it, and the children forked from either."""

from __future__ import annotations

import functools
import gc
import importlib
import os
import sys
import traceback

from windlass import (
    __version__,
    _child,
    _code_cache,
    _logging,
    _logging_state,
    _mistakes,
    _process,
    _rehearsal,
    _signals,
    _streams,
)
from windlass._channel import Channel
from windlass._loader import Version, is_source
from windlass._nursery import Nursery

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, NoReturn

    from windlass._channel import Frame

    Role = Callable[[], Any]

_PROTOCOL = 1
_CONTROL = 3
_DESCRIPTORS_OF_A_CHILD = 3
_SOFTWARE_ERROR = 70  # EX_SOFTWARE of sysexits.h


def main() -> NoReturn:
    """Be the base process, whose control socket is descriptor 3; then whatever a fork of it is to
    be.
    """
    role: Role = _serve_base
    try:
        _become_base()
        while True:
            # A role returns in a forked process only, with the role of that process: so no process
            # stands on the stack of its parents.
            role = role()
    except BaseException:
        traceback.print_exc()
    os._exit(_SOFTWARE_ERROR)


def _become_base() -> None:
    _process.die_with_spawner()
    _process.adopt_orphans()
    try:
        os.setsid()
    except PermissionError:
        pass  # the host has seen to that
    _process.close_all_above(_CONTROL)
    os.set_inheritable(_CONTROL, False)
    _streams.prepare()
    _signals.guard()
    _logging.install()
    gc.disable()  # a collection before a fork would only scatter what can be shared


def _serve_base() -> Role:
    nursery = Nursery(Channel(_CONTROL))
    nursery.add_command("describe", functools.partial(_describe, nursery))
    nursery.add_command("fork", functools.partial(_fork_fresh, nursery))
    _rehearsal.rehearse(10, aloud=True)  # bytecode is specialised at the eighth call
    _share_memory()
    nursery.tell(
        {
            "type": "hello",
            "protocol": _PROTOCOL,
            "language": "python",
            "language_version": "%d.%d.%d" % sys.version_info[:3],
            "sdk_version": __version__,
            "pid": os.getpid(),
        }
    )
    _process.outlive_spawner()
    return nursery.serve()


def _describe(nursery: Nursery, frame: Frame, descriptors: list[int]) -> Role | None:
    name, version = str(frame.get("zygote")), _version_of(frame)
    if len(descriptors) != 1 or version is None:
        problem = "describe needs a version and one descriptor"
        return nursery.refuse("zygote", name, descriptors, problem)
    _process.die_with_spawner()  # what is imported may hang
    _preload(frame.get("preload") or ())
    _process.outlive_spawner()
    code = _code_cache.begin()
    role = functools.partial(_serve_zygote, os.getpid(), descriptors[0], version, code)
    forked = nursery.fork("zygote", name, descriptors, role)
    if forked is None:  # in the base
        _code_cache.hand_over(code)
    return forked


def _fork_fresh(nursery: Nursery, frame: Frame, descriptors: list[int]) -> Role | None:
    name, version = str(frame.get("child")), _version_of(frame)
    if len(descriptors) != _DESCRIPTORS_OF_A_CHILD or version is None:
        problem = "fork of the base needs a version and three descriptors"
        return nursery.refuse("child", name, descriptors, problem)
    role = functools.partial(_fresh_child, os.getpid(), descriptors, version)
    return nursery.fork("child", name, descriptors, role)


def _fork(nursery: Nursery, threads: int, frame: Frame, descriptors: list[int]) -> Role | None:
    name = str(frame.get("child"))
    if len(descriptors) != _DESCRIPTORS_OF_A_CHILD:
        return nursery.refuse("child", name, descriptors, "fork needs three descriptors")
    if threads > 1:
        problem = "the imports left threads behind; ask the base instead"
        return nursery.refuse("child", name, descriptors, problem)
    role = functools.partial(_child_of_zygote, os.getpid(), descriptors)
    return nursery.fork("child", name, descriptors, role)


def _version_of(frame: Frame) -> dict[str, Any] | None:
    """The version that `frame` carries, None when it is none."""
    version = frame.get("version")
    if not isinstance(version, dict) or not isinstance(version.get("id"), str):
        return None
    sources = version.get("sources")
    return version if isinstance(sources, list) and all(map(is_source, sources)) else None


def _preload(names: Iterable[str]) -> None:
    """Import installed modules that the next versions will want. What goes wrong is left for their
    own import.
    """
    for name in names:
        if name not in sys.modules and _process.thread_count() == 1:
            try:
                importlib.import_module(name)
            except BaseException:
                continue
    _streams.flush()
    _streams.restore()
    _signals.guard()
    _share_memory()


def _share_memory() -> None:
    """Leave as little as can be that a forked process would have to copy by and by."""
    # The collection resets the counters that would start one in each child, where it would touch
    # pages everywhere.
    gc.collect()
    gc.freeze()
    _process.give_memory_back()


def _serve_zygote(parent: int, descriptor: int, description: dict[str, Any], code: int) -> Role:
    _process.bind_to_parent(parent)
    _code_cache.load(code)
    control = Channel(descriptor)
    version = Version(description)
    modules = version.import_all(lambda name: control.send({"type": "importing", "module": name}))
    threads = _process.thread_count()
    _signals.guard()
    _logging_state.remember()
    nursery = Nursery(control)
    nursery.add_command("fork", functools.partial(_fork, nursery, threads))
    nursery.tell(
        {
            "type": "manifest",
            "version": version.id,
            "threads": threads,
            # Whatever starts threads must not get into the base, from which everything else is
            # forked.
            "installed_modules": version.installed_modules() if threads == 1 else [],
            "modules": modules,
            "warnings": _mistakes.warnings,
        }
    )
    # While the host reads the manifest, which is not needed here any more. What is freed here need
    # not be freed in each child, where it would touch pages everywhere.
    del modules, version
    _code_cache.save()
    if threads == 1:
        _rehearsal.rehearse(2, aloud=False)  # the import has used the cache of methods for itself
    _share_memory()
    return nursery.serve()


def _child_of_zygote(parent: int, descriptors: list[int]) -> NoReturn:
    _child.serve(_child.enter(parent, descriptors))


def _fresh_child(parent: int, descriptors: list[int], description: dict[str, Any]) -> NoReturn:
    channel = _child.enter(parent, descriptors)
    _code_cache.load(-1)
    Version(description).import_all(lambda name: None)
    _logging_state.remember()
    _child.serve(channel)
