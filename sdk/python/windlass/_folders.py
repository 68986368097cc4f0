"""Where the files of a version lie, where their authors edit them, and how they are imported."""

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

from windlass import _code_cache, _properties

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Iterable

#: (folder of a source, folder where its author edits it), both ending in a slash.
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
        code = _code_cache.find(shown, source)
        if code is None:
            code = self.source_to_code(source, shown)
            _code_cache.keep(shown, source, code)
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


def open_all(folders: Iterable[tuple[str, str]]) -> None:
    """Make the modules in the folders importable by plain name, those of the first folder before
    those of the next. Each comes with the one where its author edits; both paths are absolute.
    """
    paths = []
    for path, root in folders:
        paths.append(path)
        _folders.append((path + os.sep, root + os.sep))
        sys.path[:] = [
            entry
            for entry in sys.path
            if not isinstance(entry, str) or os.path.abspath(entry) not in (path, root)
        ]
    sys.path_hooks.insert(0, _finder_for)
    # Behind everything installed, so that no file of an author's can take the place of a library,
    # and before the libraries that come with Windlass, which are last.
    sys.path[-1:-1] = paths
    # So that our hook is asked, and what has been installed meanwhile is seen.
    sys.path_importer_cache.clear()
    _properties.shown_path = shown_path


class _FreeNames:
    """Finds modules of the version whose names nothing installed has, without another look at what
    is installed.
    """

    def __init__(self) -> None:
        self._finders: dict[str, FileFinder] = {}

    def add(self, name: str, finder: FileFinder) -> None:
        self._finders[name] = finder

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        finder = self._finders.get(name)
        return None if finder is None else finder.find_spec(name)


_free_names = _FreeNames()
_finders: dict[str, FileFinder] = {}


def found_free(name: str, folder: str) -> None:
    """Have the top-level module `name` found in that folder from now on: nothing installed has the
    name.
    """
    finder = _finders.get(folder)
    if finder is None:
        finder = _finders[folder] = _finder_for(folder)
    _free_names.add(name, finder)
    if _free_names not in sys.meta_path:
        sys.meta_path.insert(0, _free_names)


def shown_path(path: str) -> str:
    """The path where the author edits the file that lies at `path`."""
    path = os.path.abspath(path)
    for folder, root in _folders:
        if path.startswith(folder):
            return root + path[len(folder) :]
    return path


def has(spec: ModuleSpec | None) -> bool:
    """Whether a module lies in the folders. A namespace package does that lies nowhere else: an
    installed one may have a part there too.
    """
    if spec is None:
        return False
    places = list(spec.submodule_search_locations or ())
    if spec.has_location and spec.origin:
        places = [spec.origin]
    return bool(places) and all(os.path.abspath(place).startswith(_all()) for place in places)


def path_without() -> list[str]:
    """`sys.path` without the folders, and without what Python's import ignores: all but text."""
    return [entry for entry in sys.path if isinstance(entry, str) and entry + os.sep not in _all()]


def _all() -> tuple[str, ...]:
    return tuple(folder for folder, _ in _folders)


def _finder_for(path: str) -> FileFinder:
    if not (path + os.sep).startswith(_all()):
        raise ImportError("not a folder of the version", path=path)
    return FileFinder(
        path, (ExtensionFileLoader, EXTENSION_SUFFIXES), (_JobSourceLoader, SOURCE_SUFFIXES)
    )
