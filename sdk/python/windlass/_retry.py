"""Another attempt of the run under way."""

from __future__ import annotations

import math

from windlass import _run
from windlass._exceptions import MaxRetriesExceededError, Retry, with_peer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from windlass._job import BaseJob

_MAX_DELAY_SECONDS = 3600.0
_MAX_RETRIES = 3  # where neither class nor call says


def request(
    job: BaseJob, exc: BaseException | None, countdown: Any, max_retries: int | None, inputs: Any
) -> Exception:
    """The exception that asks for another attempt. Raises as BaseJob.retry says."""
    run = _run.required("retry()")
    if exc is not None and not isinstance(exc, BaseException):
        raise TypeError("retry(exc=…) wants an exception, got %s" % type(exc).__name__)
    args, kwargs = inputs
    if (args is not None and tuple(args)) or (kwargs is not None and kwargs != run.kwargs):
        raise ValueError("retry() cannot change the inputs: every attempt of a run has the same")
    if max_retries is not None and (type(max_retries) is not int or max_retries < 0):
        raise TypeError("retry(max_retries=…) wants a number from 0 on, got %r" % (max_retries,))
    seconds = _default_delay(job, run.attempt - 1) if countdown is None else _checked(countdown)
    limit = job.max_retries if max_retries is None else max_retries
    if run.attempt > (_MAX_RETRIES if limit is None else limit):
        if exc is not None:
            raise exc
        exceeded = with_peer(
            MaxRetriesExceededError, "celery.exceptions", "MaxRetriesExceededError"
        )
        raise exceeded("%s has had all of its attempts, %d" % (run.class_path, run.attempt))
    retry = with_peer(Retry, "celery.exceptions", "Retry")(exc, seconds)
    retry.__cause__ = exc  # for the traceback, also where `exc` is not being handled
    return retry


def _default_delay(job: BaseJob, retries: int) -> float:
    try:
        return min(job.retry_delay * job.retry_backoff**retries, _MAX_DELAY_SECONDS)
    except OverflowError:
        return _MAX_DELAY_SECONDS


def _checked(countdown: Any) -> float:
    if isinstance(countdown, bool) or not isinstance(countdown, (int, float)):
        raise TypeError(
            "retry(countdown=…) wants seconds, int or float, got %s" % type(countdown).__name__
        )
    if not math.isfinite(countdown) or countdown < 0:
        raise ValueError("retry(countdown=…) wants seconds from 0 on, got %r" % countdown)
    return float(countdown)
