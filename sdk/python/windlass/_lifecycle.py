"""One run from its frame to its result: before_start → run → on_success or on_failure →
after_return; or on_retry alone, where the job asks for another attempt.

Called in the main thread of a child. Never raises: whatever job code does ends up in the result.
"""

from __future__ import annotations

import os
import sys

from windlass import _inputs, _interrupt, _logging, _registry, _run, _streams
from windlass._channel import encode
from windlass._choices import JobResultStatusChoices
from windlass._exceptions import Retry
from windlass._results import to_json
from windlass._tracebacks import info_of, message_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from windlass._job import BaseJob

_SUCCESS = JobResultStatusChoices.STATUS_SUCCESS
_FAILURE = JobResultStatusChoices.STATUS_FAILURE
_RETRY = JobResultStatusChoices.STATUS_RETRY


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
        self.countdown: float | None = None

    @property
    def status(self) -> str:
        if self.countdown is not None:
            return _RETRY
        return _SUCCESS if self.reason is None else _FAILURE

    def frame(self) -> str:
        """The text of its `result` frame, but for the closing brace."""
        text = '{"type":"result","status":"%s","result":%s,"traceback":%s,"reason":%s' % (
            self.status,
            self.json,
            "null" if self.traceback is None else encode(self.traceback),
            "null" if self.reason is None else encode(self.reason),
        )
        return text if self.countdown is None else '%s,"countdown":%r' % (text, self.countdown)


def perform(run: _run.Run) -> str:
    """Do the run and return the text of its `result` frame, but for the closing brace."""
    cls = _registry.find(run.class_path)
    outcome = None if cls is None else _guarded(run, cls)
    run.close_files()
    return unknown_class(run.class_path) if outcome is None else outcome.frame()


def unknown_class(class_path: str) -> str:
    """As `perform`, where there is no class of that path."""
    problem = LookupError("This version of the source has no job class %s." % class_path)
    return _Outcome(problem, _exception_json(problem), "unknown_class").frame()


def succeeded(value: Any) -> str:
    """As `perform`, of job code that was called outside of a run and returned."""
    return _Outcome(value, to_json(value), None).frame()


def failed(exception: BaseException) -> str:
    """As `perform`, of job code that was called outside of a run and raised."""
    return _raised(exception).frame()


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
    end_if_copy(run.process, outcome.value)
    _logging.attach(None)
    _run.current = None
    run.outcome = outcome.value
    return outcome


def _call_in_order(run: _run.Run, cls: type[BaseJob]) -> _Outcome:
    try:
        run.inputs = _inputs.objects_of(cls, run.inputs, run.files)
        run.kwargs = _inputs.serialised(run.inputs)
        job = cls()
    except BaseException as exception:
        return _raised(exception)
    outcome = _body(run, job)
    try:
        if outcome.countdown is not None:
            why = outcome.value.exc or outcome.value
            job.on_retry(why, run.task_id, (), _kwargs_of(run), outcome.einfo)
            return outcome
        if outcome.reason is None:
            job.on_success(outcome.value, run.task_id, (), _kwargs_of(run))
    except BaseException as exception:
        return _second_ending(run, job, outcome, exception)
    if outcome.reason is not None:
        _on_failure(run, job, outcome)
    elif run.failed:
        outcome.reason = "fail"
    try:
        job.after_return(
            outcome.status, outcome.value, run.task_id, (), _kwargs_of(run), outcome.einfo
        )
    except BaseException as exception:
        return _second_ending(run, job, outcome, exception)
    if run.failed and outcome.reason is None:
        outcome.reason = "fail"
    return outcome


def _kwargs_of(run: _run.Run) -> Any:
    """The serialised inputs; each method has its own, so that none sees what another changed."""
    return _run.copied(run.kwargs)


def _body(run: _run.Run, job: BaseJob) -> _Outcome:
    try:
        value = job.before_start(run.task_id, (), _kwargs_of(run))
        if not run.failed:
            value = job.run(**run.inputs)
    except Retry as retry:
        end_if_copy(run.process, retry)
        return _retried(retry)
    except BaseException as exception:
        end_if_copy(run.process, exception)
        return _raised(exception)
    end_if_copy(run.process, value)
    try:
        return _Outcome(value, to_json(value), "fail" if run.failed else None)
    except (TypeError, RecursionError) as problem:
        return _Outcome(problem, _exception_json(problem), "return_value")
    except BaseException as exception:
        return _raised(exception)


def end_if_copy(process: int, value: Any) -> None:
    """End this process if it is another than `process`: one that job code forked there and that has
    come back from it has no say in the run.
    """
    if os.getpid() == process:
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
    run: _run.Run, job: BaseJob, before: _Outcome, exception: BaseException
) -> _Outcome:
    """on_success, after_return or on_retry raised: the run has failed, and the job is told so."""
    _remember(exception, before)
    outcome = _raised(exception)
    _on_failure(run, job, outcome)
    job.after_return(outcome.status, outcome.value, run.task_id, (), _kwargs_of(run), outcome.einfo)
    return outcome


def _on_failure(run: _run.Run, job: BaseJob, outcome: _Outcome) -> None:
    try:
        job.on_failure(outcome.value, run.task_id, (), _kwargs_of(run), outcome.einfo)
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


def _retried(retry: Retry) -> _Outcome:
    outcome = _raised(retry)
    if outcome.reason == "cancelled":
        return outcome  # who cancelled a run wants no other attempt
    why = retry if retry.exc is None else retry.exc
    outcome.json, outcome.reason = _exception_json(why), "retry"
    outcome.countdown = retry.countdown
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
