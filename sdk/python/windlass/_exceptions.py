"""The exceptions that job authors meet."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator


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
    """What `self.retry()` raises: the run asks for another attempt.

    `exc`: why, an exception or None; `countdown`: seconds until the attempt. It is an `Exception`,
    so a job that catches those has to let it pass.

    >>> try: self.copy_everything()
    ... except OSError as problem:
    ...     raise self.retry(exc=problem, countdown=60)
    """

    __module__ = "windlass.jobs"  # where authors find it, and so what tracebacks say

    def __init__(self, exc: BaseException | None, countdown: float) -> None:
        Exception.__init__(self, exc, countdown)
        self.exc = exc
        self.countdown = self.when = countdown

    def __str__(self) -> str:
        why = "" if self.exc is None else ": %s" % (self.exc or type(self.exc).__name__)
        return "Retry in %g s%s" % (self.countdown, why)


class MaxRetriesExceededError(Exception):
    """Raised by `self.retry()` without `exc` when the run has had all its attempts.

    >>> try: self.retry(countdown=5)
    ... except MaxRetriesExceededError:
    ...     self.fail("The device never answered")
    """

    __module__ = "windlass.jobs"  # where authors find it, and so what tracebacks say


class ValidationError(Exception):
    """Raised by `validate_data` for inputs that the server would refuse.

    `message_dict`: field to its messages, a list of text; `messages`: all of them.

    >>> try: Rename.validate_data({"host": ""})
    ... except ValidationError as problem: problem.message_dict
    {'host': ['This field is required.']}
    """

    __module__ = "windlass.jobs"  # where authors find it, and so what tracebacks say

    def __init__(self, message_dict: dict[str, list[str]]) -> None:
        Exception.__init__(self, message_dict)
        self._message_dict = message_dict

    @property
    def message_dict(self) -> dict[str, list[str]]:
        """Field to its messages."""
        return self._message_dict

    @property
    def messages(self) -> list[str]:
        """The messages of all fields."""
        return [message for messages in self._message_dict.values() for message in messages]

    def __iter__(self) -> Iterator[tuple[str, list[str]]]:
        return iter(self._message_dict.items())

    def __str__(self) -> str:
        return repr(self._message_dict)


class ObjectDoesNotExist(Exception):
    """No record has what was asked for. Each model has one of its own: `JobResult.DoesNotExist`."""


class MultipleObjectsReturned(Exception):
    """More than one record has what was asked for."""


def with_peer(kind: type[Exception], module: str, name: str) -> type[Exception]:
    """`kind`, to be caught also as the class of that name in `module`, where that is loaded: job
    files written for other products catch theirs.
    """
    peer = getattr(sys.modules.get(module), name, None)
    if not isinstance(peer, type) or issubclass(kind, peer):
        return kind
    return type(kind.__name__, (kind, peer), {"__module__": kind.__module__})


_CANCEL_TEXTS = {
    "cancelled": "The run was cancelled.",
    "drain": "The worker is stopping and the run did not finish in time.",
}


def interrupt_for(reason: str) -> BaseException:
    """The exception to raise in the job for the `reason` of a cancel frame."""
    if reason != "soft_time_limit":
        return RunCancelled(_CANCEL_TEXTS.get(reason, _CANCEL_TEXTS["cancelled"]))
    kind = with_peer(SoftTimeLimitExceeded, "billiard.exceptions", "SoftTimeLimitExceeded")
    return kind("The soft time limit has passed.")
