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


#: What reading a file may raise: it is not there, no Python, no text, or nested too deeply.
UNREADABLE = (OSError, SyntaxError, ValueError, RecursionError, MemoryError)


class Source:
    """One parsed file. Raises UNREADABLE."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as stream:
            tree = ast.parse(stream.read(), path)
        #: Line of each class, function and assignment, by its qualified name.
        self.lines: dict[str, int] = {}
        #: (line, module, name or None for the module itself) of each absolute import that can run.
        self.imports: list[tuple[int, str, str | None]] = []
        self._classes: list[ast.ClassDef] = []
        self._aliases: dict[str, str] = {}
        waiting: list[tuple[ast.AST, str]] = [(tree, "")]
        while waiting:
            node, prefix = waiting.pop()
            inner = self._note(node, prefix)
            waiting += [(child, inner) for child in reversed(_children(node))]

    def _note(self, node: ast.AST, prefix: str) -> str:
        """Take in one node; returns the prefix of the names below it."""
        inner = prefix
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            self.lines[prefix + node.name] = node.lineno
            inner += node.name + "."
            if isinstance(node, ast.ClassDef):
                self._classes.append(node)
            else:
                inner += "<locals>."
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    self.lines[prefix + target.id] = node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                self.imports.append((node.lineno, alias.name, None))
                if alias.asname:
                    self._aliases[alias.asname] = alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for alias in node.names:
                self.imports.append((node.lineno, node.module, alias.name))
                whole = "%s.%s" % (node.module, alias.name)
                self._aliases[alias.asname or alias.name] = whole
        return inner

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


def _children(node: ast.AST) -> list[ast.AST]:
    """The child nodes, without expressions and without what only type checkers read."""
    if isinstance(node, ast.If) and (_dotted(node.test) or "").rpartition(".")[2] == (
        "TYPE_CHECKING"
    ):
        return list(node.orelse)
    return [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]


def _dotted(node: ast.expr) -> str | None:
    """`a.b.c` of an expression of that form."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = _dotted(node.value)
        return None if left is None else "%s.%s" % (left, node.attr)
    return None
