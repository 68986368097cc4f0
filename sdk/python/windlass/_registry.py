"""What `register_jobs` has made known in this process."""

from __future__ import annotations

from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from windlass._job import BaseJob

#: Class path to class and its declaration, in the order of registration.
_registered: dict[str, tuple[type[BaseJob], dict[str, Any]]] = {}


def add(cls: type[BaseJob], declaration: dict[str, Any]) -> None:
    """Register `cls`; one of the same class path is replaced."""
    _registered[declaration["class_path"]] = (cls, declaration)


def find(class_path: str) -> type[BaseJob] | None:
    """The class of that path, or None."""
    entry = _registered.get(class_path)
    return None if entry is None else entry[0]


def paths() -> list[str]:
    """All class paths, in the order of registration."""
    return list(_registered)


def count() -> int:
    """How many classes are registered."""
    return len(_registered)


def paths_after(count: int) -> list[str]:
    """The class paths that were registered when there were `count` already."""
    return list(islice(_registered, count, None))


def declaration_of(class_path: str) -> dict[str, Any]:
    """The manifest's object for a registered class."""
    return _registered[class_path][1]


def drop(class_path: str) -> None:
    """Forget a class, for instance of a module whose import failed after it."""
    _registered.pop(class_path, None)
