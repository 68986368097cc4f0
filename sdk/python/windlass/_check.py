"""The whole look at a version that `windlass jobs check` asks for: every mistake that an import
alone does not refuse, with file and line.
"""

from __future__ import annotations

import functools
import os
import sys

from windlass import _mistakes, _nautobot, _properties, _registry
from windlass._job import OURS, BaseJob
from windlass._signatures import signature_of
from windlass._sources import UNREADABLE, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

_source = functools.lru_cache(maxsize=None)(Source)


def begin() -> None:
    """Have exact lines for all warnings from now on; called before the imports."""
    _mistakes.place_of = place_of


def place_of(cls: type[BaseJob], binding: str) -> tuple[str, int]:
    """File and line where `binding` stands, in the class or the nearest parent that has it; those
    of the class where that cannot be told.
    """
    owner: Any = cls
    name = binding
    if binding.startswith("Meta."):
        owner, name = getattr(cls, "Meta", None), binding[len("Meta.") :]
        if any(name in vars(kind) for kind in cls.__mro__ if kind not in OURS):
            owner = cls  # set beside Meta, which counts more
    for kind in getattr(owner, "__mro__", ()):
        if name in vars(kind) and kind not in OURS:
            path = _file_of(kind.__module__)
            line = _lines(path).get("%s.%s" % (kind.__qualname__, name))
            if line is not None:
                return _properties.shown_path(path), line
            break
    return _properties.file_path_of(cls), cls._line


def _file_of(module: str) -> str:
    """The file of a loaded module; "" where it has none."""
    try:
        path = getattr(sys.modules.get(module), "__file__", None)
    except Exception:
        return ""  # whatever a library or a job has put among the modules
    return path if isinstance(path, str) else ""


def _lines(path: str) -> dict[str, int]:
    try:
        return _source(path).lines
    except UNREADABLE:
        return {}  # no Python source; the file as such is told of where the folder is read


def finish(places: list[tuple[str, str]], failed: set[str]) -> None:
    """Warn of what shows when all modules are imported. `places` are the folders of the version,
    each with what is read below it though no import reached it; `failed` the top-level modules that
    did not import.
    """
    folders = [folder for folder, _ in places]
    registered = [(path, _registry.find(path)) for path in _registry.paths()]
    classes = {path: cls for path, cls in registered if cls is not None}
    _look_at_names(classes)
    for path, cls in classes.items():
        _look_at_limits(cls, _registry.declaration_of(path)["meta"])
        _look_at_defaults(cls)
    _look_for_unregistered(set(classes.values()), folders)
    reached = {os.path.abspath(_file_of(name)) for name in list(sys.modules)}
    for folder, place in places:
        used = sorted(path for path in reached if path.startswith(folder + os.sep))
        for path in dict.fromkeys([*_python_files(place), *used]):
            module = os.path.relpath(path, folder).split(os.sep)[0].partition(".")[0]
            _look_at_file(path, path in reached or module in failed)
    _tell_classes_apart()


def _tell_classes_apart() -> None:
    """Begin messages with the class where several classes have one from the same line, as those
    that share a Meta do.
    """
    places: dict[tuple[Any, ...], set[str]] = {}
    for warning in _mistakes.warnings:
        places.setdefault(_shown(warning), set()).add(warning["class_path"])
    for warning in _mistakes.warnings:
        if len(places.get(_shown(warning), ())) > 1:
            name = warning["class_path"].rpartition(".")[2]
            warning["message"] = "%s: %s" % (name, warning["message"])


def _shown(warning: dict[str, Any]) -> tuple[Any, ...]:
    return warning["file_path"], warning["line"], warning["code"], warning["message"]


def _look_at_names(classes: dict[str, type[BaseJob]]) -> None:
    taken: dict[str, str] = {}
    for path, cls in classes.items():
        name = _registry.declaration_of(path)["meta"]["name"]
        other = taken.setdefault(name, path)
        if other != path:
            message = "The name %r is that of %s too; the record of one gets a suffix" % (
                name,
                other,
            )
            _mistakes.add(cls, "Meta.name", "meta.same_name", message)


def _look_at_limits(cls: type[BaseJob], meta: dict[str, Any]) -> None:
    soft, hard = meta["soft_time_limit"], meta["time_limit"]
    if 0 < hard <= soft:
        message = (
            "Meta.time_limit (%g s) is not above Meta.soft_time_limit (%g s), so the job is killed "
            "before it can tidy up" % (hard, soft)
        )
        _mistakes.add(cls, "Meta.time_limit", "meta.time_limit", message)


def _look_at_defaults(cls: type[BaseJob]) -> None:
    for kind in cls.__mro__:
        if kind in OURS or kind is object:
            continue
        for name, member in list(vars(kind).items()):
            signature = signature_of(member)
            for argument, value in signature.defaults.items() if signature else ():
                if isinstance(value, (list, dict, set, bytearray)):
                    message = (
                        "The default of %s in %s() is a %s that all calls share; use None, and "
                        "make one in the method" % (argument, name, type(value).__name__)
                    )
                    _mistakes.add(cls, name, "method.mutable_default", message)


def _look_for_unregistered(registered: set[type[BaseJob]], folders: list[str]) -> None:
    waiting: list[type[BaseJob]] = [BaseJob]
    seen: set[type[BaseJob]] = set()
    while waiting:
        for cls in type.__subclasses__(waiting.pop()):
            if cls in seen:
                continue
            seen.add(cls)
            waiting.append(cls)
            path = _file_of(cls.__module__)
            is_of_version = any(path.startswith(folder + os.sep) for folder in folders)
            # A class with others below it is there to be derived from.
            if is_of_version and cls not in registered and not type.__subclasses__(cls):
                message = "%s is never registered: pass it to register_jobs()" % cls.__name__
                _mistakes.add(cls, "", "class.unregistered", message)


def _python_files(place: str) -> Iterator[str]:
    """Those below a folder, or of a module that is named without its `.py`."""
    if os.path.isfile(place + ".py"):
        yield place + ".py"
    for directory, below, names in os.walk(place):
        below[:] = sorted(n for n in below if not n.startswith(".") and n != "__pycache__")
        for name in sorted(names):
            path = os.path.join(directory, name)
            if name.endswith(".py") and os.path.isfile(path):
                yield path


def _look_at_file(path: str, is_known: bool) -> None:
    """Warn of imports that fail, and, in a file that no import reached, of what that means."""
    shown = _properties.shown_path(path)
    try:
        source = _source(path)
    except UNREADABLE as problem:
        if not is_known:
            message = "The file cannot be read as Python: %s" % problem
            _mistakes.add_at(shown, getattr(problem, "lineno", 0) or 0, "file.syntax", message)
        return
    for line, module, name in source.imports:
        complaint = _nautobot.complaint(module, name)
        if complaint is not None:
            _mistakes.add_at(shown, line, "import.missing", complaint)
    for class_name, line in () if is_known else source.job_classes():
        message = (
            "%s is never registered, because nothing imports this file: import it in the "
            "__init__.py of its package" % class_name
        )
        _mistakes.add_at(shown, line, "class.unregistered", message)
