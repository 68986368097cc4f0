"""Read-only views of what the server keeps, under the names that job files know from Nautobot.

A record asks the host for its fields when the first of them is read. For any thread of the job's
own process, while the job runs; ObjectDoesNotExist where there is no such record (any more).
"""

from __future__ import annotations

from windlass import _exceptions
from windlass._choices import JobResultStatusChoices
from windlass._objects import Objects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any, NoReturn

WRONG_BASE = (
    "%s inherits from nautobot.extras.models.Job, which is a database record and not a job to run. "
    "Inherit from nautobot.apps.jobs.Job or windlass.jobs.Job instead."
)

_STATUSES = {status: status for status in JobResultStatusChoices.values()}


class _Manager:
    """`Model.objects`: a fresh collection each time."""

    def __get__(self, instance: object, owner: type[Model]) -> Objects:
        return Objects(owner)


class Model:
    """A record as the REST interface shows it: its fields are attributes, besides `id` and `pk`.

    Times are datetimes, references are records that load when they are read.
    """

    __slots__ = ("_given", "_loaded", "id")

    _object_type = ""
    _path = ""  # below /api/
    _times: frozenset[str] = frozenset()
    #: Fields that refer to another record, each with the names by which a filter may know it.
    _references: dict[str, tuple[str, ...]] = {}

    id: str
    _loaded: dict[str, Any] | None
    #: What is known without a question; only of the run's own records.
    _given: dict[str, Any]

    objects = _Manager()

    class DoesNotExist(_exceptions.ObjectDoesNotExist):
        """No record has what was asked for."""

    class MultipleObjectsReturned(_exceptions.MultipleObjectsReturned):
        """More than one record has what was asked for."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for kind in (Model.DoesNotExist, Model.MultipleObjectsReturned):
            name = kind.__name__
            body = {"__module__": __name__, "__qualname__": "%s.%s" % (cls.__name__, name)}
            setattr(cls, name, type(name, (kind,), body))

    def __init__(self, *args: Any, **fields: Any) -> None:
        _refuse_change(type(self), "%s(…)" % type(self).__name__)

    @classmethod
    def _at(cls, id: str, fields: dict[str, Any] | None = None) -> Model:
        """The record of that id, with its fields as the host sent them, or to load when needed."""
        record = cls.__new__(cls)
        object.__setattr__(record, "id", id)
        object.__setattr__(record, "_loaded", fields)
        object.__setattr__(record, "_given", {})
        return record

    @classmethod
    def _of_run(cls, id: str, **given: Any) -> Model:
        """The record of that id; the `run` frame says the given fields, the host the rest."""
        record = cls._at(id)
        object.__setattr__(record, "_given", given)
        return record

    @classmethod
    def _raise(cls, kind: type[Exception], message: str) -> NoReturn:
        name = next(
            base.__name__ for base in kind.__mro__ if base.__module__ == _exceptions.__name__
        )
        raise _exceptions.with_peer(kind, "django.core.exceptions", name)(message)

    @property
    def pk(self) -> str:
        """The id, by its other name."""
        return self.id

    def get_absolute_url(self) -> str:
        """The record's path on the server."""
        return "/api/%s/%s/" % (self._path, self.id)

    def refresh_from_db(self) -> None:
        """Forget the fields, so that the next one read is as it stands then."""
        object.__setattr__(self, "_loaded", None)
        object.__setattr__(self, "_given", {})

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Not from a job: raises TypeError."""
        _refuse_change(type(self), "save()")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Not from a job: raises TypeError."""
        _refuse_change(type(self), "delete()")

    validated_save = save

    def _fields(self) -> dict[str, Any]:
        if self._loaded is None:
            found = self.objects.with_ids([self.id]).raw()
            if not found:
                problem = "There is no %s with the id %s." % (type(self).__name__, self.id)
                self._raise(self.DoesNotExist, problem)
            object.__setattr__(self, "_loaded", found[0])
        return self._loaded or {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._given:
            return self._given[name]
        fields = self._fields()
        if name in fields:
            return self._converted(name, fields[name])
        reference = name[:-3] if name.endswith("_id") else ""
        if reference in self._references and reference in fields:
            return self._plain(reference)
        raise AttributeError(
            "a %s has no %s, only %s" % (type(self).__name__, name, ", ".join(fields))
        )

    def _converted(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            if value.get("object_type") in TYPES and "id" in value:
                whole = value if "display" in value else None
                return TYPES[value["object_type"]]._at(value["id"], whole)
            if name == "status" and "value" in value:
                value = value["value"]
        if name == "status":
            return _STATUSES.get(value, value)  # the very objects of JobResultStatusChoices
        return _time(value) if name in self._times and isinstance(value, str) else value

    def _plain(self, name: str) -> Any:
        """The attribute `name` as `values()` has it: a reference is an id."""
        value = getattr(self, name)
        return value.id if isinstance(value, Model) else value

    def _as_json(self) -> dict[str, Any]:
        if self._given:
            return {"id": self.id, **self._given}
        return {
            "id": self.id,
            "object_type": self._object_type,
            "url": self.get_absolute_url(),
        }

    def __setattr__(self, name: str, value: Any) -> None:
        _refuse_change(type(self), "setting %s" % name, AttributeError)

    def __str__(self) -> str:
        if self._given:
            return str(self._given.get("name") or self._given.get("username") or self.id)
        return str(self._fields().get("display") or self.id)

    def __repr__(self) -> str:
        return "<%s %s>" % (type(self).__name__, self.id)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __reduce__(self) -> Any:
        return _again, (self._object_type, self.id, self._given)


def _again(object_type: str, id: str, given: dict[str, Any]) -> Model:
    return TYPES[object_type]._of_run(id, **given)


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
    _times = frozenset({"last_synced", "created", "last_updated"})


class User(Model):
    """The record of an account.

    >>> User.objects.filter(is_active=True).count()
    3
    """

    __slots__ = ()
    _object_type = "users.user"
    _path = "users/users"
    _times = frozenset({"date_joined", "last_login"})


#: The object types that exist here.
TYPES: dict[str, type[Model]] = {
    model._object_type: model
    for model in (Job, JobResult, JobQueue, FileProxy, GitRepository, User)
}


def object_type_of(model: object) -> str | None:
    """The object type that `model`, a class of this file or a text, names; None for all else."""
    if isinstance(model, type) and issubclass(model, Model):
        return model._object_type or None
    name = model.lower() if isinstance(model, str) else ""
    return name if name in TYPES else None


def _refuse_change(model: type[Model], what: str, kind: type[Exception] = TypeError) -> NoReturn:
    raise kind(
        "%s: records are read-only from a job; change %s through the REST interface, at /api/%s/"
        % (what, model._object_type or "them", model._path)
    )


def _time(text: str) -> datetime:
    """RFC 3339 in UTC, as the host writes it."""
    from datetime import datetime, timezone

    whole, _, fraction = text.rstrip("Z").partition(".")
    time = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return time.replace(microsecond=int((fraction + "000000")[:6]))
