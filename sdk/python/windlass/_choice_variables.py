"""Variables whose value is one or some of a set of choices."""

from __future__ import annotations

from windlass._variables import ScriptVariable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable, Tuple, Union

    from typing_extensions import Unpack

    from windlass._variables import Common

    Pair = Tuple[Any, Any]
    Choices = Iterable[Union[Pair, Tuple[str, Iterable[Pair]]]]


class ChoiceVar(ScriptVariable):
    """One of a set of choices, as text; `""` when optional and left out.

    `choices`: (value, label) pairs, or (group, [(value, label), …]) pairs, or a mix; or the name of
    a class method `def site_choices(cls, form)` that returns such a list for the inputs given so
    far. Raises TypeError for anything else.

    >>> class Paint(Job):
    ...     colour = ChoiceVar(choices=[("#f00", "Red"), ("Cold", [("#00f", "Blue")])])
    ...     def run(self, *, colour): self.logger.info("Painting in %s", colour)
    """

    _members = ("choices", "choices_method")

    def __init__(self, choices: Choices | str, *common: Any, **options: Unpack[Common]) -> None:
        super().__init__(*common, **options)
        method = isinstance(choices, str) and choices.isidentifier()
        self.choices_method = str(choices) if method else None
        self.choices: list[list[Any]] = (
            [] if method else plain_choices(choices, "%s(choices=…)" % type(self).__name__)
        )

    def _serialised_default(self) -> Any:
        return None if self.default is None else _value(self.default)

    def _compared(self, value: Any) -> Any:
        return _value(value)

    def _problems(self, cls: type, variables: dict[str, ScriptVariable]) -> list[str]:
        problems = super()._problems(cls, variables)
        name = self.choices_method
        if name is None:
            return problems
        found = next((vars(kind)[name] for kind in cls.__mro__ if name in vars(kind)), None)
        if not isinstance(found, (classmethod, staticmethod)):
            problems.append(
                "its choices name the class method %s, which the class does not have: write "
                "`@classmethod` and `def %s(cls, form):`" % (name, name)
            )
        return problems


class MultiChoiceVar(ChoiceVar):
    """Some of a set of choices, as a list of text; `[]` when optional and left out.

    `choices` as of ChoiceVar. Raises TypeError for anything else.

    >>> class Notify(Job):
    ...     teams = MultiChoiceVar(choices=[("net", "Network"), ("db", "Databases")])
    ...     def run(self, *, teams): self.logger.info("Telling %s", ", ".join(teams))
    """

    def _serialised_default(self) -> Any:
        if self.default is None:
            return None
        if isinstance(self.default, (list, tuple, set, frozenset)):
            return [_value(value) for value in self.default]
        return [_value(self.default)]


def plain_choices(choices: Any, where: str) -> list[list[Any]]:
    """`choices` as the manifest has them. Raises TypeError, whose text begins with `where`."""
    return [_entry(*_pair(entry, where), where) for entry in _entries(choices, where)]


def _entry(value: Any, label: Any, where: str) -> list[Any]:
    if isinstance(label, (list, tuple)):
        pairs = [_pair(inner, where) for inner in label]
        return [str(value), [[_value(inner), str(text)] for inner, text in pairs]]
    return [_value(value), str(label)]


def _value(value: Any) -> str:
    return "" if value is None else str(value)


def _entries(choices: Any, where: str) -> list[Any]:
    if isinstance(choices, str):
        raise TypeError("%s wants (value, label) pairs, got str (%r)" % (where, choices))
    try:
        return list(choices)
    except TypeError:
        raise TypeError(
            "%s wants (value, label) pairs, got %s" % (where, type(choices).__name__)
        ) from None


def _pair(entry: Any, where: str) -> Pair:
    if not isinstance(entry, (list, tuple)) or len(entry) != 2:
        raise TypeError("%s wants (value, label) pairs, got %.200r among them" % (where, entry))
    return entry[0], entry[1]
