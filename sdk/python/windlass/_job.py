"""The classes that jobs derive from."""

from __future__ import annotations

import os
import sys
from sys import _getframe

from windlass import _files, _inputs, _meta, _progress, _retry, _run
from windlass._logging import get_task_logger
from windlass._properties import (
    ClassProperty,
    all_of,
    class_path_of,
    file_path_of,
    first_line_of,
    grouping_of,
    metadata,
)
from windlass._records import Record
from windlass._variables import DryRunVar, ScriptVariable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_NO_REQUEST = Record("id", id=None, args=(), kwargs={}, retries=0, delivery_info={})


def _count_or_none(value: Any) -> int | None:
    return None if value is None else int(value)


_MAKERS_OF_CLASSES = ("__init_subclass__", "__new__", "__init__")


class BaseJob:
    """What `Job` and the receivers have in common; derive from those.

    The class says what the job is: an inner class `Meta` with metadata, input variables as
    attributes, `run()`.

    >>> class Hello(Job):
    ...     who = StringVar(default="world")
    ...     def run(self, *, who): return "hello " + who
    """

    class Meta:
        """Metadata of the job; docs/python-api.md has its attributes, types and defaults."""

    #: Line of the class statement.
    _line = 0

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        frame = _getframe(1)
        # A metaclass or an __init_subclass__ of the author's may stand before the class statement.
        while frame.f_back is not None and frame.f_code.co_name in _MAKERS_OF_CLASSES:
            frame = frame.f_back
        cls._line = frame.f_lineno

    # What the author may define.

    def run(self, *args: Any, **inputs: Any) -> Any:
        """Do the work: the one method that a job must have.

        Called with every declared variable by keyword. Returns any JSON value, the run's result.
        An exception fails the run.
        """
        raise NotImplementedError("%s has no run() method" % type(self).__name__)

    def before_start(self, task_id: str, args: tuple[()], kwargs: dict[str, Any]) -> Any:
        """Called before `run`, which is skipped when this raises or calls `fail()`."""

    def on_success(
        self, retval: Any, task_id: str, args: tuple[()], kwargs: dict[str, Any]
    ) -> None:
        """Called after a `run` that succeeded, with what it returned."""

    def on_failure(
        self, exc: Any, task_id: str, args: tuple[()], kwargs: dict[str, Any], einfo: Any
    ) -> None:
        """Called after a failure, with the exception and an ExceptionInfo.

        After `fail()`, `exc` is what `run` returned, and `einfo` is None.
        """

    def after_return(
        self,
        status: str,
        retval: Any,
        task_id: str,
        args: tuple[()],
        kwargs: dict[str, Any],
        einfo: Any,
    ) -> None:
        """Called last. `status` is one of JobResultStatusChoices, the very object."""

    def on_retry(
        self, exc: Any, task_id: str, args: tuple[()], kwargs: dict[str, Any], einfo: Any
    ) -> None:
        """Called when the run asks for another attempt, with the exception that is why.

        Nothing else of the attempt is called after it.
        """

    # What the author may call.

    logger = ClassProperty(
        lambda cls: get_task_logger(cls.__module__),
        "The logger whose entries stand in the run's log.",
    )

    def fail(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """Mark the run failed without stopping it, and log `msg % args` at level failure.

        >>> if missing:
        ...     self.fail("%d devices did not answer", len(missing))
        ... return answers
        """
        if _run.current is not None:
            _run.current.failed = True
        extra = dict(kwargs.pop("extra", None) or {})
        extra.setdefault("grouping", _getframe(1).f_code.co_name)
        # Not self.logger, which a class may have replaced by one without these levels.
        get_task_logger(type(self).__module__).failure(msg, *args, extra=extra, **kwargs)

    def retry(
        self,
        exc: BaseException | None = None,
        countdown: float | None = None,
        max_retries: int | None = None,
        args: tuple[()] | None = None,
        kwargs: dict[str, Any] | None = None,
        throw: bool = True,
        **options: Any,
    ) -> Exception:
        """Ask for another attempt of the run, `countdown` seconds from now; raises Retry.

        `exc` says why. Without `countdown` it is `retry_delay`, times `retry_backoff` for each
        attempt made before, at most 3,600 seconds. `max_retries` further attempts are made, by
        default as many as the class says, or 3: after them `exc` is raised, or
        MaxRetriesExceededError. With `throw=False` the Retry is returned, to be raised. The inputs
        stay, so `args` and `kwargs` may only repeat them; other options of Celery have no effect.
        Raises TypeError or ValueError for a wrong argument, RuntimeError outside a run.

        >>> try: self.copy_everything()
        ... except OSError as problem:
        ...     raise self.retry(exc=problem, countdown=60)
        """
        retry = _retry.request(self, exc, countdown, max_retries, (args, kwargs))
        if throw:
            raise retry
        return retry

    def progress(
        self, done: int | float, total: int | float | None = None, message: str = ""
    ) -> None:
        """Show how far the run has come, with a short `message`.

        `done` counts up to `total`, in any unit; None means that the total is not known. Raises
        TypeError or ValueError for what is no number from 0 on, RuntimeError outside a run.

        >>> for n, device in enumerate(devices):
        ...     self.progress(n, len(devices), device.name)
        ...     backup(device)
        """
        _progress.report(done, total, message)

    def create_file(self, name: str, content: str | bytes) -> Record:
        """Keep a file with the result, for download, and log a link to it.

        `name` is a plain file name, `content` text (kept as UTF-8) or bytes. Returns a record with
        `id`, `name`, `url`. Raises ValueError for a bad name or more bytes than
        JOB_CREATE_FILE_MAX_SIZE (10 MiB by default), TypeError for other types, OSError when the
        server could not keep it, RuntimeError outside a run.

        >>> report = self.create_file("report.csv", "name,state\\n")
        >>> report.url
        '/api/extras/file-proxies/…/download/'
        """
        record = _files.create(name, content)
        extra = {"grouping": _getframe(1).f_code.co_name}
        link = _files.markdown_link(record)
        get_task_logger(type(self).__module__).info("Created file %s", link, extra=extra)
        return record

    def load_json(self, filename: str) -> Any:
        """The content of the JSON file `filename` beside the job's source file.

        Raises OSError, ValueError.

        >>> def run(self):
        ...     limits = self.load_json("limits.json")
        ...     return limits["disk"]
        """
        return _files.load_json(self._source_directory(), filename)

    def load_yaml(self, filename: str) -> Any:
        """The content of the YAML file `filename` beside the job's source file.

        Plain values only. Raises OSError, yaml.YAMLError.

        >>> def run(self):
        ...     limits = self.load_yaml("limits.yaml")
        ...     return limits["disk"]
        """
        return _files.load_yaml(self._source_directory(), filename)

    @classmethod
    def _source_directory(cls) -> str:
        return os.path.dirname(os.path.abspath(sys.modules[cls.__module__].__file__ or ""))

    # What is known of the run under way; None or empty outside of one.

    request = ClassProperty(
        lambda cls: _run.current.request if _run.current else _NO_REQUEST,
        "`id` (also the result's), `args`, `kwargs`, `retries` (attempts made before).",
    )
    user = ClassProperty(
        lambda cls: _run.current.user if _run.current else None,
        "The record of who started the run; None where nobody did, as in a local run.",
    )
    job_model = ClassProperty(
        lambda cls: _run.current.job_model if _run.current else None,
        "The job's record on the server; None where it has none.",
    )
    job_result = ClassProperty(
        lambda cls: _run.current.job_result if _run.current else None,
        "The record of the run, with `name`, `status`, `job_model`, `user`, `queue`, `attempt` as "
        "they stood at the start, until `refresh_from_db()`.",
    )
    celery_kwargs: ClassProperty[dict[str, Any]] = ClassProperty(
        lambda cls: {"queue": _run.current.queue} if _run.current else {},
        "How the run was queued: `queue`.",
    )

    # What the class says of itself.

    name = metadata("name", str, "Name for people: Meta.name, or the class's name.")
    description = metadata("description", str, "Meta.description, dedented.")
    approval_required = metadata(
        "approval_required", bool, "Whether a second user must approve a run."
    )
    console_log_default = metadata("console_log_default", bool, "Meta.console_log_default.")
    dryrun_default = metadata("dryrun_default", bool, "Initial value of `dryrun`.")
    field_order = metadata("field_order", list, "Names of variables that stand first in the form.")
    has_sensitive_variables = metadata(
        "has_sensitive_variables", bool, "Whether inputs are sealed and never shown."
    )
    hidden = metadata("hidden", bool, "Whether lists leave the job out.")
    is_singleton = metadata("is_singleton", bool, "Whether a second simultaneous run is refused.")
    max_retries = metadata(
        "max_retries",
        _count_or_none,
        "Further attempts; None: not declared, and `retry()` makes 3.",
    )
    read_only = metadata("read_only", bool, "Whether the job says that it changes nothing.")
    retry_backoff = metadata(
        "retry_backoff", float, "Each later delay is this many times the one before."
    )
    retry_delay = metadata("retry_delay", float, "Seconds before the second attempt.")
    soft_time_limit = metadata(
        "soft_time_limit", float, "Seconds until SoftTimeLimitExceeded; 0: the server's default."
    )
    time_limit = metadata(
        "time_limit", float, "Seconds until the run is killed; 0: the server's default."
    )
    task_queues = metadata("task_queues", list, "Names of the queues that the job may be sent to.")
    template_name = metadata("template_name", str, "Kept, without effect.")

    description_first_line = ClassProperty(first_line_of)
    grouping = ClassProperty(grouping_of)
    class_path = ClassProperty(class_path_of)
    class_path_dotted = class_path
    registered_name = class_path
    file_path = ClassProperty(file_path_of)
    properties_dict = ClassProperty(all_of)
    supports_dryrun = ClassProperty(
        lambda cls: isinstance(getattr(cls, "dryrun", None), DryRunVar),
        "Whether the class has `dryrun = DryRunVar()`.",
    )

    @classmethod
    def validate_data(cls, data: dict[str, Any], files: Any = None) -> dict[str, Any]:
        """`data`, as somebody would send it, as `run()` would get it; `files` are uploads by name.

        Raises ValidationError, whose `message_dict` has the messages of each field; RuntimeError
        outside a run, or where the server does not answer.

        >>> inputs = Rename.validate_data({"host": " web-1 "})
        >>> inputs
        {'host': 'web-1'}
        """
        return _inputs.validated(cls, data, files)

    @staticmethod
    def serialize_data(data: dict[str, Any]) -> dict[str, Any]:
        """Inputs as `run()` gets them, made of JSON: an object is its id, a file its name.

        >>> Explain.serialize_data({"failed": result, "address": netaddr.IPAddress("192.0.2.1")})
        {'failed': '0190…', 'address': '192.0.2.1'}
        """
        return _inputs.serialised(data)

    @classmethod
    def deserialize_data(cls, data: dict[str, Any]) -> dict[str, Any]:
        """The way back from `serialize_data`; a record loads when a field of it is read.

        Raises netaddr.AddrFormatError for what is no address.

        >>> Explain.deserialize_data({"failed": "0190…"})["failed"].name
        'Back up'
        """
        return _inputs.objects_of(cls, data, [])

    @classmethod
    def _get_vars(cls) -> dict[str, ScriptVariable]:
        """The input variables by name, in form order.

        Those of `field_order` come first, then the others as defined, parent classes first.
        """
        defined: dict[str, ScriptVariable] = {}
        for kind in reversed(cls.__mro__):
            if kind in _meta.BARE:
                continue
            for name, value in kind.__dict__.items():
                if isinstance(value, ScriptVariable):
                    defined.setdefault(name, value)
        for name in list(defined):
            # The most derived class decides; it may have put something else in a variable's place.
            value = next(vars(kind)[name] for kind in cls.__mro__ if name in vars(kind))
            if isinstance(value, ScriptVariable):
                defined[name] = value
            else:
                del defined[name]
        order: list[str] = _meta.resolve(cls, ["field_order"])["field_order"]
        ordered = {name: defined[name] for name in order if name in defined}
        ordered.update(defined)
        return ordered


class Job(BaseJob):
    """A job: derive from it, give it a `run()` method, and pass the class to `register_jobs`.

    >>> class Hello(Job):
    ...     who = StringVar(default="world")
    ...     def run(self, *, who): return "hello " + who
    """


class JobHookReceiver(Job):
    """A job that runs when objects of chosen types are created, changed or deleted.

    >>> class Audit(JobHookReceiver):
    ...     def receive_job_hook(self, change, action, changed_object):
    ...         self.logger.info("%s: %s", action, changed_object)
    """

    def receive_job_hook(self, change: Any, action: str, changed_object: Any) -> Any:
        """Handle one change; `action` is one of ObjectChangeActionChoices."""
        raise NotImplementedError("%s has no receive_job_hook() method" % type(self).__name__)


class JobButtonReceiver(Job):
    """A job that runs from a button on an object's page.

    >>> class Ping(JobButtonReceiver):
    ...     def receive_job_button(self, obj):
    ...         self.logger.info("Pinging %s", obj)
    """

    def receive_job_button(self, obj: Any) -> Any:
        """Handle one press of the button on the page of `obj`."""
        raise NotImplementedError("%s has no receive_job_button() method" % type(self).__name__)


#: The classes of this module: they cannot be registered, and their attributes are not metadata of a
#: job.
OURS = frozenset({BaseJob, Job, JobHookReceiver, JobButtonReceiver})
_meta.BARE.update(OURS)
