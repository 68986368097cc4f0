"""Progress of the run under way."""

from __future__ import annotations

import math
from time import monotonic

from windlass import _run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable, Iterator, TypeVar, Union

    Item = TypeVar("Item")
    Number = Union[int, float]

_TRACK_EVERY_SECONDS = 0.1


def report(done: Number, total: Number | None, message: str) -> None:
    """Send a progress frame. Errors as BaseJob.progress says."""
    run = _run.required("progress()")
    _check("done", done)
    if total is not None:
        _check("total", total)
    _send(run, done, total, str(message))


def _check(name: str, value: Number) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError("progress(%s=…) wants int or float, got %s" % (name, type(value).__name__))
    if not math.isfinite(value) or value < 0:
        raise ValueError("progress(%s=…) wants a number from 0 on, got %r" % (name, value))


def _send(run: _run.Run, done: Number, total: Number | None, message: str) -> None:
    try:
        run.channel.send({"type": "progress", "done": done, "total": total, "message": message})
    except OSError:
        pass  # as with log entries: not seen, but no reason to fail


def track(iterable: Iterable[Item], total: int | None = None, message: str = "") -> Iterator[Item]:
    """Go through `iterable` and show how far the run has come, ten times a second at most.

    `total` is the number of items, by default `len(iterable)` where it has one. Outside a run it
    only iterates.

    >>> for device in track(devices, message="Backing up"):
    ...     backup(device)
    """
    if total is None and hasattr(iterable, "__len__"):
        total = len(iterable)  # type: ignore[arg-type]
    run = _run.current
    if run is None:
        yield from iterable
        return
    done = 0
    _send(run, done, total, message)
    sent_at = monotonic()
    for item in iterable:
        yield item
        done += 1
        now = monotonic()
        if now - sent_at >= _TRACK_EVERY_SECONDS:
            _send(run, done, total, message)
            sent_at = now
    _send(run, done, done if total is None else total, message)
