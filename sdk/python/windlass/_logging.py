"""From the author's log call to a frame on the run socket, with as little as possible in between.

A job's own loggers write their frame themselves. Everything else in the process, and records of
theirs that some other handler wants as well, goes the long way of the standard library to the one
handler on the root logger. A log call never fails a run: what cannot be formatted is logged as well
as it can be, what cannot be sent is dropped.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping
from sys import _getframe
from time import time_ns

from windlass._channel import quote
from windlass._exceptions import SoftTimeLimitExceeded
from windlass._tracebacks import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

DEBUG, INFO, SUCCESS, WARNING, FAILURE, ERROR, CRITICAL = 10, 20, 25, 30, 35, 40, 50
_NAMES = (
    (CRITICAL, "critical"),
    (ERROR, "error"),
    (FAILURE, "failure"),
    (WARNING, "warning"),
    (SUCCESS, "success"),
)
_MAX_MESSAGE = 8 * 1024 * 1024
_RECORD_ATTRIBUTES = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

_root = logging.getLogger()
_LOGGING_FILES = frozenset({logging.info.__code__.co_filename, _getframe().f_code.co_filename})
_loggers: dict[str, JobLogger] = {}

#: Sends a frame's text to the host; None while there is no run.
_sink: Callable[[str], None] | None = None


def attach(sink: Callable[[str], None] | None) -> None:
    """Send log frames to `sink` from now on; None ends that."""
    global _sink
    _sink = sink
    _put_back()


def _put_back() -> None:
    """Have our handler on the root logger, from where a job may have thrown it."""
    if _handler not in _root.handlers:
        _root.addHandler(_handler)


def install() -> None:
    """Take over the root logger of this process: level INFO, and our handler."""
    logging.addLevelName(SUCCESS, "SUCCESS")
    logging.addLevelName(FAILURE, "FAILURE")
    _root.setLevel(INFO)
    _root.addHandler(_handler)


def let_through(module: str) -> None:
    """Have all levels of `logging.getLogger(__name__)` in a job's module and those below it, as of
    its task logger; the module may set another level.
    """
    is_new = module not in _root.manager.loggerDict
    logger = logging.getLogger(module)
    if is_new:
        logger.level = (
            DEBUG  # setLevel() goes through all loggers, and nobody has asked this one yet
        )
    elif logger.level == logging.NOTSET:
        logger.setLevel(DEBUG)


def uninstall() -> None:
    """Give the root logger back, but for its level."""
    _root.removeHandler(_handler)


def get_task_logger(name: str) -> JobLogger:
    """The logger of a job module, usually `get_task_logger(__name__)`; one object for each `name`.

    Its entries stand in the log of the run under way, from level DEBUG on.

    >>> logger = get_task_logger(__name__)
    >>> def helper():
    ...     logger.success("Found it", extra={"grouping": "search"})
    """
    logger = _loggers.get(name)
    if logger is None:
        logger = _loggers[name] = JobLogger(name)
    return logger


def _send(level: str, message: str, grouping: str, obj: Any, microseconds: int) -> None:
    tail = ""
    if len(message) > _MAX_MESSAGE:
        message = "%s… (%d more characters left out)" % (
            message[:_MAX_MESSAGE],
            len(message) - _MAX_MESSAGE,
        )
    if obj is not None:
        tail = ',"object":' + quote(_text(obj)) + ',"url":' + quote(_url(obj))
    text = '{"type":"log","level":"%s","message":%s,"grouping":%s,"time":%d%s}' % (
        level,
        quote(message),
        quote(grouping),
        microseconds,
        tail,
    )
    if _sink is None:
        _print(level, message, grouping)
        return
    try:
        _sink(text)
    except OSError:
        pass  # the job closed the socket, or the host is gone: either shows in other ways


def _print(level: str, message: str, grouping: str) -> None:
    """Show an entry on the console alone."""
    try:
        print("%s: %s: %s" % (level, grouping, message), file=sys.stderr)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        pass  # the job has closed or replaced the stream


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    try:
        return str(value)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        return "<unprintable %s>" % type(value).__name__


def _url(obj: Any) -> str:
    """What `get_absolute_url()` gives, else the text `absolute_url` or `url`."""
    for name in ("get_absolute_url", "absolute_url", "url"):
        try:
            url = getattr(obj, name, None)
            url = url() if name == "get_absolute_url" and callable(url) else url
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            continue  # most have none, and one that fails is no reason to lose the entry
        if isinstance(url, str):
            return str.__str__(url)
    return ""


def _format(message: Any, args: Any) -> str:
    """`message % args` by the rules of the standard library, or both side by side."""
    try:
        if len(args) == 1 and isinstance(args[0], Mapping) and args[0]:
            args = args[0]
        text: str = str(message) % args
        return text
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        return " ".join([_text(message), *map(_shown, args)])


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        return "<unprintable %s>" % type(value).__name__


def _name_of(level: int) -> str:
    for number, name in _NAMES:
        if level >= number:
            return name
    return "info" if level >= INFO else "debug"


class _RunHandler(logging.Handler):
    """Sends records of the standard library's loggers to the run's log."""

    def handle(self, record: logging.LogRecord) -> bool:
        # Without the lock of the base class: each record is one message on a socket that threads
        # may share.
        wanted = self.filter(record)
        if wanted:
            self.emit(wanted if isinstance(wanted, logging.LogRecord) else record)
        return bool(wanted)

    def emit(self, record: logging.LogRecord) -> None:
        message = _format(record.msg, record.args) if record.args else _text(record.msg)
        if record.exc_info and isinstance(record.exc_info[1], BaseException):
            message = "%s\n\n%s" % (message, text_of(record.exc_info[1]).rstrip("\n"))
        if record.stack_info:
            message = "%s\n\n%s" % (message, record.stack_info)
        grouping = _text(getattr(record, "grouping", None) or record.funcName or record.name)
        if getattr(record, "skip_db_logging", False):
            _print(_name_of(record.levelno), message, grouping)
            return
        _send(
            _name_of(record.levelno),
            message,
            grouping,
            getattr(record, "object", None),
            int(record.created * 1e6),
        )


_handler = _RunHandler()
_ONLY_OURS: list[logging.Handler] = [_handler]


def _method(level: int, name: str, doc: str) -> Callable[..., None]:
    head = '{"type":"log","level":"%s","message":' % name

    def log(self: JobLogger, msg: Any, *args: Any, **kwargs: Any) -> None:
        if level < self.level or self.disabled or self.manager.disable >= level:
            return
        if kwargs or _sink is None or self.handlers or self.filters or _root.handlers != _ONLY_OURS:
            if _sink is not None:
                _put_back()
            self._log_the_long_way(level, name, msg, args, kwargs)
            return
        if args:
            msg = _format(msg, args)
        elif type(msg) is not str:
            msg = _text(msg)
        if len(msg) > _MAX_MESSAGE:
            self._log_the_long_way(level, name, msg, (), kwargs)
            return
        grouping = quote(_getframe(1).f_code.co_name)
        text = (
            head
            + quote(msg)
            + ',"grouping":'
            + grouping
            + ',"time":'
            + str(time_ns() // 1000)
            + "}"
        )
        try:
            _sink(text)
        except OSError:
            pass  # as in _send

    log.__name__ = log.__qualname__ = name
    log.__doc__ = doc
    return log


class JobLogger(logging.Logger):
    """The logger of a job: the standard library's, with the levels `success` and `failure` besides.

    `extra={"grouping": text, "object": anything, "skip_db_logging": bool}` gives the entry's
    grouping (by default the calling function's name), the object it is about, or keeps it out of
    the run's log, so that it stands on the console alone. The object's text is stored, and its
    address where it has one: `get_absolute_url()`, else `absolute_url` or `url`.

    >>> self.logger.info("Checked %s", device, extra={"object": device})
    >>> self.logger.success("All done", extra={"grouping": "summary"})
    >>> self.logger.failure("Two devices did not answer")
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, DEBUG)
        self.parent = _root

    debug = _method(DEBUG, "debug", "Log `msg % args` at level debug.")
    info = _method(INFO, "info", "Log `msg % args` at level info.")
    success = _method(
        SUCCESS, "success", "Log `msg % args` at level success, between info and warning."
    )
    warning = _method(WARNING, "warning", "Log `msg % args` at level warning.")
    failure = _method(
        FAILURE, "failure", "Log `msg % args` at level failure, between warning and error."
    )
    error = _method(ERROR, "error", "Log `msg % args` at level error.")
    critical = _method(CRITICAL, "critical", "Log `msg % args` at level critical.")
    warn = warning
    fatal = critical

    def isEnabledFor(self, level: int) -> bool:
        """Whether a call at `level` would be logged."""
        # The base class caches the answer where only loggers known to the manager are told of
        # changes.
        return level >= self.level and not self.disabled and self.manager.disable < level

    def _log_the_long_way(
        self, level: int, name: str, msg: Any, args: Any, kwargs: dict[str, Any]
    ) -> None:
        extra = kwargs.get("extra")
        extra = dict(extra) if isinstance(extra, Mapping) else {}
        if kwargs.keys() <= {"extra"} and not self._is_wanted_elsewhere():
            grouping = _text(extra.get("grouping") or _getframe(2).f_code.co_name)
            message = _format(msg, args) if args else _text(msg)
            if extra.get("skip_db_logging"):
                _print(name, message, grouping)
            else:
                _send(name, message, grouping, extra.get("object"), time_ns() // 1000)
            return
        # The base class raises KeyError for these, and a log call must not fail a run.
        kwargs["extra"] = {
            key: value for key, value in extra.items() if key not in _RECORD_ATTRIBUTES
        }
        self._log(level, msg, args, **kwargs)

    def findCaller(self, stack_info: bool = False, stacklevel: int = 1) -> Any:
        # The base class counts frames of its own file only, differently in each Python version.
        frame = _getframe(1)
        while frame.f_code.co_filename in _LOGGING_FILES and frame.f_back is not None:
            frame = frame.f_back
        for _ in range(stacklevel - 1):
            frame = frame.f_back or frame
        stack = None
        if stack_info:
            stack = "Stack (most recent call last):\n" + "".join(
                traceback.format_stack(frame)
            ).rstrip("\n")
        return frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name, stack

    def _is_wanted_elsewhere(self) -> bool:
        return bool(self.handlers or self.filters or _root.handlers != _ONLY_OURS)

    def __reduce__(self) -> Any:
        return get_task_logger, (self.name,)
