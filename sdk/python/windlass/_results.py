"""Makes JSON of what `run()` returned."""

from __future__ import annotations

import math

from windlass._channel import MAX_FRAME, encode
from windlass._tracebacks import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, NoReturn

MAX_DEPTH = 50  # the host's JSON parser takes 64
_MAX_TEXT = MAX_FRAME - 1_000_000  # the rest is for the traceback and the frame around the value


# Looked up by name, so that a process that has no use for these modules does not load them.
_TEXT_OF: dict[str, Callable[[Any], str]] = {
    "datetime.datetime": lambda value: value.isoformat(),
    "datetime.date": lambda value: value.isoformat(),
    "datetime.time": lambda value: value.isoformat(),
    "datetime.timedelta": lambda value: str(value.total_seconds()),
    "decimal.Decimal": str,
    "uuid.UUID": str,
    "builtins.bytes": lambda value: value.decode("utf-8", "replace"),
    "builtins.bytearray": lambda value: value.decode("utf-8", "replace"),
    "builtins.BaseException": describe,
}


def to_json(value: Any) -> str:
    """`value` as JSON text. Raises TypeError, which says where in it the fault is."""
    if value is None:
        return "null"
    text = encode(to_plain(value))
    if len(text) > _MAX_TEXT:
        raise TypeError(
            "run() returned %d MiB of JSON; at most 63 MiB can be kept" % (len(text) >> 20)
        )
    return text


def to_plain(value: Any) -> Any:
    """`value` made of what JSON has. Raises TypeError as `to_json` does."""
    return _convert(value, "$", set())


def _convert(value: Any, path: str, above: set[int]) -> Any:
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return str(value) if type(value) is str else str.__str__(value)
    if isinstance(value, int):
        if not -(1 << 63) <= value < 1 << 64:
            raise TypeError("%s is an integer of more than 64 bits; return it as text" % path)
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError(
                "%s is %r, which JSON does not have; return None or text" % (path, float(value))
            )
        return float(value)
    if isinstance(value, (dict, list, tuple, set, frozenset)):
        return _convert_container(value, path, above)
    as_json = getattr(type(value), "_as_json", None)  # of our records and collections
    if as_json is not None:
        return _convert(as_json(value), path, above)
    text = _text_form(value)
    if text is None:
        _refuse(path, value)
    return text


def _text_form(value: Any) -> str | None:
    for kind in type(value).__mro__:
        text_of = _TEXT_OF.get(kind.__module__ + "." + kind.__qualname__)
        if text_of is not None:
            return text_of(value)
    return None


def _refuse(path: str, value: Any) -> NoReturn:
    kind = type(value)
    name = kind.__qualname__
    if kind.__module__ != "builtins":
        name = "%s.%s" % (kind.__module__, name)
    raise TypeError("run() returned what JSON cannot hold: %s is of type %s" % (path, name))


def _convert_container(value: Any, path: str, above: set[int]) -> Any:
    if id(value) in above:
        raise TypeError("run() returned what JSON cannot hold: %s contains itself" % path)
    if len(above) >= MAX_DEPTH:
        raise TypeError("run() returned a value of more than %d levels, at %s" % (MAX_DEPTH, path))
    above.add(id(value))
    try:
        if isinstance(value, dict):
            return {
                _key(key, path): _convert(item, _below(path, key), above)
                for key, item in value.items()
            }
        return [_convert(item, "%s[%d]" % (path, index), above) for index, item in enumerate(value)]
    finally:
        above.discard(id(value))


def _key(key: Any, path: str) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    if key is None or isinstance(key, (bool, int, float)):
        return encode(_convert(key, "a key of " + path, set()))
    text = _text_form(key)
    if text is None:
        _refuse("a key of " + path, key)
    return text


def _below(path: str, key: Any) -> str:
    text = str(key)
    return "%s.%s" % (path, text) if text.isidentifier() else "%s[%r]" % (path, text)
