"""What a job class says of itself: attributes that are there on the class and on its instances."""

from __future__ import annotations

import os
import sys

from windlass import _meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Generic, TypeVar

    Value = TypeVar("Value")
else:

    class Generic:
        """Stands in for typing.Generic, so that no process has to load `typing` for it."""

        def __class_getitem__(cls, item):
            return cls


#: Maps the path of a loaded source file to the one where its author edits it; set by the loader.
shown_path: Callable[[str], str] = os.path.abspath


class ClassProperty(Generic["Value"]):
    """A read-only attribute of the class and its instances alike, computed from the class."""

    def __init__(self, compute: Callable[[Any], Value], doc: str | None = None) -> None:
        self._compute = compute
        self.__doc__ = doc or compute.__doc__

    def __get__(self, instance: object, owner: type) -> Value:
        return self._compute(owner)


def metadata(name: str, kind: Callable[[Any], Value], doc: str) -> ClassProperty[Value]:
    """The attribute `name` of Meta, whose type is `kind`."""

    def compute(cls: type) -> Value:
        value: Value = _meta.resolve(cls)[name]
        return value

    return ClassProperty(compute, doc)


def class_path_of(cls: type) -> str:
    """`<module>.<Class>`, which identifies the class."""
    return "%s.%s" % (cls.__module__, cls.__name__)


def grouping_of(cls: type) -> str:
    """The attribute `name` of the class's module, or the module's name."""
    name = getattr(sys.modules.get(cls.__module__), "name", None)
    return name if isinstance(name, str) and name else cls.__module__


def file_path_of(cls: type) -> str:
    """The source file, where its author edits it."""
    path = getattr(sys.modules.get(cls.__module__), "__file__", None)
    return shown_path(path) if path else ""


def first_line_of(cls: type) -> str:
    """The first line of the description."""
    description: str = _meta.resolve(cls)["description"]
    return description.partition("\n")[0]


def all_of(cls: type) -> dict[str, Any]:
    """All metadata in one dict."""
    return dict(_meta.resolve(cls), grouping=grouping_of(cls))
