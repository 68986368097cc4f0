"""Files that a job writes to its result, and files beside its source that it reads."""

from __future__ import annotations

import binascii
import json
import os

from windlass import _run
from windlass._channel import MAX_FRAME, quote
from windlass._records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAX_NAME_BYTES = 255
_MAX_SENDABLE = (MAX_FRAME - 4096) // 4 * 3


def create(name: str, content: str | bytes) -> Record:
    """Send the file to the host and wait until it is kept. Errors as BaseJob.create_file says."""
    run = _run.required("create_file()")
    _check_name(name)
    if isinstance(content, str):
        content = content.encode("utf-8", "replace")
    elif not isinstance(content, (bytes, bytearray, memoryview)):
        raise TypeError(
            "create_file() takes str or bytes as content, got %s" % type(content).__name__
        )
    limit = min(run.create_file_max_size, _MAX_SENDABLE)
    size = memoryview(content).nbytes
    if size > limit:
        raise ValueError(
            "The file %s has %d bytes; at most %d are kept of one file" % (name, size, limit)
        )
    data = binascii.b2a_base64(content, newline=False).decode()
    answer = run.exchange('{"type":"file","file":', ',"name":%s,"data":"%s"}' % (quote(name), data))
    if answer["type"] == "file_refused":
        raise OSError(
            "The file %s was not kept: %s" % (name, answer.get("message", "no reason given"))
        )
    return Record("name", id=answer.get("id"), name=name, url=answer.get("url"))


def _check_name(name: str) -> None:
    if not isinstance(name, str):
        raise TypeError("create_file() takes str as name, got %s" % type(name).__name__)
    plain = name.isprintable() and not set(name) & {"/", "\\"} and name not in ("", ".", "..")
    if not plain or len(name.encode("utf-8", "replace")) > _MAX_NAME_BYTES:
        raise ValueError(
            "%.300r is no plain file name: it must be printable, without slashes, of 1 to 255 bytes"
            % name
        )


def markdown_link(record: Record) -> str:
    """A Markdown link to the kept file."""
    text = "".join(
        "\\" + character if character in "\\[]" else character for character in record.name
    )
    return "[%s](%s)" % (text, record.url)


def load_json(directory: str, name: str) -> Any:
    """The JSON of the file `name` in `directory`."""
    with open(os.path.join(directory, name), encoding="utf-8") as stream:
        return json.load(stream)


def load_yaml(directory: str, name: str) -> Any:
    """The YAML of the file `name` in `directory`, plain values only."""
    import yaml  # type: ignore[import-untyped]

    with open(os.path.join(directory, name), encoding="utf-8") as stream:
        return yaml.safe_load(stream)
