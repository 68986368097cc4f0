"""Inputs of a job: from what the host sends to what authors expect, back again, and the host's
rules for them.
"""

from __future__ import annotations

from windlass import _ask, _run
from windlass._exceptions import ValidationError, with_peer
from windlass._objects import Objects
from windlass._records import id_of
from windlass._uploads import UploadedFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping, NoReturn

    from windlass._job import BaseJob


def objects_of(
    cls: type[BaseJob], inputs: dict[str, Any], files: list[UploadedFile]
) -> dict[str, Any]:
    """The inputs of a `run` frame as `run()` gets them. Raises OSError for a file that is not
    there, ImportError where netaddr is missing.
    """
    if not inputs:
        return {}
    variables = cls._get_vars()
    return {
        name: variables[name]._arrive(value, files) if name in variables else value
        for name, value in inputs.items()
    }


def serialised(inputs: dict[str, Any]) -> dict[str, Any]:
    """The same as JSON: an object is its id, a file its name."""
    if not inputs:
        return {}
    return {name: _serialised(value) for name, value in inputs.items()}


def _serialised(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, float, list, dict)):
        return _run.copied(value)
    if isinstance(value, Objects):
        return value.ids()
    if id_of(value) is not None:
        return id_of(value)
    if hasattr(value, "read"):
        return str(getattr(value, "name", ""))
    return str(value) if type(value).__module__.partition(".")[0] == "netaddr" else value


def validated(cls: type[BaseJob], data: Any, files: Any) -> dict[str, Any]:
    """`data` as `run()` would get it, by the host's rules. Raises as BaseJob.validate_data says."""
    if not isinstance(data, dict):
        _refuse({"__all__": ["Job data needs to be a dict, got %s." % type(data).__name__]})
    uploads: Mapping[str, Any] = files or {}
    sizes = {
        name: {"name": str(getattr(file, "name", name)), "size": _size_of(file)}
        for name, file in uploads.items()
    }
    try:
        inputs = _ask.ask("validate", class_path=cls.class_path, data=serialised(data), files=sizes)
    except _ask.Refused as refused:
        if not refused.fields:
            raise
        fields = {
            name: [str(one) for one in (said if isinstance(said, list) else [said])]
            for name, said in refused.fields.items()
        }
        _refuse(fields)
    given = {name: file for name, file in uploads.items() if name in inputs}
    return objects_of(cls, {**inputs, **given}, [])


def _size_of(file: Any) -> int:
    """Bytes. The place in the file stays."""
    if hasattr(file, "size"):
        return int(file.size)
    place = file.tell()
    size = int(file.seek(0, 2))
    file.seek(place)
    return size


def _refuse(message_dict: dict[str, list[str]]) -> NoReturn:
    kind = with_peer(ValidationError, "django.core.exceptions", "ValidationError")
    raise kind(message_dict)
