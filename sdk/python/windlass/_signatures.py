"""Which arguments a method takes. The standard library's `inspect` would cost every zygote more
than all the rest of the registration.
"""

from __future__ import annotations

from types import CodeType, FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Flags of a code object.
_VARARGS, _VARKEYWORDS = 0x04, 0x08
_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200


class Signature:
    """The arguments of a method, without the object or class that it is bound to."""

    def __init__(self, function: FunctionType, bound: bool) -> None:
        code: CodeType = function.__code__
        names = code.co_varnames
        positional = list(names[: code.co_argcount])
        by_keyword = list(names[code.co_argcount : code.co_argcount + code.co_kwonlyargcount])
        defaults = function.__defaults__ or ()
        optional = set(positional[len(positional) - len(defaults) :])
        keyword_defaults = function.__kwdefaults__ or {}
        skipped = 1 if bound and positional else 0
        kept = positional[skipped:]
        positional_only = set(positional[: code.co_posonlyargcount])

        #: Whether a call runs the body, and does not only make an object that would.
        self.runs = not code.co_flags & (_GENERATOR | _COROUTINE | _ASYNC_GENERATOR)
        self.takes_any_name = bool(code.co_flags & _VARKEYWORDS)
        self.positional_only = [name for name in kept if name in positional_only]
        self.by_name = [name for name in kept if name not in positional_only] + by_keyword
        #: Without a default, and to be given by name.
        self.required = [
            name for name in self.by_name if name not in optional and name not in keyword_defaults
        ]
        self.defaults = dict(zip(positional[len(positional) - len(defaults) :], defaults))
        self.defaults.update(keyword_defaults)
        self._most = None if code.co_flags & _VARARGS else len(kept)
        self._least = len([name for name in kept if name not in optional])
        self._needs_names = any(name not in keyword_defaults for name in by_keyword)

    def takes(self, count: int) -> bool:
        """Whether it can be called with `count` arguments by position."""
        fits = self._least <= count and (self._most is None or count <= self._most)
        return fits and not self._needs_names


def signature_of(member: Any) -> Signature | None:
    """The signature of what stands in the body of a class; None where it cannot be told."""
    if isinstance(member, (staticmethod, classmethod)):
        function, bound = member.__func__, isinstance(member, classmethod)
    else:
        function, bound = member, True
    return Signature(function, bound) if isinstance(function, FunctionType) else None
