"""Reads job files without importing them: where names are bound, what is imported, which classes
are jobs. For checks only.
"""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

_JOB_CLASSES = ("BaseJob", "Job", "JobButtonReceiver", "JobHookReceiver")
_JOB_MODULES = ("nautobot.apps.jobs", "nautobot.extras.jobs", "windlass.jobs")


class Source:
    """One parsed file. Raises OSError, SyntaxError, ValueError (for text that is none)."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as stream:
            tree = ast.parse(stream.read(), path)
        #: Line of each class, function and assignment, by its qualified name.
        self.lines: dict[str, int] = {}
        #: (line, module, name or None for the module itself) of each absolute import that can run.
        self.imports: list[tuple[int, str, str | None]] = []
        self._classes: list[ast.ClassDef] = []
        self._aliases: dict[str, str] = {}
        self._walk(tree, "")

    def _walk(self, node: ast.AST, prefix: str) -> None:
        for child in _children(node):
            inner = prefix
            if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                self.lines[prefix + child.name] = child.lineno
                inner += child.name + "."
                if isinstance(child, ast.ClassDef):
                    self._classes.append(child)
                else:
                    inner += "<locals>."
            elif isinstance(child, (ast.Assign, ast.AnnAssign)):
                targets = child.targets if isinstance(child, ast.Assign) else [child.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        self.lines[prefix + target.id] = child.lineno
            elif isinstance(child, ast.Import):
                for alias in child.names:
                    self.imports.append((child.lineno, alias.name, None))
                    if alias.asname:
                        self._aliases[alias.asname] = alias.name
            elif isinstance(child, ast.ImportFrom) and child.level == 0 and child.module:
                for alias in child.names:
                    self.imports.append((child.lineno, child.module, alias.name))
                    whole = "%s.%s" % (child.module, alias.name)
                    self._aliases[alias.asname or alias.name] = whole
            self._walk(child, inner)

    def job_classes(self) -> Iterator[tuple[str, int]]:
        """Name and line of the classes that derive from a job class by a name which this file
        imports.
        """
        found: set[str] = set()
        for node in self._classes:
            if any(_dotted(base) in found or self._is_job_class(base) for base in node.bases):
                found.add(node.name)
                yield node.name, node.lineno

    def _is_job_class(self, base: ast.expr) -> bool:
        head, _, rest = (_dotted(base) or "").partition(".")
        whole = self._aliases.get(head, head) + ("." + rest if rest else "")
        module, _, name = whole.rpartition(".")
        return module in _JOB_MODULES and name in _JOB_CLASSES


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The child nodes, without what only type checkers read."""
    if isinstance(node, ast.If) and (_dotted(node.test) or "").rpartition(".")[2] == (
        "TYPE_CHECKING"
    ):
        yield from node.orelse
    else:
        yield from ast.iter_child_nodes(node)


def _dotted(node: ast.expr) -> str | None:
    """`a.b.c` of an expression of that form."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = _dotted(node.value)
        return None if left is None else "%s.%s" % (left, node.attr)
    return None
