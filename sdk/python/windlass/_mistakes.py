"""What the author of a job class should know though nothing is wrong enough to refuse it: objects
of the manifest's `warnings`.

Those that cost nothing to find are told for every version; `_check` finds the others, and the exact
lines, when it is asked to.
"""

from __future__ import annotations

from windlass import _job, _meta, _properties
from windlass._job import BaseJob, JobButtonReceiver, JobHookReceiver
from windlass._signatures import Signature, signature_of
from windlass._variables import DryRunVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

#: What has been found in this process.
warnings: list[dict[str, Any]] = []

#: Arguments with which the special methods are called.
_SPECIAL_METHODS = {
    "before_start": ("task_id", "args", "kwargs"),
    "on_success": ("retval", "task_id", "args", "kwargs"),
    "on_retry": ("exc", "task_id", "args", "kwargs", "einfo"),
    "on_failure": ("exc", "task_id", "args", "kwargs", "einfo"),
    "after_return": ("status", "retval", "task_id", "args", "kwargs", "einfo"),
}


def _place_of_class(cls: type[BaseJob], binding: str) -> tuple[str, int]:
    return _properties.file_path_of(cls), cls._line


#: File and line where `binding` of a class stands: a name in its body, or `Meta.` and a name in the
#: body of that. Set by `_check` to a function that reads the source.
place_of: Callable[[type[BaseJob], str], tuple[str, int]] = _place_of_class


def add(cls: type[BaseJob], binding: str, code: str, message: str) -> None:
    """Warn of `binding` of the class."""
    path, line = place_of(cls, binding)
    add_at(path, line, code, message, _properties.class_path_of(cls))


def add_at(path: str, line: int, code: str, message: str, class_path: str = "") -> None:
    """Warn of a line of a file, once."""
    warning = {
        "class_path": class_path,
        "code": code,
        "file_path": path,
        "line": line,
        "message": message,
    }
    if warning not in warnings:
        warnings.append(warning)


def look_at(cls: type[BaseJob], meta: dict[str, Any], variables: dict[str, Any]) -> None:
    """Warn of what can be seen of a class when it is registered."""
    _look_at_meta(cls, meta, variables)
    for name, variable in variables.items():
        if isinstance(variable, DryRunVar) and name != "dryrun":
            message = "a DryRunVar has an effect only under the name dryrun, not %s" % name
            add(cls, name, "variable.dryrun", message)
    if not issubclass(cls, (JobHookReceiver, JobButtonReceiver)):
        run = _signature(cls, "run")
        if run is not None:
            _look_at_run(cls, run, variables)
    for name, arguments in _SPECIAL_METHODS.items():
        method = _signature(cls, name)
        if method is not None and not method.takes(len(arguments)):
            message = "%s() is called with the arguments %s, which it does not take" % (
                name,
                ", ".join(arguments),
            )
            add(cls, name, "method.signature", message)


def _look_at_meta(cls: type[BaseJob], meta: dict[str, Any], variables: dict[str, Any]) -> None:
    for name in _meta.unknown_attributes(cls):
        message = "Meta.%s is not known and has no effect%s" % (name, _hint(name, _meta.DEFAULTS))
        add(cls, "Meta." + name, "meta.unknown", message)
    for name in meta["field_order"]:
        if name not in variables:
            message = "Meta.field_order names %s, which is no variable of the class%s" % (
                name,
                _hint(name, variables),
            )
            add(cls, "Meta.field_order", "meta.field_order", message)
    if meta["template_name"]:
        add(cls, "Meta.template_name", "meta.template_name", "Meta.template_name has no effect")


def _look_at_run(cls: type[BaseJob], run: Signature, variables: dict[str, Any]) -> None:
    if not run.runs:
        message = "run() is a generator or a coroutine, whose body a call does not run"
        add(cls, "run", "run.deferred", message)
    for name in run.positional_only:
        message = "run() takes %s by position only, and gets its inputs by name" % name
        add(cls, "run", "run.positional_only", message)
    unknown = [name for name in run.required if name not in variables]
    for name in variables:
        if name not in run.by_name and name not in run.positional_only and not run.takes_any_name:
            message = "run() has no argument for the variable %s%s" % (name, _hint(name, unknown))
            add(cls, name, "run.missing_argument", message)
    for name in unknown:
        message = "run() wants %s, which is no variable of the class%s" % (
            name,
            _hint(name, [other for other in variables if other not in run.by_name]),
        )
        add(cls, "run", "run.unknown_argument", message)


def _signature(cls: type[BaseJob], name: str) -> Signature | None:
    """The signature of a method that is the author's."""
    for kind in cls.__mro__:
        if name in vars(kind):
            return None if kind in _job.OURS else signature_of(vars(kind)[name])
    return None


def _hint(name: str, known: Iterable[str]) -> str:
    import difflib  # only for those who need it

    nearest = difflib.get_close_matches(name, list(known), 1)
    return "; did you mean %s?" % nearest[0] if nearest else ""
