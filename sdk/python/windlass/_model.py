"""A record of the server as a read-only view; `_models` has those that there are."""

from __future__ import annotations

from windlass import _exceptions
from windlass._choices import JobResultStatusChoices
from windlass._objects import Objects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any, NoReturn

_STATUSES = {status: status for status in JobResultStatusChoices.values()}

#: The object types that exist here.
TYPES: dict[str, type[Model]] = {}


class _Manager:
    """`Model.objects`: a fresh collection each time."""

    def __get__(self, instance: object, owner: type[Model]) -> Objects:
        return Objects(owner)


class Model:
    """A record as the REST interface shows it: its fields are attributes, besides `id` and `pk`.

    Times are datetimes, references are records that load when they are read.
    """

    __slots__ = ("_given", "_loaded", "id")

    _object_type = ""
    _path = ""  # below /api/
    _times: frozenset[str] = frozenset()
    #: Fields that refer to another record, each with the names by which a filter may know it.
    _references: dict[str, tuple[str, ...]] = {}

    id: str
    _loaded: dict[str, Any] | None
    #: What is known without a question; only of the run's own records.
    _given: dict[str, Any]

    objects = _Manager()

    class DoesNotExist(_exceptions.ObjectDoesNotExist):
        """No record has what was asked for."""

    class MultipleObjectsReturned(_exceptions.MultipleObjectsReturned):
        """More than one record has what was asked for."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        TYPES.setdefault(cls._object_type, cls)
        for kind in (Model.DoesNotExist, Model.MultipleObjectsReturned):
            name = kind.__name__
            body = {"__module__": cls.__module__, "__qualname__": "%s.%s" % (cls.__name__, name)}
            setattr(cls, name, type(name, (kind,), body))

    def __init__(self, *args: Any, **fields: Any) -> None:
        _refuse_change(type(self), "%s(…)" % type(self).__name__)

    @classmethod
    def _at(cls, id: str, fields: dict[str, Any] | None = None) -> Model:
        """The record of that id, with its fields as the host sent them, or to load when needed."""
        record = cls.__new__(cls)
        object.__setattr__(record, "id", id)
        object.__setattr__(record, "_loaded", fields)
        object.__setattr__(record, "_given", {})
        return record

    @classmethod
    def _of_run(cls, id: str, **given: Any) -> Model:
        """The record of that id; the `run` frame says the given fields, the host the rest."""
        record = cls._at(id)
        object.__setattr__(record, "_given", given)
        return record

    @classmethod
    def _raise(cls, kind: type[Exception], message: str) -> NoReturn:
        name = next(
            base.__name__ for base in kind.__mro__ if base.__module__ == _exceptions.__name__
        )
        raise _exceptions.with_peer(kind, "django.core.exceptions", name)(message)

    @property
    def pk(self) -> str:
        """The id, by its other name."""
        return self.id

    def get_absolute_url(self) -> str:
        """The record's path on the server."""
        return "/api/%s/%s/" % (self._path, self.id)

    def refresh_from_db(self) -> None:
        """Forget the fields, so that the next one read is as it stands then."""
        object.__setattr__(self, "_loaded", None)
        object.__setattr__(self, "_given", {})

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Not from a job: raises TypeError."""
        _refuse_change(type(self), "save()")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Not from a job: raises TypeError."""
        _refuse_change(type(self), "delete()")

    validated_save = save

    def _fields(self) -> dict[str, Any]:
        if self._loaded is None:
            found = self.objects.with_ids([self.id]).raw()
            if not found:
                problem = "There is no %s with the id %s." % (type(self).__name__, self.id)
                self._raise(self.DoesNotExist, problem)
            object.__setattr__(self, "_loaded", found[0])
        return self._loaded or {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._given:
            return self._given[name]
        fields = self._fields()
        if name in fields:
            return self._converted(name, fields[name])
        reference = name[:-3] if name.endswith("_id") else ""
        if reference in self._references and reference in fields:
            return self._plain(reference)
        raise AttributeError(
            "a %s has no %s, only %s" % (type(self).__name__, name, ", ".join(fields))
        )

    def _converted(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            if value.get("object_type") in TYPES and "id" in value:
                whole = value if "display" in value else None
                return TYPES[value["object_type"]]._at(value["id"], whole)
            if name == "status" and "value" in value:
                value = value["value"]
        if name == "status":
            return _STATUSES.get(value, value)  # the very objects of JobResultStatusChoices
        return _time(value) if name in self._times and isinstance(value, str) else value

    def _plain(self, name: str) -> Any:
        """The attribute `name` as `values()` has it: a reference is an id."""
        value = getattr(self, name)
        return value.id if isinstance(value, Model) else value

    def _as_json(self) -> dict[str, Any]:
        if self._given:
            return {"id": self.id, **self._given}
        return {
            "id": self.id,
            "object_type": self._object_type,
            "url": self.get_absolute_url(),
        }

    def __setattr__(self, name: str, value: Any) -> None:
        _refuse_change(type(self), "setting %s" % name, AttributeError)

    def __str__(self) -> str:
        if self._given:
            return str(self._given.get("name") or self._given.get("username") or self.id)
        return str(self._fields().get("display") or self.id)

    def __repr__(self) -> str:
        return "<%s %s>" % (type(self).__name__, self.id)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __reduce__(self) -> Any:
        return _again, (self._object_type, self.id, self._given)


def _again(object_type: str, id: str, given: dict[str, Any]) -> Model:
    return TYPES[object_type]._of_run(id, **given)


def _refuse_change(model: type[Model], what: str, kind: type[Exception] = TypeError) -> NoReturn:
    raise kind(
        "%s: records are read-only from a job; change %s through the REST interface, at /api/%s/"
        % (what, model._object_type or "them", model._path)
    )


def _time(text: str) -> datetime:
    """RFC 3339 in UTC, as the host writes it."""
    from datetime import datetime, timezone

    whole, _, fraction = text.rstrip("Z").partition(".")
    time = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return time.replace(microsecond=int((fraction + "000000")[:6]))
