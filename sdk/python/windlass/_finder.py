"""Modules that are made of names of ours, for job files that import them by the names of others."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from opcode import opmap
from sys import _getframe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, ModuleType
    from typing import Any, Callable, Dict, Sequence

    #: Module name to what the module holds; those with a module below them are packages.
    Modules = Dict[str, Dict[str, Any]]

ORIGIN = "windlass"
_IMPORT_FROM = opmap["IMPORT_FROM"]


def _is_from_import(frame: FrameType) -> bool:
    """Whether `frame` is at a `from … import …`, which would make an AttributeError one of its own,
    without the sentence; anything else that looks for an attribute expects an AttributeError.
    """
    return frame.f_code.co_code[frame.f_lasti] == _IMPORT_FROM


class Finder:
    """Finder and loader of whole top-level packages.

    `packages` maps the name of each to a function that gives its modules, called at the first
    import; `sorry` makes the sentence for a name that is not among them.
    """

    def __init__(
        self, packages: dict[str, Callable[[], Modules]], sorry: Callable[[str], str]
    ) -> None:
        self.packages = packages
        self._sorry = sorry

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        """The spec of a module of ours. Raises ModuleNotFoundError for one that a package of ours
        does not have.
        """
        package = name.partition(".")[0]
        if package not in self.packages or (name != package and not self._has_loaded(package)):
            return None
        modules = self.packages[package]()
        if name not in modules:
            raise ModuleNotFoundError(self._sorry(name), name=name)
        is_package = any(other.startswith(name + ".") for other in modules)
        return ModuleSpec(name, self, origin=ORIGIN, is_package=is_package)  # type: ignore[arg-type]

    def _has_loaded(self, package: str) -> bool:
        spec = getattr(sys.modules.get(package), "__spec__", None)
        return getattr(spec, "loader", None) is self

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to the import system to make an ordinary module."""

    def exec_module(self, module: ModuleType) -> None:
        """Fill the module with its names."""
        name = module.__name__
        modules = self.packages[name.partition(".")[0]]()
        module.__dict__.update(modules[name])
        module.__dict__["__all__"] = sorted(modules[name])

        def missing(wanted: str) -> Any:
            if wanted.startswith("_") or "%s.%s" % (name, wanted) in modules:
                raise AttributeError("module %r has no attribute %r" % (name, wanted))
            sentence = self._sorry("%s.%s" % (name, wanted))
            if _is_from_import(_getframe(1)):
                raise ImportError(sentence, name=name)
            raise AttributeError(sentence)

        module.__dict__["__getattr__"] = missing

    def complaint(self, module: str, name: str | None = None) -> str | None:
        """What an import of `module`, or of `name` from it, would fail with; None when it would not
        or when the package is not ours. Imports nothing.
        """
        package = module.partition(".")[0]
        if package not in self.packages:
            return None
        is_ours = self._has_loaded(package)
        if not is_ours and (package in sys.modules or self.find_spec(package) is None):
            return None
        modules = self.packages[package]()
        if module not in modules:
            return self._sorry(module)
        whole = "%s.%s" % (module, name)
        if name in (None, "*") or name in modules[module] or whole in modules:
            return None
        return self._sorry(whole)


class AbsentFinder(Finder):
    """As Finder, for those of its packages that are not installed. It must come first all the same:
    an empty folder of that name, which is no package, would be found before.
    """

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        """As Finder; None for what is installed, which is not imported for that."""
        if name in self.packages and self._is_installed(name):
            return None
        return super().find_spec(name, path, target)

    def _is_installed(self, package: str) -> bool:
        for finder in sys.meta_path:
            # Finders of the old kind have only `find_module`.
            look = None if finder is self else getattr(finder, "find_spec", None)
            spec = look(package, None) if look else None
            if spec is not None and spec.loader is not None:
                return True
        return False
