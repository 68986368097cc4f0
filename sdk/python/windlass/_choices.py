"""The words for states and levels, under the names that job files use."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator


class _ChoiceSetType(type):
    """Lets the classes themselves stand for their choices, as in `ChoiceVar(LogLevelChoices)`."""

    CHOICES: tuple[tuple[str, str], ...]

    def __iter__(cls) -> Iterator[tuple[str, str]]:
        return iter(cls.CHOICES)

    def __call__(cls) -> tuple[tuple[str, str], ...]:
        return cls.CHOICES


class _ChoiceSet(metaclass=_ChoiceSetType):
    CHOICES: tuple[tuple[str, str], ...] = ()

    @classmethod
    def values(cls) -> list[str]:
        """The values, in order."""
        return [value for value, _ in cls.CHOICES]

    @classmethod
    def as_dict(cls) -> dict[str, str]:
        """Value to label."""
        return dict(cls.CHOICES)


class JobResultStatusChoices(_ChoiceSet):
    """States of a run. `after_return` gets these very objects, so they may be compared with `is`.

    >>> def after_return(self, status, retval, task_id, args, kwargs, einfo):
    ...     if status is JobResultStatusChoices.STATUS_FAILURE:
    ...         self.logger.warning("Nothing was changed.")
    """

    STATUS_FAILURE = "FAILURE"
    STATUS_PENDING = "PENDING"
    STATUS_RETRY = "RETRY"
    STATUS_REVOKED = "REVOKED"
    STATUS_STARTED = "STARTED"
    STATUS_SUCCESS = "SUCCESS"

    CHOICES = tuple(
        (value, value)
        for value in (
            STATUS_FAILURE,
            STATUS_PENDING,
            STATUS_RETRY,
            STATUS_REVOKED,
            STATUS_STARTED,
            STATUS_SUCCESS,
        )
    )

    EXCEPTION_STATES = frozenset({STATUS_FAILURE, STATUS_RETRY, STATUS_REVOKED})
    PROPAGATE_STATES = frozenset({STATUS_FAILURE, STATUS_REVOKED})
    READY_STATES = frozenset({STATUS_FAILURE, STATUS_REVOKED, STATUS_SUCCESS})
    UNREADY_STATES = frozenset({STATUS_PENDING, STATUS_RETRY, STATUS_STARTED})


class LogLevelChoices(_ChoiceSet):
    """Levels of a log entry.

    >>> LogLevelChoices.LOG_WARNING
    'warning'
    """

    LOG_DEBUG = "debug"
    LOG_INFO = "info"
    LOG_SUCCESS = "success"
    LOG_WARNING = "warning"
    LOG_FAILURE = "failure"
    LOG_ERROR = "error"
    LOG_CRITICAL = "critical"

    CHOICES = (
        (LOG_DEBUG, "Debug"),
        (LOG_INFO, "Info"),
        (LOG_SUCCESS, "Success"),
        (LOG_WARNING, "Warning"),
        (LOG_FAILURE, "Failure"),
        (LOG_ERROR, "Error"),
        (LOG_CRITICAL, "Critical"),
    )


class JobExecutionType(_ChoiceSet):
    """When a schedule starts its runs."""

    TYPE_IMMEDIATELY = "immediately"
    TYPE_FUTURE = "future"
    TYPE_HOURLY = "hourly"
    TYPE_DAILY = "daily"
    TYPE_WEEKLY = "weekly"
    TYPE_CUSTOM = "custom"

    CHOICES = (
        (TYPE_IMMEDIATELY, "Once immediately"),
        (TYPE_FUTURE, "Once in the future"),
        (TYPE_HOURLY, "Recurring hourly"),
        (TYPE_DAILY, "Recurring daily"),
        (TYPE_WEEKLY, "Recurring weekly"),
        (TYPE_CUSTOM, "Recurring custom"),
    )

    SCHEDULE_CHOICES = (TYPE_FUTURE, TYPE_HOURLY, TYPE_DAILY, TYPE_WEEKLY, TYPE_CUSTOM)
    RECURRING_CHOICES = (TYPE_HOURLY, TYPE_DAILY, TYPE_WEEKLY, TYPE_CUSTOM)


class JobQueueTypeChoices(_ChoiceSet):
    """Kinds of job queue."""

    TYPE_CELERY = "celery"
    TYPE_KUBERNETES = "kubernetes"

    CHOICES = ((TYPE_CELERY, "Celery"), (TYPE_KUBERNETES, "Kubernetes"))


class ObjectChangeActionChoices(_ChoiceSet):
    """What happened to an object that a hook reports."""

    ACTION_CREATE = "create"
    ACTION_UPDATE = "update"
    ACTION_DELETE = "delete"

    CHOICES = ((ACTION_CREATE, "Created"), (ACTION_UPDATE, "Updated"), (ACTION_DELETE, "Deleted"))
