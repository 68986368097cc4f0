"""Metadata of a job class: the attributes of `Meta`, their defaults and their types."""

from __future__ import annotations

import math
import textwrap

from windlass._variables import ScriptVariable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

DEFAULTS: dict[str, Any] = {
    "name": "",  # the class's name
    "description": "",
    "approval_required": False,
    "console_log_default": False,
    "dryrun_default": False,
    "field_order": [],
    "has_sensitive_variables": True,
    "hidden": False,
    "is_singleton": False,
    "max_retries": None,
    "read_only": False,
    "retry_backoff": 1.0,
    "retry_delay": 10.0,
    "soft_time_limit": 0.0,
    "time_limit": 0.0,
    "task_queues": [],
    "template_name": "",
}


#: Classes in whose bodies no metadata and no variable of a job stands: those that jobs derive from.
BARE: set[type] = {object}


def resolve(cls: type, names: Iterable[str] = DEFAULTS) -> dict[str, Any]:
    """The attributes of these names for `cls`: set beside Meta, else in Meta, else the default.

    Raises TypeError or ValueError with a sentence for each wrong attribute that names class,
    attribute, wanted and got type.
    """
    meta = getattr(cls, "Meta", None)
    path = "%s.%s" % (cls.__module__, cls.__qualname__)
    beside = _set_beside(cls)
    resolved: dict[str, Any] = {}
    problems: list[Exception] = []
    for name in names:
        default = DEFAULTS[name]
        if name in beside:
            value, where = beside[name], "%s.%s" % (path, name)
        else:
            value = getattr(meta, name, _ABSENT)
            if value is _ABSENT:
                resolved[name] = list(default) if isinstance(default, list) else default
                continue
            where = "%s: Meta.%s" % (path, name)
        try:
            resolved[name] = _CHECKS.get(name, _checked)(where, value, default)
        except (TypeError, ValueError) as problem:
            problems.append(problem)
    if problems:
        raise type(problems[0])("\n".join(map(str, problems)))
    if "name" in resolved:
        resolved["name"] = resolved["name"] or cls.__name__
    if "description" in resolved:
        resolved["description"] = textwrap.dedent(resolved["description"]).strip()
    return resolved


def unknown_attributes(cls: type) -> list[str]:
    """Names in the Meta of `cls` that mean nothing here, most likely misspelt."""
    meta = getattr(cls, "Meta", None)
    return (
        [name for name in dir(meta) if not name.startswith("_") and name not in DEFAULTS]
        if meta
        else []
    )


_ABSENT: Any = object()


def _set_beside(cls: type) -> dict[str, Any]:
    found = {}
    for kind in reversed(cls.__mro__):
        if kind in BARE:
            continue
        body = kind.__dict__
        for name in DEFAULTS.keys() & body.keys():
            value = body[name]
            # A method, a property (ours are too) or an input variable of that name is no metadata.
            if not isinstance(value, ScriptVariable) and not hasattr(type(value), "__get__"):
                found[name] = value
    return found


def _checked(where: str, value: Any, default: Any) -> Any:
    if isinstance(default, bool):
        _require(isinstance(value, bool), where, "bool", value)
        return value
    if isinstance(default, float):
        _require(
            isinstance(value, (int, float)) and not isinstance(value, bool),
            where,
            "int or float",
            value,
        )
        if not (math.isfinite(value) and value >= 0):
            raise ValueError("%s wants seconds from 0 on, got %r" % (where, value))
        return float(value)
    if isinstance(default, list):
        _require(isinstance(value, (list, tuple)), where, "list of str", value)
        for item in value:
            _require(isinstance(item, str), where, "list of str", item, " in the list")
        return [str(item) for item in value]
    _require(isinstance(value, str), where, "str", value)
    return str(value)


def _checked_count(where: str, value: Any, default: Any) -> int | None:
    if value is None:
        return None
    _require(isinstance(value, int) and not isinstance(value, bool), where, "int or None", value)
    if value < 0:
        raise ValueError("%s wants a number from 0 on, got %r" % (where, value))
    return int(value)


def _checked_factor(where: str, value: Any, default: Any) -> float:
    if isinstance(value, bool):
        return 2.0 if value else 1.0
    _require(isinstance(value, (int, float)), where, "bool, int or float", value)
    if not (math.isfinite(value) and value >= 1):
        raise ValueError("%s wants a factor from 1 on, got %r" % (where, value))
    return float(value)


def _checked_queues(where: str, value: Any, default: Any) -> list[str]:
    names: list[str] = _checked(where, value, default)
    for name in names:
        if not name.strip():
            raise ValueError("%s wants names of queues, got a blank one (%r)" % (where, name))
        if len(name) > _LONGEST_NAME:
            raise ValueError(
                "%s wants names of at most %d characters, got one of %d (%.40r…)"
                % (where, _LONGEST_NAME, len(name), name)
            )
    return names


_LONGEST_NAME = 255
_CHECKS: dict[str, Callable[[str, Any, Any], Any]] = {
    "max_retries": _checked_count,
    "retry_backoff": _checked_factor,
    "task_queues": _checked_queues,
}


def _require(fits: bool, where: str, wanted: str, got: Any, place: str = "") -> None:
    if not fits:
        raise TypeError(
            "%s wants %s, got %s%s (%.80r)" % (where, wanted, type(got).__name__, place, got)
        )
