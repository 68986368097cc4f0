"""Input variables of a job. They declare; the server validates and coerces."""

from __future__ import annotations

import re

from windlass._channel import encode
from windlass._results import to_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypedDict

    from typing_extensions import Unpack

    from windlass._uploads import UploadedFile

    class Common(TypedDict, total=False):
        """Options that every variable takes by keyword."""

        label: str
        description: str
        default: Any
        required: bool
        widget: Any
        visible_if: dict[str, Any] | None


def check_option(
    variable: object, option: str, value: Any, kind: type, optional: bool = False
) -> None:
    """Raise TypeError unless `value` is of `kind`, or None where that is `optional`."""
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
    for the form to choose by; kept, with no effect on the value), `visible_if` (names of other
    variables, each with the value or list of values that shows this one; hidden, it is not required
    and arrives empty). Raises TypeError for an option of the wrong type.

    >>> class Ship(Job):
    ...     express = BooleanVar()
    ...     courier = StringVar(visible_if={"express": True})
    ...     def run(self, *, express, courier): self.logger.info("by %s", courier or "post")
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
        *,
        visible_if: dict[str, Any] | None = None,
    ) -> None:
        check_option(self, "label", label, str)
        check_option(self, "description", description, str)
        check_option(self, "required", required, bool)
        self.label = label
        self.description = description
        self.default = default
        self.required = required
        self.widget = widget
        self.visible_if = _conditions(self, visible_if)

    def _declare(self, name: str, variables: dict[str, ScriptVariable]) -> dict[str, Any]:
        """The variable as an object of the manifest; `variables` are all those of its class."""
        widget = self.widget
        if widget is not None and not isinstance(widget, str):
            widget = (widget if isinstance(widget, type) else type(widget)).__name__
        declared = {
            "name": name,
            "type": self._builtin_type(),
            "label": self.label,
            "description": self.description,
            "required": self.required,
            "has_default": self.default is not None,
            "default": self._serialised_default(),
            "widget": widget,
            "visible_if": None
            if self.visible_if is None
            else {
                other: [variables[other]._compared(value) for value in values]
                for other, values in self.visible_if.items()
            },
        }
        for member in self._members:
            declared[member] = getattr(self, member)
        return declared

    def _builtin_type(self) -> str:
        """The nearest class of ours: an author's subclass of StringVar is a StringVar to the
        server.
        """
        return next(
            kind.__name__ for kind in type(self).__mro__ if kind.__module__.startswith("windlass._")
        )

    def _serialised_default(self) -> Any:
        """The default in the form in which somebody would send it. Raises TypeError."""
        return to_plain(self.default)

    def _compared(self, value: Any) -> Any:
        """`value` as a coerced input of this variable is, to compare the two."""
        return value

    def _problems(self, cls: type, variables: dict[str, ScriptVariable]) -> list[str]:
        """What is wrong with this variable as one of `cls`, a sentence each."""
        problems = [
            "visible_if names %s, which is no variable of the class" % other
            for other in self.visible_if or ()
            if other not in variables
        ]
        try:
            self._serialised_default()
        except TypeError:
            problems.append("the default wants a JSON value, got %s" % type(self.default).__name__)
        return problems

    def _arrive(self, value: Any, files: list[UploadedFile]) -> Any:
        """What `run()` gets for `value` of the `run` frame. What is in that form already stays."""
        return value


def _conditions(variable: ScriptVariable, given: Any) -> dict[str, list[Any]] | None:
    """`visible_if` with a list of values for each name."""
    if given is None:
        return None
    check_option(variable, "visible_if", given, dict)
    conditions = {}
    for other, wanted in given.items():
        values = list(wanted) if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
        fits = all(value is None or isinstance(value, (str, int, float)) for value in values)
        if not isinstance(other, str) or not values or not fits:
            raise TypeError(
                "%s(visible_if=…) wants names of variables, each with a value or a list of values "
                "(text, numbers, bool), got %.80r: %.80r" % (type(variable).__name__, other, wanted)
            )
        conditions[other] = values
    return conditions or None


class SealableVar(ScriptVariable):
    """Base of the variables that take `sensitive=True`: their value is then sealed, shown nowhere,
    and wiped after the last attempt.
    """

    _members: tuple[str, ...] = ("sensitive",)

    def __init__(self, *common: Any, sensitive: bool = False, **options: Unpack[Common]) -> None:
        super().__init__(*common, **options)
        check_option(self, "sensitive", sensitive, bool)
        self.sensitive = sensitive


