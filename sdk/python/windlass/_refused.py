"""Names that job files may import but not use, because what they stand for is not in Windlass."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class _Refusing(type):
    """The type of a class that raises NotImplementedError, with a sentence, in every use."""

    sentence = ""

    def __call__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(cls.sentence)

    def __getattr__(cls, name: str) -> NoReturn:
        # An AttributeError, so that looking at the class (as tools do) stays harmless.
        raise AttributeError(cls.sentence)


def refused(name: str, instead: str) -> Any:
    """A class called `name` that cannot be called, derived from or asked for attributes; `instead`
    ends the sentence that says so.
    """
    return _refusing(name, "%s does not exist in Windlass: %s" % (name, instead), {})


def of_the_server(module: str, name: str, instead: str) -> Any:
    """As `refused`, for a job that Windlass runs itself: the class tells its `class_path`."""
    path = "%s.%s" % (module, name)
    return _refusing(
        name,
        "%s is a job that Windlass runs itself: %s" % (name, instead),
        {"__module__": module, "class_path": path},
    )


def sentence_of(thing: object) -> str | None:
    """The sentence that the uses of `thing` fail with; None for what can be used."""
    return thing.sentence if isinstance(thing, _Refusing) else None


def _refusing(name: str, sentence: str, members: dict[str, Any]) -> Any:
    def refuse(cls: type, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(sentence)

    members.update(sentence=sentence, __doc__=sentence, __init_subclass__=refuse)
    return _Refusing(name, (), members)
