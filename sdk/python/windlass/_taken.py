"""Whether the name of a source's module belongs to something that is installed."""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder

from windlass import _folders
from windlass._finder import ORIGIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable


def refuse_installed(name: str, remedy: str) -> None:
    """Raise ImportError when the top-level module `name` is none of the version's; the sentence
    `remedy` says what to do then.
    """
    loaded = sys.modules.get(name)
    spec: ModuleSpec | None = getattr(loaded, "__spec__", None)
    if loaded is None:
        spec = find_installed(name)
    if spec is None and loaded is None:
        return
    if _folders.has(spec):
        return  # another module of the version has imported it already
    where = "that comes with Python"
    if is_ours(spec):
        where = "that Windlass provides"
    elif spec is not None and spec.origin not in (None, "built-in", "frozen"):
        where = "at %s" % spec.origin
    elif spec is not None and spec.origin is None and spec.submodule_search_locations:
        where = "at %s" % next(iter(spec.submodule_search_locations))
    raise ImportError(
        "The name %s is taken by the module %s. %s" % (name, where, remedy), name=name
    )


def is_ours(spec: ModuleSpec | None) -> bool:
    """Whether a module is one of the names that Windlass provides."""
    return spec is not None and spec.origin == ORIGIN


def find_installed(name: str, any_namespace: bool = False) -> ModuleSpec | None:
    """The spec of a top-level module that is found without the folders of the version. Imports
    nothing. A namespace package counts where installed ones lie, with `any_namespace` anywhere.
    """
    whole = list(sys.path)
    sys.path[:] = path = _folders.path_without()
    try:
        for finder in list(sys.meta_path):
            if isinstance(finder, AppFinder) or (finder is PathFinder and _is_nowhere(name, path)):
                continue
            # Finders of the old kind have only `find_module`.
            look = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = look(name, None) if look else None
            if spec is not None and (
                spec.loader is not None or any_namespace or _is_installed_namespace(spec)
            ):
                return spec
    finally:
        sys.path[:] = whole
    return None


#: sys.path, and what its folders hold: names without what follows the first dot; None where that
#: cannot be told.
_listed: tuple[list[str], set[str] | None] = ([], None)


def _is_nowhere(name: str, path: list[str]) -> bool:
    """Whether no folder of the path holds anything of that name; one look at the folders answers it
    for all modules.
    """
    global _listed
    if _listed[0] != path:
        _listed = (path, _names_in(path))
    return _listed[1] is not None and name not in _listed[1]


def _names_in(path: list[str]) -> set[str] | None:
    names: set[str] = set()
    for folder in path:
        try:
            names.update(entry.partition(".")[0] for entry in os.listdir(folder or os.curdir))
        except FileNotFoundError:
            continue
        except OSError:
            return None  # an archive, or a folder that may be searched and not listed
    return names


class AppFinder:
    """Has the top-level packages of apps found where they are installed, and never in a folder of
    the version, which an editable install would come behind.
    """

    def __init__(self, packages: Iterable[str]) -> None:
        #: Each top-level package to whether apps lie in it, rather than it being one.
        self._packages: dict[str, bool] = {}
        for package in packages:
            top, dot, _ = package.partition(".")
            self._packages[top] = self._packages.get(top, False) or bool(dot)

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The spec of an app's package that is installed; None for all else."""
        around = self._packages.get(name)
        return None if around is None else find_installed(name, any_namespace=around)


def _is_installed_namespace(spec: ModuleSpec) -> bool:
    # Any folder on the path looks like a namespace package; those of installed packages lie in
    # these two.
    places = list(spec.submodule_search_locations or ())
    return any(
        os.path.basename(os.path.dirname(place)) in ("site-packages", "dist-packages")
        for place in places
    )
