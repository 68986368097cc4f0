"""The names of `celery` and `billiard` that job files use, where those packages are absent."""

from __future__ import annotations

from windlass import _exceptions, jobs
from windlass._refused import refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, NoReturn

    from windlass._finder import Modules

_INSTEAD = "there is no task queue behind it; call the function, or make it a job of its own"


class TimeLimitExceeded(Exception):
    """Never raised: a run that passes its hard limit is killed, and its result says so."""


class Ignore(Exception):
    """Fails a run like any other exception."""


class Reject(Exception):
    """Fails a run like any other exception."""


class Task:
    """What `shared_task` makes of a function: it can be called, and not be sent anywhere."""

    def __init__(
        self, run: Callable[..., Any], bind: bool = False, name: str | None = None
    ) -> None:
        self.run = run
        self.name = name or "%s.%s" % (run.__module__, run.__name__)
        self.__doc__ = run.__doc__
        self._bind = bind

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.run(self, *args, **kwargs) if self._bind else self.run(*args, **kwargs)

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError("%s cannot be sent by Windlass: %s" % (self.name, _INSTEAD))

    delay = apply_async = apply = retry = s = si = signature = _refuse


def shared_task(*args: Any, **options: Any) -> Any:
    """Make a Task of a function; with or without options, of which `bind` and `name` count."""

    def make(run: Callable[..., Any]) -> Task:
        return Task(run, bool(options.get("bind")), options.get("name"))

    return make(args[0]) if args else make


class App:
    """Stands for the Celery application: it has `task`, a decorator, and nothing else."""

    task = staticmethod(shared_task)

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError("The Celery application has no %s in Windlass: %s" % (name, _INSTEAD))


_status = jobs.JobResultStatusChoices
_STATES: dict[str, Any] = {
    "PENDING": _status.STATUS_PENDING,
    "RECEIVED": "RECEIVED",
    "STARTED": _status.STATUS_STARTED,
    "SUCCESS": _status.STATUS_SUCCESS,
    "FAILURE": _status.STATUS_FAILURE,
    "REVOKED": _status.STATUS_REVOKED,
    "REJECTED": "REJECTED",
    "RETRY": _status.STATUS_RETRY,
    "IGNORED": "IGNORED",
    "READY_STATES": _status.READY_STATES,
    "UNREADY_STATES": _status.UNREADY_STATES | {"RECEIVED", "REJECTED"},
    "EXCEPTION_STATES": _status.EXCEPTION_STATES,
    "PROPAGATE_STATES": _status.PROPAGATE_STATES,
    "ALL_STATES": frozenset(_status.values()) | {"RECEIVED"},
}

CELERY: Modules = {
    "celery": {"Task": Task, "shared_task": shared_task},
    "celery.exceptions": {
        "Ignore": Ignore,
        "MaxRetriesExceededError": _exceptions.MaxRetriesExceededError,
        "Reject": Reject,
        "Retry": _exceptions.Retry,
        "SoftTimeLimitExceeded": jobs.SoftTimeLimitExceeded,
        "TimeLimitExceeded": TimeLimitExceeded,
    },
    "celery.result": {
        "AsyncResult": refused("celery.result.AsyncResult", "read results over the REST interface")
    },
    "celery.states": _STATES,
    "celery.utils": {},
    "celery.utils.log": {"get_task_logger": jobs.get_task_logger},
}

BILLIARD: Modules = {
    "billiard": {},
    "billiard.einfo": {"ExceptionInfo": jobs.ExceptionInfo},
    "billiard.exceptions": {
        "SoftTimeLimitExceeded": jobs.SoftTimeLimitExceeded,
        "TimeLimitExceeded": TimeLimitExceeded,
    },
}
