"""The `nautobot` import names, for job files written for that product.

A finder, active only where job modules are imported, makes these modules out of ours, whatever the
interpreter has installed. Any other `nautobot.…` fails with a sentence that says what to use
instead.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

from windlass import _models, jobs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence

_JOB_NAMES: dict[str, Any] = {name: getattr(jobs, name) for name in jobs.__all__}
_CHOICES = {
    name: value
    for name, value in _JOB_NAMES.items()
    if name.endswith("Choices") or name == "JobExecutionType"
}

#: What each module holds; those with a module below them are packages.
_MODULES: dict[str, dict[str, Any]] = {
    "nautobot": {},
    "nautobot.apps": {},
    "nautobot.apps.jobs": _JOB_NAMES,
    "nautobot.core": {},
    "nautobot.core.celery": {"register_jobs": jobs.register_jobs},
    "nautobot.extras": {},
    "nautobot.extras.choices": _CHOICES,
    "nautobot.extras.jobs": _JOB_NAMES,
    "nautobot.extras.models": {
        model.__name__: model
        for model in (_models.FileProxy, _models.Job, _models.JobQueue, _models.JobResult)
    },
    "nautobot.users": {},
    "nautobot.users.models": {"User": _models.User},
}


class _NautobotFinder:
    """Finder and loader of `nautobot` and everything below it."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        if name in _MODULES:
            is_package = any(other.startswith(name + ".") for other in _MODULES)
            return ModuleSpec(name, _NautobotFinder, origin="windlass", is_package=is_package)  # type: ignore[arg-type]
        if name.startswith("nautobot."):
            raise ModuleNotFoundError(_sorry(name), name=name)
        return None

    @staticmethod
    def create_module(spec: ModuleSpec) -> None:
        return None

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        name = module.__name__
        contents = _MODULES[name]
        module.__dict__.update(contents)
        module.__dict__["__all__"] = sorted(contents)

        def missing(wanted: str) -> Any:
            if wanted.startswith("_") or "%s.%s" % (name, wanted) in _MODULES:
                raise AttributeError("module %r has no attribute %r" % (name, wanted))
            raise ImportError(_sorry("%s.%s" % (name, wanted)), name=name)

        module.__dict__["__getattr__"] = missing


def _sorry(name: str) -> str:
    return (
        "%s does not exist in Windlass, which has of Nautobot only what jobs are made of: use the "
        "names of windlass.jobs, and the server's REST interface for its data" % name
    )


def install() -> None:
    """Make `nautobot` ours in this process."""
    for name in list(sys.modules):
        if name.partition(".")[0] == "nautobot":
            del sys.modules[name]
    sys.meta_path.insert(0, _NautobotFinder)
