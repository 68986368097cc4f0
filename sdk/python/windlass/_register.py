"""register_jobs: checks a job class, makes its declaration for the manifest, and makes it known."""

from __future__ import annotations

from windlass import _job, _meta, _mistakes, _registry
from windlass._job import BaseJob, JobButtonReceiver, JobHookReceiver
from windlass._results import to_json
from windlass._variables import DryRunVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WRONG_BASE = (
    "%s inherits from nautobot.extras.models.Job, which is a database record and not a job to run. "
    "Inherit from nautobot.apps.jobs.Job or windlass.jobs.Job instead."
)


class DatabaseJob:
    """Stands where Nautobot has the database model `nautobot.extras.models.Job`, to refuse it as a
    base class.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        raise TypeError(WRONG_BASE % cls.__qualname__)


def register_jobs(*classes: type[BaseJob]) -> None:
    """Make job classes known to Windlass; call it at import time, in the module that is imported.

    Raises TypeError or ValueError, naming class and attribute, for what is no job class or is
    declared wrongly; the module's import then fails with that message.

    >>> class Hello(Job):
    ...     def run(self): return "hello"
    >>> register_jobs(Hello)
    """
    for cls in classes:
        _registry.add(cls, _declare(cls))


def is_job(obj: object) -> bool:
    """Whether `obj` is a class that can be registered as a job.

    >>> is_job(Job)
    False
    >>> is_job(Hello)
    True
    """
    return isinstance(obj, type) and issubclass(obj, BaseJob) and obj not in _job.OURS


def get_jobs() -> dict[str, type[BaseJob]]:
    """The registered classes by class path.

    >>> for class_path, cls in get_jobs().items():
    ...     print(class_path, cls.name)
    my_group.MyNewJob My New Job
    """
    return {
        path: cls
        for path, cls in ((path, _registry.find(path)) for path in _registry.paths())
        if cls is not None
    }


def get_job(class_path: str) -> type[BaseJob] | None:
    """The registered class of that path, or None.

    >>> get_job("my_group.MyNewJob")
    <class 'my_group.MyNewJob'>
    """
    return _registry.find(class_path)


def _declare(cls: type[BaseJob]) -> dict[str, Any]:
    """The class as an object of the manifest; grouping and paths are filled in when its module is
    complete.
    """
    if not isinstance(cls, type):
        raise TypeError(
            "register_jobs() takes job classes, got an object of type %s" % type(cls).__name__
        )
    if issubclass(cls, DatabaseJob):
        raise TypeError(WRONG_BASE % cls.__qualname__)
    if not issubclass(cls, BaseJob):
        raise TypeError(
            "%s is no job class: inherit from windlass.jobs.Job (or nautobot.apps.jobs.Job)"
            % cls.__qualname__
        )
    if cls in _job.OURS:
        raise TypeError("%s itself cannot be registered; derive a class from it" % cls.__name__)
    path = "%s.%s" % (cls.__module__, cls.__name__)
    hook, button = issubclass(cls, JobHookReceiver), issubclass(cls, JobButtonReceiver)
    method = "receive_job_hook" if hook else "receive_job_button" if button else "run"
    if getattr(cls, method, None) in [vars(base).get(method) for base in _job.OURS] or not callable(
        getattr(cls, method)
    ):
        raise TypeError("%s has no %s() method" % (path, method))
    meta = _meta.resolve(cls)
    variables = cls._get_vars()
    _mistakes.look_at(cls, meta, variables)
    return {
        "class_path": path,
        "module_name": cls.__module__,
        "job_class_name": cls.__name__,
        "grouping": "",
        "file_path": "",
        "line": cls._line,
        "is_job_hook_receiver": hook,
        "is_job_button_receiver": button,
        "supports_dryrun": isinstance(variables.get("dryrun"), DryRunVar),
        "meta": meta,
        "variables": [_variable(path, name, variable) for name, variable in variables.items()],
    }


def _variable(path: str, name: str, variable: Any) -> dict[str, Any]:
    try:
        to_json(variable.default)
    except TypeError:
        raise TypeError(
            "%s: the default of %s wants a JSON value, got %s"
            % (path, name, type(variable.default).__name__)
        ) from None
    declared: dict[str, Any] = variable._declare(name)
    return declared
