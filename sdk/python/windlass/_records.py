"""Read-only objects that stand for what the server keeps: the job, its result, the user, a file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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

    def as_dict(self) -> dict[str, Any]:
        """The fields as a new dict."""
        return {name: value for name, value in self.__dict__.items() if name != "_display_field"}

    def __str__(self) -> str:
        return str(self.__dict__.get(self.__dict__["_display_field"]) or self.__dict__.get("id"))

    def __repr__(self) -> str:
        return "<Record %s>" % self.as_dict()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and other.as_dict() == self.as_dict()

    def __hash__(self) -> int:
        return hash(self.__dict__.get("id"))
