"""Standard input, output and error of the base process and of all that it forks."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

_NAMES = ("stdin", "stdout", "stderr")
_kept: list[TextIO] = []


def prepare() -> None:
    """Nothing to read, and UTF-8 lines to write, whatever this process was started with."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    for descriptor in (1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.dup2(null, descriptor)
    if null > 2:
        os.close(null)
    for descriptor, name in enumerate(_NAMES):
        setattr(sys, name, _open(descriptor))
        setattr(sys, "__%s__" % name, getattr(sys, name))
        _kept.append(getattr(sys, name))


def _open(descriptor: int) -> TextIO:
    if descriptor == 0:
        return open(0, encoding="utf-8", errors="replace", closefd=False)
    return open(
        descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )


def flush() -> None:
    """Write out what waits in the streams, those that foreign code put in their place too."""
    _flush(sys.stdout)
    _flush(sys.stderr)
    for stream in _kept[1:]:
        if stream is not sys.stdout and stream is not sys.stderr:
            _flush(stream)


def _flush(stream: TextIO) -> None:
    try:
        stream.flush()
    except Exception:
        pass  # closed or broken by foreign code: what it printed is lost, nothing else


def restore() -> None:
    """Put the streams back that foreign code may have replaced or closed."""
    for descriptor, name in enumerate(_NAMES):
        if _kept[descriptor].closed:
            try:
                _kept[descriptor] = _open(descriptor)
            except OSError:
                _kept[descriptor] = open(os.devnull, "r+", encoding="utf-8")  # noqa: SIM115
        setattr(sys, name, _kept[descriptor])
