"""One run from its frame to its result: before_start → run → on_success or on_failure →
after_return.

Called in the main thread of a child. Never raises: whatever job code does ends up in the result.
"""

from __future__ import annotations

import os
import sys

from windlass import _interrupt, _logging, _registry, _run, _streams
from windlass._channel import encode
from windlass._choices import JobResultStatusChoices
from windlass._results import to_json
from windlass._tracebacks import info_of, message_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from windlass._job import BaseJob

_SUCCESS = JobResultStatusChoices.STATUS_SUCCESS
_FAILURE = JobResultStatusChoices.STATUS_FAILURE


class _Outcome:
    """How a run stands: `value` is what it returned, or the exception that ended it."""

    def __init__(
        self, value: Any, json: str, reason: str | None, traceback: str | None = None
    ) -> None:
        self.value = value
        self.json = json
        self.reason = reason
        self.traceback = traceback
        self.einfo: Any = None

    @property
    def status(self) -> str:
        return _SUCCESS if self.reason is None else _FAILURE


def perform(run: _run.Run) -> str:
    """Do the run and return the text of its `result` frame, but for the closing brace."""
    cls = _registry.find(run.class_path)
    if cls is None:
        problem = LookupError("This version of the source has no job class %s." % run.class_path)
        outcome = _Outcome(problem, _exception_json(problem), "unknown_class")
    else:
        outcome = _guarded(run, cls)
    return '{"type":"result","status":"%s","result":%s,"traceback":%s,"reason":%s' % (
        outcome.status,
        outcome.json,
        encode(outcome.traceback),
        encode(outcome.reason),
    )


def _guarded(run: _run.Run, cls: type[BaseJob]) -> _Outcome:
    _run.current = run
    _logging.attach(run.channel.send_text)
    try:
        try:
            _interrupt.arm()
            outcome = _call_in_order(run, cls)
        finally:
            _interrupt.disarm()
    except BaseException as exception:
        # Raised by on_failure, by after_return for the second time, or by a cancel in our own last
        # steps.
        outcome = _raised(exception)
    _end_if_copy(run, outcome.value)
    _logging.attach(None)
    _run.current = None
    run.outcome = outcome.value
    return outcome


def _call_in_order(run: _run.Run, cls: type[BaseJob]) -> _Outcome:
    kwargs = dict(run.inputs)
    try:
        job = cls()
    except BaseException as exception:
        return _raised(exception)
    outcome = _body(run, job, kwargs)
    try:
        if outcome.reason is None:
            job.on_success(outcome.value, run.task_id, (), kwargs)
    except BaseException as exception:
        return _second_ending(run, job, kwargs, outcome, exception)
    if outcome.reason is not None:
        _on_failure(run, job, kwargs, outcome)
    elif run.failed:
        outcome.reason = "fail"
    try:
        job.after_return(outcome.status, outcome.value, run.task_id, (), kwargs, outcome.einfo)
    except BaseException as exception:
        return _second_ending(run, job, kwargs, outcome, exception)
    if run.failed and outcome.reason is None:
        outcome.reason = "fail"
    return outcome


def _body(run: _run.Run, job: BaseJob, kwargs: Any) -> _Outcome:
    try:
        value = job.before_start(run.task_id, (), kwargs)
        if not run.failed:
            value = job.run(**run.inputs)
    except BaseException as exception:
        _end_if_copy(run, exception)
        return _raised(exception)
    _end_if_copy(run, value)
    try:
        return _Outcome(value, to_json(value), "fail" if run.failed else None)
    except (TypeError, RecursionError) as problem:
        return _Outcome(problem, _exception_json(problem), "return_value")
    except BaseException as exception:
        return _raised(exception)


def _end_if_copy(run: _run.Run, value: Any) -> None:
    """End this process if it is one that the job forked, come back from the job's code: it has no
    say in the run.
    """
    if os.getpid() == run.process:
        return
    code = 0
    if isinstance(value, SystemExit):
        code = value.code if isinstance(value.code, int) else 0 if value.code is None else 1
    elif isinstance(value, BaseException):
        sys.stderr.write(text_of(value))
        code = 1
    _streams.flush()
    os._exit(code & 0xFF)


def _second_ending(
    run: _run.Run, job: BaseJob, kwargs: Any, before: _Outcome, exception: BaseException
) -> _Outcome:
    """on_success or after_return raised: the run has failed, and the job is told so."""
    _remember(exception, before)
    outcome = _raised(exception)
    _on_failure(run, job, kwargs, outcome)
    job.after_return(outcome.status, outcome.value, run.task_id, (), kwargs, outcome.einfo)
    return outcome


def _on_failure(run: _run.Run, job: BaseJob, kwargs: Any, outcome: _Outcome) -> None:
    try:
        job.on_failure(outcome.value, run.task_id, (), kwargs, outcome.einfo)
    except BaseException as exception:
        _remember(exception, outcome)
        raise


def _remember(exception: BaseException, before: _Outcome) -> None:
    """Let the traceback of `exception` show the failure before it as well."""
    earlier = before.value
    if (
        isinstance(earlier, BaseException)
        and exception.__context__ is None
        and earlier is not exception
    ):
        exception.__context__ = earlier


def _raised(exception: BaseException) -> _Outcome:
    outcome = _Outcome(
        exception, _exception_json(exception), _reason_of(exception), text_of(exception)
    )
    outcome.einfo = info_of(exception)
    return outcome


def _exception_json(exception: BaseException) -> str:
    kind = type(exception)
    return encode(
        {
            "exc_type": kind.__name__,
            "exc_message": message_of(exception),
            "exc_module": kind.__module__,
        }
    )


def _reason_of(exception: BaseException) -> str:
    """`exception`, or the cancel that `exception` comes from."""
    if not _interrupt.raised:
        return "exception"
    seen: set[int] = set()
    waiting: list[BaseException | None] = [exception]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        for interrupt, reason in _interrupt.raised:
            if one is interrupt:
                return "soft_time_limit" if reason == "soft_time_limit" else "cancelled"
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
    return "exception"
