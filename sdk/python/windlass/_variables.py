"""Input variables of a job. They declare; the server validates and coerces."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable, Tuple, Union

    Pair = Tuple[Any, Any]
    Choices = Iterable[Union[Pair, Tuple[str, Iterable[Pair]]]]


def _check(variable: object, option: str, value: Any, kind: type, optional: bool = False) -> None:
    if optional and value is None:
        return
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(
            "%s(%s=…) wants %s, got %s (%r)"
            % (type(variable).__name__, option, kind.__name__, type(value).__name__, value)
        )


class ScriptVariable:
    """Base of all variables; not for use in a job itself.

    Options of all: `label` (text beside the field; by default made from the name), `description`
    (text below it), `default` (a value; none by default), `required` (bool, True), `widget` (a name
    for the form to choose by; kept, with no effect on the value). Raises TypeError for an option of
    the wrong type.

    >>> is_variable(StringVar())
    True
    """

    #: Names of further members in the manifest, each an attribute.
    _members: tuple[str, ...] = ()

    def __init__(
        self,
        label: str = "",
        description: str = "",
        default: Any = None,
        required: bool = True,
        widget: Any = None,
    ) -> None:
        _check(self, "label", label, str)
        _check(self, "description", description, str)
        _check(self, "required", required, bool)
        self.label = label
        self.description = description
        self.default = default
        self.required = required
        self.widget = widget

    def _declare(self, name: str) -> dict[str, Any]:
        """The variable as an object of the manifest."""
        widget = self.widget
        if widget is not None and not isinstance(widget, str):
            widget = (widget if isinstance(widget, type) else type(widget)).__name__
        declared = {
            "name": name,
            "type": type(self).__name__
            if type(self).__module__ == __name__
            else self._builtin_type(),
            "label": self.label,
            "description": self.description,
            "required": self.required,
            "has_default": self.default is not None,
            "default": self.default,
            "widget": widget,
        }
        for member in self._members:
            declared[member] = getattr(self, member)
        return declared

    def _builtin_type(self) -> str:
        """The nearest class of this module: an author's subclass of StringVar is a StringVar to the
        server.
        """
        return next(kind.__name__ for kind in type(self).__mro__ if kind.__module__ == __name__)


class StringVar(ScriptVariable):
    """One line of text, stripped; `""` when optional and left out.

    `min_length`, `max_length` in characters; `regex`: a pattern that the text must match from its
    start. Raises TypeError for an option of the wrong type, ValueError for a pattern that does not
    compile.

    >>> class Rename(Job):
    ...     host = StringVar(description="Its new name", max_length=63, regex=r"^[a-z][a-z0-9-]*$")
    ...     def run(self, *, host): self.logger.info("Renaming to %s", host)
    """

    _members = ("min_length", "max_length", "regex")

    def __init__(
        self,
        min_length: int | None = None,
        max_length: int | None = None,
        regex: str | None = None,
        label: str = "",
        description: str = "",
        default: str | None = None,
        required: bool = True,
        widget: Any = None,
    ) -> None:
        super().__init__(label, description, default, required, widget)
        _check(self, "min_length", min_length, int, optional=True)
        _check(self, "max_length", max_length, int, optional=True)
        if isinstance(regex, re.Pattern):
            regex = regex.pattern
        _check(self, "regex", regex, str, optional=True)
        if regex is not None:
            try:
                re.compile(regex)
            except re.error as problem:
                raise ValueError(
                    "%s(regex=%r): %s" % (type(self).__name__, regex, problem)
                ) from None
        self.min_length = min_length
        self.max_length = max_length
        self.regex = regex


class TextVar(ScriptVariable):
    """Text of many lines; `""` when optional and left out.

    >>> class Announce(Job):
    ...     message = TextVar(label="Message", required=False)
    ...     def run(self, *, message): self.logger.info("%d lines", len(message.splitlines()))
    """


class IntegerVar(ScriptVariable):
    """A whole number; None when optional and left out.

    `min_value`, `max_value`: bounds, both included; 0 counts. Raises TypeError for an option of the
    wrong type.

    >>> class Resize(Job):
    ...     gigabytes = IntegerVar(min_value=1, max_value=512, default=20)
    ...     def run(self, *, gigabytes): self.logger.info("%d GB", gigabytes)
    """

    _members = ("min_value", "max_value")

    def __init__(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        label: str = "",
        description: str = "",
        default: int | None = None,
        required: bool = True,
        widget: Any = None,
    ) -> None:
        super().__init__(label, description, default, required, widget)
        _check(self, "min_value", min_value, int, optional=True)
        _check(self, "max_value", max_value, int, optional=True)
        self.min_value = min_value
        self.max_value = max_value


class BooleanVar(ScriptVariable):
    """True or False; never required, False when left out.

    >>> class Reboot(Job):
    ...     force = BooleanVar(description="Do not wait for users", default=False)
    ...     def run(self, *, force): self.logger.info("force=%s", force)
    """

    def __init__(
        self,
        label: str = "",
        description: str = "",
        default: bool | None = None,
        required: bool = False,
        widget: Any = None,
    ) -> None:
        super().__init__(label, description, default, required, widget)
        self.required = False


class DryRunVar(BooleanVar):
    """The switch of a job that can run without changing anything; the attribute must be called
    `dryrun`.

    A dry run needs no approval. Its initial value is `Meta.dryrun_default`.

    >>> class Clean(Job):
    ...     dryrun = DryRunVar()
    ...     def run(self, *, dryrun): self.logger.info("Only looking" if dryrun else "Deleting")
    """

    def __init__(
        self,
        label: str = "",
        description: str = "Check the run without making changes",
        default: bool | None = None,
        required: bool = False,
        widget: Any = None,
    ) -> None:
        super().__init__(label, description, default, required, widget)


class ChoiceVar(ScriptVariable):
    """One of a set of choices, as text; `""` when optional and left out.

    `choices`: (value, label) pairs, or (group, [(value, label), …]) pairs, or a mix. Raises
    TypeError for anything else.

    >>> class Paint(Job):
    ...     colour = ChoiceVar(choices=[("#f00", "Red"), ("Cold", [("#00f", "Blue")])])
    ...     def run(self, *, colour): self.logger.info("Painting in %s", colour)
    """

    _members = ("choices",)

    def __init__(
        self,
        choices: Choices,
        label: str = "",
        description: str = "",
        default: Any = None,
        required: bool = True,
        widget: Any = None,
    ) -> None:
        super().__init__(
            label, description, None if default is None else str(default), required, widget
        )
        self.choices: list[list[Any]] = [self._entry(*_pair(entry)) for entry in _entries(choices)]

    def _entry(self, value: Any, label: Any) -> list[Any]:
        if isinstance(label, (list, tuple)):
            return [str(value), [[_value(inner), str(text)] for inner, text in map(_pair, label)]]
        return [_value(value), str(label)]


def _value(value: Any) -> str:
    return "" if value is None else str(value)


def _entries(choices: Any) -> Iterable[Any]:
    if isinstance(choices, str):
        raise TypeError("ChoiceVar(choices=…) wants (value, label) pairs, got str (%r)" % choices)
    try:
        return list(choices)
    except TypeError:
        raise TypeError(
            "ChoiceVar(choices=…) wants (value, label) pairs, got %s" % type(choices).__name__
        ) from None


def _pair(entry: Any) -> Pair:
    if not isinstance(entry, (list, tuple)) or len(entry) != 2:
        raise TypeError(
            "ChoiceVar(choices=…) wants (value, label) pairs, got %r among them" % (entry,)
        )
    return entry[0], entry[1]


def is_variable(obj: object) -> bool:
    """Whether `obj` is an input variable.

    >>> is_variable(IntegerVar()), is_variable(IntegerVar), is_variable(5)
    (True, False, False)
    """
    return isinstance(obj, ScriptVariable)
