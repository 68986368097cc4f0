"""Tracebacks as authors want to read them: from their first frame on, not from ours."""

from __future__ import annotations

import os
import traceback
from types import TracebackType

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
_INTERRUPT = _OURS + "_interrupt.py"
_IMPORT_MACHINERY = ("<frozen importlib", "<frozen zipimport")


def _is_ours(filename: str) -> bool:
    return filename.startswith(_OURS) or filename.startswith(_IMPORT_MACHINERY)


def text_of(exception: BaseException) -> str:
    """The traceback of `exception` and of what led to it, without the frames of this package above
    the author's.

    Never raises but for an interrupt of the run.
    """
    try:
        told = traceback.TracebackException(type(exception), exception, exception.__traceback__)
        _trim(told)
        return "".join(told.format())
    except Exception as problem:
        return "%s\n(its traceback cannot be shown: %s)\n" % (
            describe(exception),
            type(problem).__name__,
        )


def _trim(told: traceback.TracebackException) -> None:
    waiting: list[traceback.TracebackException | None] = [told]
    seen = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        while one.stack and _is_ours(one.stack[0].filename):
            del one.stack[0]
        is_syntax_error = hasattr(one, "msg")
        while is_syntax_error and one.stack and _is_ours(one.stack[-1].filename):
            del one.stack[-1]  # it is in the file that it names, not in what reads that
        while one.stack and one.stack[-1].filename == _INTERRUPT:
            del one.stack[
                -1
            ]  # a cancel strikes where the job is, not in the handler that raises it
        waiting.append(one.__cause__)
        waiting.append(one.__context__)
        waiting.extend(getattr(one, "exceptions", None) or ())


def authors_part(trace: TracebackType | None) -> TracebackType | None:
    """`trace` from the first frame that is not of this package; all of it when there is none."""
    inner = trace
    while inner is not None and _is_ours(inner.tb_frame.f_code.co_filename):
        inner = inner.tb_next
    return inner or trace


def message_of(exception: BaseException) -> str:
    """`str(exception)`, or a stand-in when that fails."""
    try:
        return str(exception)
    except Exception:
        return "<unprintable %s>" % type(exception).__name__


def describe(exception: BaseException) -> str:
    """`Type: message`."""
    message = message_of(exception)
    return "%s: %s" % (type(exception).__name__, message) if message else type(exception).__name__


class ExceptionInfo:
    """What `on_failure` and `after_return` get about an exception: `str()` of it is the traceback.

    Attributes: `type`, `exception`, `traceback` (text), `internal` (always False).

    >>> def on_failure(self, exc, task_id, args, kwargs, einfo):
    ...     if einfo is not None:
    ...         self.logger.debug("%s", einfo.traceback)
    """

    internal = False

    def __init__(self, exception: BaseException) -> None:
        self.type: type[BaseException] = type(exception)
        self.exception = exception
        self.traceback = text_of(exception)

    def __str__(self) -> str:
        return self.traceback

    def __repr__(self) -> str:
        return "<ExceptionInfo: %r>" % (self.exception,)


def info_of(exception: BaseException) -> object:
    """An ExceptionInfo of billiard's when the interpreter has that package, else ours."""
    try:
        # The name may also be one of _nautobot's, and then is ours.
        from billiard.einfo import ExceptionInfo as BilliardInfo  # type: ignore[import-not-found]

        if BilliardInfo is ExceptionInfo:
            return ExceptionInfo(exception)
        return BilliardInfo((type(exception), exception, authors_part(exception.__traceback__)))
    except Exception:
        return ExceptionInfo(exception)
