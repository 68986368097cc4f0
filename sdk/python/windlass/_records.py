"""Read-only objects that stand for what the server keeps: the job, its result, the user, a file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def id_of(thing: object) -> str | None:
    """The id of a record or of any other object that has one as `pk`, None for all else."""
    pk = getattr(thing, "pk", None)
    return None if pk is None or isinstance(thing, type) else str(pk)


class Record:
    """Named values that cannot be changed. Its text is the value of `display`, or else its id.

    >>> user = Record("username", id="0190", username="admin")
    >>> user.username, str(user)
    ('admin', 'admin')
    """

    def __init__(self, _display: str, **fields: Any) -> None:
        object.__setattr__(self, "__dict__", fields)
        object.__setattr__(self, "_display_field", _display)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError("this record has no %s, only %s" % (name, ", ".join(self.as_dict())))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("this record cannot be changed from a job")

    @property
    def pk(self) -> Any:
        """The id, by its other name."""
        return self.__dict__.get("id")

    def as_dict(self) -> dict[str, Any]:
        """The fields as a new dict."""
        return {name: value for name, value in self.__dict__.items() if name != "_display_field"}

    _as_json = as_dict

    def __str__(self) -> str:
        return str(self.__dict__.get(self.__dict__["_display_field"]) or self.__dict__.get("id"))

    def __repr__(self) -> str:
        return "<Record %s>" % self.as_dict()

    def __eq__(self, other: object) -> bool:
        return other.as_dict() == self.as_dict() if isinstance(other, Record) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.__dict__.get("id"))
