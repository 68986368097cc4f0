"""Imports the modules of a version, one by one, so that none can hurt another."""

from __future__ import annotations

import io
import linecache
import os
import sys
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
)

from windlass import _logging, _nautobot, _properties, _registry, _streams
from windlass._finder import ORIGIN
from windlass._tracebacks import message_of, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Callable

#: (folder of the version, folder where its author edits it), both ending in a slash.
_folders: list[tuple[str, str]] = []
#: Where the author edits the modules of JOBS_ROOT; "" while no version of it is loaded.
jobs_root = ""


class _JobSourceLoader(SourceFileLoader):
    """Compiles a file of a version under the path where its author edits it, and writes no
    bytecode.
    """

    def get_code(self, fullname: str) -> CodeType:
        shown = shown_path(self.path)
        source = self.get_data(self.path)
        code: CodeType = self.source_to_code(source, shown)
        # With the lines of this version at hand, a traceback is right even after the author has
        # edited the file.
        lines = io.StringIO(self._text_of(source, fullname), newline=None).readlines()
        linecache.cache[shown] = (len(source), None, lines, shown)
        return code

    def _text_of(self, source: bytes, fullname: str) -> str:
        if b"coding" in source[:400]:
            return (
                self.get_source(fullname) or ""
            )  # loads `tokenize` to look for a declared encoding
        return source.decode("utf-8", "replace").lstrip("\ufeff")


def shown_path(path: str) -> str:
    """The path where the author edits the file that lies at `path`."""
    path = os.path.abspath(path)
    for folder, root in _folders:
        if path.startswith(folder):
            return root + path[len(folder) :]
    return path


def _finder_for(path: str) -> FileFinder:
    if not (path + os.sep).startswith(tuple(folder for folder, _ in _folders)):
        raise ImportError("not a folder of the version", path=path)
    return FileFinder(
        path, (ExtensionFileLoader, EXTENSION_SUFFIXES), (_JobSourceLoader, SOURCE_SUFFIXES)
    )