class StringVar(SealableVar):
    """One line of text, stripped; `""` when optional and left out.

    `min_length`, `max_length` in characters; `regex`: a pattern that is searched for anywhere in
    the text, so the whole text needs `^` and `$`; `sensitive`: sealed and never shown. Raises
    TypeError for an option of the wrong type, ValueError for a pattern that does not compile.

    >>> class Rename(Job):
    ...     host = StringVar(description="Its new name", max_length=63, regex=r"^[a-z][a-z0-9-]*$")
    ...     def run(self, *, host): self.logger.info("Renaming to %s", host)
    """

    _members = ("min_length", "max_length", "regex", "sensitive")

    def __init__(
        self,
        min_length: int | None = None,
        max_length: int | None = None,
        regex: str | re.Pattern[str] | None = None,
        *common: Any,
        sensitive: bool = False,
        **options: Unpack[Common],
    ) -> None:
        super().__init__(*common, sensitive=sensitive, **options)
        check_option(self, "min_length", min_length, int, optional=True)
        check_option(self, "max_length", max_length, int, optional=True)
        if isinstance(regex, re.Pattern):
            regex = regex.pattern
        check_option(self, "regex", regex, str, optional=True)
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


class TextVar(SealableVar):
    """Text of many lines; `""` when optional and left out. `sensitive`: sealed and never shown.

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
        *common: Any,
        **options: Unpack[Common],
    ) -> None:
        super().__init__(*common, **options)
        check_option(self, "min_value", min_value, int, optional=True)
        check_option(self, "max_value", max_value, int, optional=True)
        self.min_value = min_value
        self.max_value = max_value


class BooleanVar(ScriptVariable):
    """True or False; never required, False when left out.

    >>> class Reboot(Job):
    ...     force = BooleanVar(description="Do not wait for users", default=False)
    ...     def run(self, *, force): self.logger.info("force=%s", force)
    """

    def __init__(self, *common: Any, **options: Unpack[Common]) -> None:
        super().__init__(*common, **options)
        self.required = False


class DryRunVar(BooleanVar):
    """The switch of a job that can run without changing anything; the attribute must be called
    `dryrun`.

    A dry run needs no approval. Its initial value is `Meta.dryrun_default`.

    >>> class Clean(Job):
    ...     dryrun = DryRunVar()
    ...     def run(self, *, dryrun): self.logger.info("Only looking" if dryrun else "Deleting")
    """

    def __init__(self, *common: Any, **options: Unpack[Common]) -> None:
        super().__init__(*common, **options)
        self.description = self.description or "Check the run without making changes"


class JSONVar(SealableVar):
    """Any JSON value; None when optional and left out. `sensitive`: sealed and never shown.

    >>> class Configure(Job):
    ...     settings = JSONVar(default={"retries": 3})
    ...     def run(self, *, settings): self.logger.info("%d settings", len(settings))
    """

    def _serialised_default(self) -> Any:
        # The server takes text for JSON that somebody typed.
        plain = super()._serialised_default()
        return encode(plain) if isinstance(plain, str) else plain


class FileVar(SealableVar):
    """An uploaded file; None when optional and left out. `sensitive`: sealed, its content shown
    nowhere.

    The value is a binary file, open for reading, with `name` and `size` (bytes); it is closed when
    the run ends.

    >>> class Import(Job):
    ...     hosts = FileVar(description="CSV of hosts")
    ...     def run(self, *, hosts): return [line.decode().strip() for line in hosts]
    """

    def _arrive(self, value: Any, files: list[UploadedFile]) -> Any:
        if not isinstance(value, dict):
            return value
        place = value.get("descriptor")
        if type(place) is not int or not 0 <= place < len(files):
            raise OSError("The uploaded file %s did not reach the run." % value.get("name"))
        files[place].name = str(value.get("name"))
        return files[place]


def is_variable(obj: object) -> bool:
    """Whether `obj` is an input variable.

    >>> is_variable(IntegerVar()), is_variable(IntegerVar), is_variable(5)
    (True, False, False)
    """
    return isinstance(obj, ScriptVariable)
