"""register_jobs: checks a job class, makes its declaration for the manifest, and makes it known."""

from __future__ import annotations

from windlass import _job, _meta, _mistakes, _models, _registry
from windlass._job import BaseJob, JobButtonReceiver, JobHookReceiver
from windlass._refused import sentence_of
from windlass._variables import DryRunVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from windlass._variables import ScriptVariable


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
    sentence = sentence_of(cls)
    if sentence is not None:
        raise TypeError(sentence)
    if issubclass(cls, _models.Job):
        raise TypeError(_models.WRONG_BASE % cls.__qualname__)
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
    _check_variables(cls, path, variables)
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
        "variables": [variable._declare(name, variables) for name, variable in variables.items()],
    }


def _check_variables(cls: type, path: str, variables: dict[str, ScriptVariable]) -> None:
    """Raise TypeError with all that is wrong with the variables of `cls`."""
    problems = [
        "%s.%s: %s" % (path, name, problem)
        for name, variable in variables.items()
        for problem in variable._problems(cls, variables)
    ]
    circle = _circle(variables)
    if circle:
        problems.append("%s: visible_if goes in a circle: %s" % (path, " → ".join(circle)))
    if problems:
        raise TypeError("\n".join(problems))


def _circle(variables: dict[str, ScriptVariable]) -> list[str]:
    """The names of variables that wait for one another to show, the first again as the last."""
    done: set[str] = set()
    for start in variables:
        way = [start]
        branches = [iter(variables[start].visible_if or ())]
        while way:
            other = next(branches[-1], None)
            if other is None:
                branches.pop()
                done.add(way.pop())
            elif other in way:
                return [*way[way.index(other) :], other]
            elif other in variables and other not in done:
                way.append(other)
                branches.append(iter(variables[other].visible_if or ()))
    return []
