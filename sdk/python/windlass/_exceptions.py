"""The exceptions that job authors meet."""

from __future__ import annotations

import sys


class RunJobTaskFailed(Exception):
    """Raise it to end a run as failed, with a message and a traceback.

    >>> def run(self, *, device):
    ...     if not reachable(device):
    ...         raise RunJobTaskFailed("%s does not answer" % device)
    """

    __module__ = "windlass.jobs"  # where authors find it, and so what tracebacks say


class SoftTimeLimitExceeded(Exception):
    """Raised in the job's main thread, once, when its soft time limit has passed.

    A job may catch it to tidy up; the hard limit ends it a little later all the same.

    >>> try: self.copy_everything()
    ... except SoftTimeLimitExceeded:
    ...     self.fail("Out of time: copied %d files" % self.copied)
    """

    __module__ = "windlass.jobs"  # where authors find it, and so what tracebacks say


class RunCancelled(BaseException):
    """Raised in the job's main thread, once, when somebody cancels the run or its worker is
    stopping.

    Not an `Exception`, so that `except Exception` does not swallow a cancel. The run is ended by
    force if it goes on for too long.

    >>> try: self.copy_everything()
    ... except RunCancelled:
    ...     self.remove_lock(); raise
    """

    __module__ = "windlass.jobs"  # where authors find it, and so what tracebacks say


class Retry(Exception):
    """What `self.retry()` raises: the run ends, and another attempt follows."""

    __module__ = "windlass.jobs"  # where authors find it, and so what tracebacks say


class MaxRetriesExceededError(Exception):
    """What `self.retry()` raises after the last attempt that the job may have."""

    __module__ = "windlass.jobs"  # where authors find it, and so what tracebacks say


_CANCEL_TEXTS = {
    "cancelled": "The run was cancelled.",
    "drain": "The worker is stopping and the run did not finish in time.",
}


def interrupt_for(reason: str) -> BaseException:
    """The exception to raise in the job for the `reason` of a cancel frame."""
    if reason != "soft_time_limit":
        return RunCancelled(_CANCEL_TEXTS.get(reason, _CANCEL_TEXTS["cancelled"]))
    kind: type[SoftTimeLimitExceeded] = SoftTimeLimitExceeded
    peer = getattr(sys.modules.get("billiard.exceptions"), "SoftTimeLimitExceeded", None)
    if isinstance(peer, type) and peer is not kind:
        # Job files written for Celery catch its class; theirs and ours both have to match.
        kind = type("SoftTimeLimitExceeded", (kind, peer), {"__module__": kind.__module__})
    return kind("The soft time limit has passed.")