class Version:
    """The version of the sources that this process imports; there is one in a process's life."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.id: str = description["id"]
        self._sources: list[dict[str, Any]] = description["sources"]
        self._is_checked = description.get("check") is True
        self._before = set(sys.modules)
        self._registered_by: dict[str, str] = {}

    def import_all(self, announce: Callable[[str], None]) -> list[dict[str, Any]]:
        """Import every module, calling `announce` with its name before; returns their objects for
        the manifest.
        """
        self._prepare()
        if self._is_checked:
            from windlass import _check

            _check.begin()
        reports = [
            self._import(source, name, announce)
            for source in self._sources
            for name in sorted(set(source["modules"]) | set(source.get("skip") or ()))
        ]
        self._add_classes(reports)
        if self._is_checked:
            failed = {report["name"] for report in reports if report["error"] is not None}
            _check.finish([os.path.abspath(source["path"]) for source in self._sources], failed)
        return reports

    def installed_modules(self) -> list[str]:
        """Names of the modules outside of the version that importing it has loaded."""
        return [
            name
            for name, module in list(sys.modules.items())
            if name not in self._before
            and name.partition(".")[0] != "windlass"
            and getattr(_spec_of(module), "origin", None) != ORIGIN
            and not self._is_inside(_spec_of(module))
        ]

    def _prepare(self) -> None:
        global jobs_root
        for source in self._sources:
            path, root = os.path.abspath(source["path"]), os.path.abspath(source["root"])
            if source.get("kind") == "jobs_root":
                jobs_root = root
            _folders.append((path + os.sep, root + os.sep))
            sys.path[:] = [
                entry for entry in sys.path if os.path.abspath(entry) not in (path, root)
            ]
        sys.path_hooks.insert(0, _finder_for)
        # Behind everything installed, so that no file of an author's can take the place of a
        # library, and before the libraries that come with Windlass, which are last.
        sys.path[-1:-1] = [os.path.abspath(source["path"]) for source in self._sources]
        # So that our hook is asked, and what has been installed meanwhile is seen.
        sys.path_importer_cache.clear()
        _properties.shown_path = shown_path
        _nautobot.install()

    def _import(
        self, source: dict[str, Any], name: str, announce: Callable[[str], None]
    ) -> dict[str, Any]:
        report: dict[str, Any] = {
            "name": name,
            "file_path": self._file_of(source, name),
            "error": None,
            "classes": [],
        }
        reason = (source.get("skip") or {}).get(name)
        if reason is not None:
            report["error"] = {"type": "ImportError", "message": reason, "traceback": ""}
            return report
        announce(name)
        pid, known = os.getpid(), set(_registry.paths())
        try:
            self._refuse_taken(name)
            _logging.let_through(name)
            __import__(name)
        except BaseException as exception:
            loaded = set(sys.modules)
            report["error"] = _error(exception)
            # What it takes to tell of an error is no need of the version's.
            self._before |= set(sys.modules) - loaded
            _forget(name)
        if os.getpid() != pid:
            os._exit(1)  # a process that the module forked came back from its import
        for class_path in _registry.paths():
            if class_path not in known:
                self._registered_by[class_path] = name
        _streams.flush()
        _streams.restore()
        return report

    def _file_of(self, source: dict[str, Any], name: str) -> str:
        path = os.path.join(os.path.abspath(source["path"]), name)
        for candidate in (os.path.join(path, "__init__.py"), path + ".py"):
            if os.path.exists(candidate):
                return shown_path(candidate)
        return shown_path(path)

    def _is_inside(self, spec: ModuleSpec | None) -> bool:
        if spec is None:
            return False
        places = list(spec.submodule_search_locations or ())
        if spec.has_location and spec.origin:
            places.append(spec.origin)
        return any(
            os.path.abspath(place).startswith(tuple(folder for folder, _ in _folders))
            for place in places
        )

    def _refuse_taken(self, name: str) -> None:
        """Raise ImportError when `name` belongs to something installed."""
        loaded = sys.modules.get(name)
        spec: ModuleSpec | None = getattr(loaded, "__spec__", None)
        if loaded is None:
            spec = self._find_outside(name)
        if spec is None and loaded is None:
            return
        if self._is_inside(spec):
            return  # another module of the version has imported it already
        where = "that comes with Python"
        if spec is not None and spec.origin == ORIGIN:
            where = "that Windlass provides"
        elif spec is not None and spec.origin not in (None, "built-in", "frozen"):
            where = "at %s" % spec.origin
        raise ImportError(
            "The name %s is taken by the module %s. Rename the file." % (name, where), name=name
        )

    def _find_outside(self, name: str) -> ModuleSpec | None:
        whole = list(sys.path)
        sys.path[:] = [
            entry for entry in whole if entry + os.sep not in {folder for folder, _ in _folders}
        ]
        try:
            for finder in list(sys.meta_path):
                spec = finder.find_spec(name, None)
                if spec is not None and (spec.loader is not None or _is_installed_namespace(spec)):
                    return spec
        finally:
            sys.path[:] = whole
        return None

    def _add_classes(self, reports: list[dict[str, Any]]) -> None:
        """Put each registered class under the module that defines it, or else under the one that
        registered it.
        """
        by_name = {report["name"]: report for report in reports}
        for class_path in _registry.paths():
            declaration = _registry.declaration_of(class_path)
            module = declaration["module_name"]
            report = (
                by_name.get(module.partition(".")[0]) or by_name[self._registered_by[class_path]]
            )
            if report["error"] is not None or module not in sys.modules:
                _registry.drop(class_path)  # its module failed after it had registered the class
                continue
            cls: Any = _registry.find(class_path)
            declaration["grouping"] = _properties.grouping_of(cls)
            declaration["file_path"] = _properties.file_path_of(cls)
            report["classes"].append(declaration)


def _spec_of(module: object) -> ModuleSpec | None:
    try:
        spec = getattr(module, "__spec__", None)
    except Exception:
        return None  # whatever a library or a job has put among the modules
    return spec if isinstance(spec, ModuleSpec) else None


def _is_installed_namespace(spec: ModuleSpec) -> bool:
    # Any folder on the path looks like a namespace package; those of installed packages lie in
    # these two.
    places = list(spec.submodule_search_locations or ())
    return any(
        os.path.basename(os.path.dirname(place)) in ("site-packages", "dist-packages")
        for place in places
    )


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
