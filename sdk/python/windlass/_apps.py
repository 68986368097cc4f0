"""Imports an app: an installed package, its configuration, and the module that has its jobs."""

from __future__ import annotations

import os
import sys

from windlass import _folders, _mistakes, _taken, apps
from windlass.apps import WindlassAppConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class App:
    """An installed package with a `config`. Importing it raises what the package raises, and
    ImportError with a sentence for what is no app.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        top, dot, _ = package.partition(".")
        spec = getattr(sys.modules.get(top), "__spec__", None)
        if spec is None:
            # Wherever a namespace package around an app lies, as editable installs have them.
            spec = _taken.find_installed(top, any_namespace=bool(dot))
        if _taken.is_ours(spec):
            raise ImportError(
                "The name %s is taken by the module that Windlass provides. Take it out of the "
                "setting apps." % package,
                name=package,
            )
        if spec is None or _folders.has(spec):
            raise self._not_installed()
        try:
            __import__(package)
        except ModuleNotFoundError as problem:
            if _names(problem, package):
                raise self._not_installed() from None
            raise
        self.config = self._config()
        if apps._read is not None:
            apps._read[package] = self.config
        self.jobs = "%s.%s" % (package, self.config.jobs)

    def describe(self) -> dict[str, str]:
        """The manifest's object `app`."""
        label = self.package.rpartition(".")[2]
        return {
            "name": str(self.config.name or self.package),
            "verbose_name": str(self.config.verbose_name or label.replace("_", " ").title()),
            "base_url": str(self.config.base_url or label),
            "version": self._version(),
            "jobs": self.jobs,
            "path": os.path.dirname(self.file),
        }

    @property
    def file(self) -> str:
        """The file of the package."""
        return os.path.abspath(getattr(sys.modules[self.package], "__file__", None) or "")

    @property
    def jobs_file(self) -> str:
        """The file of the module that has the jobs; that of the package when there is none."""
        path = getattr(sys.modules.get(self.jobs), "__file__", None)
        return os.path.abspath(path) if path else self.file

    def import_jobs(self) -> None:
        """Import the module that has the jobs. An app that names none itself may do without."""
        try:
            __import__(self.jobs)
        except ModuleNotFoundError as problem:
            if not _names(problem, self.jobs):
                raise
            sentence = "The app %s has no module %s" % (self.package, self.jobs)
            if self._says_where():
                raise ImportError(
                    "%s, which its config names: set jobs to the module below the package that "
                    "calls register_jobs(), such as 'jobs'." % sentence,
                    name=self.jobs,
                ) from None
            _mistakes.add_at(self.file, 0, "app.no_jobs", sentence + ", so it brings no jobs.")

    def _not_installed(self) -> ImportError:
        return ImportError(
            "The app %s is not installed for %s. Install its package there, or take it out of the "
            "setting apps." % (self.package, sys.executable),
            name=self.package,
        )

    def _config(self) -> type[WindlassAppConfig]:
        config: Any = getattr(sys.modules[self.package], "config", None)
        how = "derive a class from NautobotAppConfig of nautobot.apps there, and set config to it."
        if config is None:
            raise ImportError(
                "The package %s has no config in its __init__.py: %s" % (self.package, how),
                name=self.package,
            )
        if not isinstance(config, type) or not issubclass(config, WindlassAppConfig):
            raise ImportError(
                "config in the __init__.py of %s is no class derived from NautobotAppConfig but %s:"
                " %s" % (self.package, _shown(config), how),
                name=self.package,
            )
        jobs: Any = config.jobs
        if not isinstance(jobs, str) or not all(map(str.isidentifier, jobs.split("."))):
            raise ImportError(
                "jobs of %s wants the name of a module below the package %s, such as 'jobs', got "
                "%.100r." % (config.__qualname__, self.package, jobs),
                name=self.package,
            )
        return config

    def _says_where(self) -> bool:
        kinds = self.config.__mro__
        return any("jobs" in vars(kind) for kind in kinds[: kinds.index(WindlassAppConfig)])

    def _version(self) -> str:
        from importlib import metadata  # only for those who have apps

        try:
            found: str | None = metadata.version(self.package.replace(".", "-"))
        except Exception:
            found = None  # not known by that name, or its metadata is damaged: its config may tell
        return str(found or self.config.version or "")


def _names(problem: ModuleNotFoundError, module: str) -> bool:
    """Whether it is `module`, or a package around it, that was not found."""
    return problem.name is not None and (module + ".").startswith(problem.name + ".")


def _shown(value: object) -> str:
    if isinstance(value, type):
        return "the class %s" % value.__qualname__
    return "an object of type %s" % type(value).__name__
