"""Imports the modules of a version, one by one, so that none can hurt another."""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec

from windlass import (
    _folders,
    _logging,
    _nautobot,
    _properties,
    _registry,
    _streams,
    _taken,
    apps,
)
from windlass._tracebacks import message_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

#: What to do, for each kind of source, when somebody else has the name of its module.
_REMEDIES = {
    "git": "Add the repository again, with another slug.",
    "app": "Take it out of the setting apps.",
}


def is_source(description: Any) -> bool:
    """Whether `description`, as a frame has it, is one of a source."""
    texts = ("kind",) if _is_app(description) else ("path", "root")
    return (
        isinstance(description, dict)
        and all(isinstance(description.get(name), str) for name in texts)
        and isinstance(description.get("modules"), list)
    )


def _is_app(description: Any) -> bool:
    return isinstance(description, dict) and description.get("kind") == "app"


class _Source:
    """One source of a version."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.kind: str = description.get("kind") or "jobs_root"
        self.name: str = description.get("name") or self.kind
        self.skip: dict[str, str] = description.get("skip") or {}
        self.modules: list[str] = sorted(set(description["modules"]) | set(self.skip))
        self.is_app = _is_app(description)
        #: Both "" for an app, which is an installed package.
        self.path = "" if self.is_app else os.path.abspath(description["path"])
        self.root = "" if self.is_app else os.path.abspath(description["root"])

    def package_of(self, module: str) -> str:
        """The module under whose name everything of `module` stands."""
        return module if self.is_app else module.partition(".")[0]

    def file_of(self, module: str) -> str:
        """The file of a module, where its author edits it; "" for one of an app."""
        if self.is_app:
            return ""
        path = os.path.join(self.path, *module.split("."))
        for candidate in (os.path.join(path, "__init__.py"), path + ".py"):
            if os.path.exists(candidate):
                return _folders.shown_path(candidate)
        return _folders.shown_path(path)


class Version:
    """The version of the sources that this process imports; there is one in a process's life."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.id: str = description["id"]
        self._sources = [_Source(source) for source in description["sources"]]
        self._is_checked = description.get("check") is True
        self._before = set(sys.modules)
        self._registered_by: dict[str, str] = {}
        #: Each package to the source that has it: the first of those that name it.
        self._owners: dict[str, _Source] = {}
        for source, module in self._modules():
            self._owners.setdefault(source.package_of(module), source)

    def import_all(self, announce: Callable[[str], None]) -> list[dict[str, Any]]:
        """Import every module, calling `announce` with its name before; returns their objects for
        the manifest.
        """
        self._prepare()
        if self._is_checked:
            from windlass import _check

            _check.begin()
        reports = [self._import(source, module, announce) for source, module in self._modules()]
        self._add_classes(reports)
        if self._is_checked:
            failed = {report["name"] for report in reports if report["error"] is not None}
            _check.finish(self._places(), {name.partition(".")[0] for name in failed})
        return reports

    def installed_modules(self) -> list[str]:
        """Names of the modules outside of the version that importing it has loaded. Those of apps
        are not among them, which may be upgraded, nor packages that register jobs: what a base
        process has loaded can do neither.
        """
        left_out = {"windlass"}
        left_out.update(package.partition(".")[0] for package in self._owners)
        left_out.update(path.partition(".")[0] for path in _registry.paths())
        return [
            name
            for name, module in list(sys.modules.items())
            if name not in self._before
            and name.partition(".")[0] not in left_out
            and not _taken.is_ours(_spec_of(module))
            and not _folders.has(_spec_of(module))
        ]

    def _modules(self) -> Iterable[tuple[_Source, str]]:
        return [(source, module) for source in self._sources for module in source.modules]

    def _places(self) -> list[tuple[str, str]]:
        """Each folder, and the part of it that its modules are looked for in."""
        places = []
        for source in self._sources:
            if source.kind == "git":
                for module in source.modules:
                    places.append((source.path, os.path.join(source.path, *module.split("."))))
            elif not source.is_app:
                places.append((source.path, source.path))
        return places

    def _prepare(self) -> None:
        for source in self._sources:
            if source.kind == "jobs_root":
                _folders.jobs_root = source.root
        _folders.open_all((source.path, source.root) for source in self._sources if source.path)
        _nautobot.install()
        apps._read = {}
        packages = {name for source, name in self._modules() if source.is_app}
        if packages:
            sys.meta_path.insert(0, _taken.AppFinder(packages))

    def _import(
        self, source: _Source, name: str, announce: Callable[[str], None]
    ) -> dict[str, Any]:
        report: dict[str, Any] = {
            "name": name,
            "source": source.name,
            "file_path": source.file_of(name),
            "error": None,
            "classes": [],
        }
        if source.is_app:
            report["app"] = None
        reason = source.skip.get(name)
        if reason is not None:
            report["error"] = {"type": "ImportError", "message": reason, "traceback": ""}
            return report
        announce(name)
        package = source.package_of(name)
        pid, known, begun = os.getpid(), _registry.count(), ""
        try:
            self._refuse_taken(source, package)
            if source.path:
                _folders.found_free(package, source.path)
            begun = name if package in sys.modules else package
            _logging.let_through(package)
            if source.is_app:
                _import_app(name, report)
            else:
                __import__(name)
        except BaseException as exception:
            loaded = set(sys.modules)
            report["error"] = _error(exception)
            # What it takes to tell of an error is no need of the version's.
            self._before |= set(sys.modules) - loaded
            if begun:
                _forget(begun)
        if os.getpid() != pid:
            os._exit(1)  # a process that the module forked came back from its import
        for class_path in _registry.paths_after(known):
            self._registered_by[class_path] = name
        _streams.flush()
        _streams.restore()
        return report

    def _refuse_taken(self, source: _Source, package: str) -> None:
        """Raise ImportError when `package` is not this source's."""
        remedy = _REMEDIES.get(source.kind, "Rename the file.")
        owner = self._owners[package]
        if owner is not source:
            raise ImportError(
                "The name %s is taken by the source %s. %s" % (package, owner.name, remedy),
                name=package,
            )
        if not source.is_app:
            _taken.refuse_installed(package, remedy)
        if source.kind == "git" and not os.path.exists(
            os.path.join(source.path, package, "__init__.py")
        ):
            raise ImportError(
                "The repository has no __init__.py at its root. Add one; it may be empty.",
                name=package,
            )

    def _add_classes(self, reports: list[dict[str, Any]]) -> None:
        """Put each registered class under the module whose package defines it, or else under the
        one that registered it.
        """
        by_name = {report["name"]: report for report in reversed(reports)}
        by_package: dict[str, dict[str, Any]] = {}
        for (source, module), report in zip(self._modules(), reports):
            by_package.setdefault(source.package_of(module), report)
        for class_path in _registry.paths():
            declaration = _registry.declaration_of(class_path)
            module = declaration["module_name"]
            owner = _nearest(by_package, module)
            report = owner or by_name[self._registered_by[class_path]]
            if report["error"] is not None or module not in sys.modules:
                _registry.drop(class_path)  # its module failed after it had registered the class
                continue
            cls: Any = _registry.find(class_path)
            declaration["grouping"] = _properties.grouping_of(cls)
            declaration["file_path"] = _properties.file_path_of(cls)
            report["classes"].append(declaration)


def _import_app(package: str, report: dict[str, Any]) -> None:
    from windlass import _apps  # only for those who have apps

    app = _apps.App(package)
    report["file_path"] = app.file
    report["app"] = app.describe()
    app.import_jobs()
    report["file_path"] = app.jobs_file


def _nearest(by_package: dict[str, dict[str, Any]], module: str) -> dict[str, Any] | None:
    """The entry of the innermost package that `module` is or lies in."""
    while module and module not in by_package:
        module = module.rpartition(".")[0]
    return by_package.get(module)


def _spec_of(module: object) -> ModuleSpec | None:
    try:
        spec = getattr(module, "__spec__", None)
    except Exception:
        return None  # whatever a library or a job has put among the modules
    return spec if isinstance(spec, ModuleSpec) else None


def _forget(name: str) -> None:
    for loaded in [
        loaded for loaded in sys.modules if loaded == name or loaded.startswith(name + ".")
    ]:
        del sys.modules[loaded]


def _error(exception: BaseException) -> dict[str, str]:
    message = message_of(exception)
    if isinstance(exception, SystemExit):
        message = "The module ended its import with sys.exit(%s)." % message
    return {"type": type(exception).__name__, "message": message, "traceback": text_of(exception)}
