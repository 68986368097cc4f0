"""Read-only views of what the server keeps, under the names that job files know from Nautobot.

A record asks the host for its fields when the first of them is read. For any thread of the job's
own process, while the job runs; ObjectDoesNotExist where there is no such record (any more).
"""

from __future__ import annotations

from windlass._model import TYPES, Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WRONG_BASE = (
    "%s inherits from nautobot.extras.models.Job, which is a database record and not a job to run. "
    "Inherit from nautobot.apps.jobs.Job or windlass.jobs.Job instead."
)


class Job(Model):
    """The record of a job. Not the class to derive jobs from: that raises TypeError.

    >>> for job in Job.objects.filter(enabled=True, grouping="Backups"):
    ...     self.logger.info("%s runs %s", job.name, job.class_path)
    """

    __slots__ = ()
    _object_type = "extras.job"
    _path = "extras/jobs"
    _times = frozenset({"created", "last_updated"})

    def __init_subclass__(cls, **kwargs: Any) -> None:
        raise TypeError(WRONG_BASE % cls.__qualname__)


class JobResult(Model):
    """The record of a run.

    >>> failed = JobResult.objects.filter(status="FAILURE", job_model=self.job_model)
    >>> for result in failed.order_by("-date_created")[:5]:
    ...     self.logger.info("%s: %s", result.date_created, result.reason)
    """

    __slots__ = ()
    _object_type = "extras.jobresult"
    _path = "extras/job-results"
    _times = frozenset(
        {"date_created", "date_started", "date_done", "cancel_requested_at", "retry_at"}
    )
    _references = {
        "job_model": ("name", "class_path"),
        "user": ("username",),
        "git_repository": ("slug", "name"),
    }


class JobQueue(Model):
    """The record of a queue.

    >>> [queue.name for queue in JobQueue.objects.all()]
    ['default']
    """

    __slots__ = ()
    _object_type = "extras.jobqueue"
    _path = "extras/job-queues"
    _times = frozenset({"created", "last_updated"})


class FileProxy(Model):
    """The record of a file that a run created: `name`, `size`, `job_result`, `uploaded_at`.

    >>> FileProxy.objects.filter(job_result=result).values_list("name", flat=True)
    """

    __slots__ = ()
    _object_type = "extras.fileproxy"
    _path = "extras/file-proxies"
    _times = frozenset({"uploaded_at"})
    _references = {"job_result": ()}


class GitRepository(Model):
    """The record of a Git repository that brings jobs; its secrets are not among its fields.

    >>> GitRepository.objects.get(slug="netjobs").branch
    'main'
    """

    __slots__ = ()
    _object_type = "extras.gitrepository"
    _path = "extras/git-repositories"
    _times = frozenset({"created", "last_synced", "last_updated"})


class User(Model):
    """The record of an account.

    >>> User.objects.filter(is_active=True).count()
    3
    """

    __slots__ = ()
    _object_type = "users.user"
    _path = "users/users"
    _times = frozenset({"date_joined", "last_login"})


#: Those that job files know from nautobot.extras.models.
EXTRAS: tuple[type[Model], ...] = (FileProxy, GitRepository, Job, JobQueue, JobResult)


def object_type_of(model: object) -> str | None:
    """The object type that `model`, a class of this file or a text, names; None for all else."""
    if isinstance(model, type) and issubclass(model, Model):
        return model._object_type or None
    name = model.lower() if isinstance(model, str) else ""
    return name if name in TYPES else None
