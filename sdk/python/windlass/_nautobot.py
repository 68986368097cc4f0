"""The import names of job files that were written for Nautobot, Celery and Django.

Finders, active only where job modules are imported, make these modules out of ours. `nautobot` is
ours whatever the interpreter has installed; the few names of the others are there only where the
real package is not. Any other name below them fails with a sentence that says what to use instead.
"""

from __future__ import annotations

import sys

from windlass import _celery, _models, _run, apps, jobs
from windlass._encoder import NautobotKombuJSONEncoder
from windlass._finder import AbsentFinder, Finder
from windlass._refused import of_the_server, refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from windlass._finder import Modules


def get_celery_queues() -> dict[str, int]:
    """The queue of the run under way, and 1, for the worker that does it; empty outside a run."""
    return {} if _run.current is None else {_run.current.queue: 1}


class ConstanceConfigItem:
    """A setting that people change in Nautobot's pages, as an app declares it; without effect."""

    def __init__(self, default: Any, help_text: str = "", field_type: Any = None) -> None:
        self.default = default
        self.help_text = help_text
        self.field_type = field_type


_JOB_NAMES: dict[str, Any] = {name: getattr(jobs, name) for name in jobs.__all__}
_CHOICES = {
    name: value
    for name, value in _JOB_NAMES.items()
    if name.endswith("Choices") or name == "JobExecutionType"
}
_GIT = "start it with `windlass repositories sync%s` or over REST, at %s"
_GIT_PATH = "/api/extras/git-repositories/{id}/%s/"
_SYSTEM_JOBS = {
    name: of_the_server("nautobot.core.jobs", name, _GIT % (option, _GIT_PATH % action))
    for name, option, action in (
        ("GitRepositoryDryRun", " --dry-run", "dry-run"),
        ("GitRepositorySync", "", "sync"),
    )
}
_APP_NAMES: dict[str, Any] = {name: getattr(apps, name) for name in apps.__all__}
_SIGNALS = {
    "nautobot_database_ready": refused(
        "nautobot_database_ready", "nothing sends it; do it in a job, or in before_start()"
    )
}
_JOB_NAMES.update(
    _SYSTEM_JOBS,
    DatabaseFileField=refused("DatabaseFileField", "use FileVar for a file as input"),
    NautobotKombuJSONEncoder=NautobotKombuJSONEncoder,
    enqueue_job_hooks=refused(
        "enqueue_job_hooks", "the server starts the receivers when an object changes"
    ),
    get_celery_queues=get_celery_queues,
)

#: What each module holds; those with a module below them are packages.
_MODULES: dict[str, dict[str, Any]] = {
    "nautobot": {},
    "nautobot.apps": {
        **_APP_NAMES,
        **_SIGNALS,
        "ConstanceConfigItem": ConstanceConfigItem,
    },
    "nautobot.apps.jobs": _JOB_NAMES,
    "nautobot.core": {},
    "nautobot.core.celery": {
        "app": _celery.App(),
        "nautobot_task": _celery.shared_task,
        "register_jobs": jobs.register_jobs,
    },
    "nautobot.core.jobs": _SYSTEM_JOBS,
    "nautobot.core.signals": _SIGNALS,
    "nautobot.extras": {},
    "nautobot.extras.choices": _CHOICES,
    "nautobot.extras.jobs": _JOB_NAMES,
    "nautobot.extras.models": {model.__name__: model for model in _models.EXTRAS},
    "nautobot.extras.plugins": {
        "NautobotAppConfig": apps.NautobotAppConfig,
        "PluginConfig": apps.NautobotAppConfig,
    },
    "nautobot.users": {},
    "nautobot.users.models": {"User": _models.User},
}


def _sorry(name: str) -> str:
    return (
        "%s does not exist in Windlass, which has of Nautobot only what jobs are made of: use the "
        "names of windlass.jobs, and the server's REST interface for its data" % name
    )


def _sorry_absent(name: str) -> str:
    package = name.partition(".")[0]
    return (
        "%s does not exist here: %s is not installed for this Python, and Windlass has only the "
        "few names of it that jobs need (docs/python-api.md); install it, or use the names of "
        "windlass.jobs" % (name, package)
    )


def _django() -> Modules:
    from windlass import _django

    return _django.DJANGO


_nautobot = Finder({"nautobot": lambda: _MODULES}, _sorry)
_absent = AbsentFinder(
    {"billiard": lambda: _celery.BILLIARD, "celery": lambda: _celery.CELERY, "django": _django},
    _sorry_absent,
)


def install() -> None:
    """Make `nautobot` ours in this process, and the others where they are absent."""
    if _nautobot in sys.meta_path:
        return
    for name in list(sys.modules):
        if name.partition(".")[0] == "nautobot":
            del sys.modules[name]
    sys.meta_path[:0] = [_nautobot, _absent]


def complaint(module: str, name: str | None = None) -> str | None:
    """The sentence that an import of `module`, or of `name` from it, would fail with; None when
    there is nothing to say. Imports nothing.
    """
    return _nautobot.complaint(module, name) or _absent.complaint(module, name)
