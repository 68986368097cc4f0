"""Collections of records: what `JobResult.objects` and a MultiObjectVar's value are."""

from __future__ import annotations

from windlass import _ask, _filters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Iterator, NoReturn

    from windlass._filters import Filters
    from windlass._model import Model

_PAGE = 1000  # the most that the host sends at once


class Objects:
    """Records of one model, found when they are needed and kept from then on.

    Pages of 1,000 come one after another: what is created or deleted meanwhile may show or not.
    Raises ValueError for filters that the lists of the REST interface do not have.

    >>> recent = JobResult.objects.filter(status="FAILURE").exclude(user=self.user)
    >>> for result in recent.order_by("-date_created")[:10]:
    ...     self.logger.warning("%s failed: %s", result.name, result.reason)
    """

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self._filters: Filters | None = {}  # None: nothing can be in it
        self._sort: str | None = None
        self._start = 0
        self._stop: int | None = None
        self._shape: Callable[[Model], Any] | None = None
        self._found: list[Any] | None = None

    def _with(self, **changes: Any) -> Objects:
        other = Objects(self.model)
        other.__dict__.update(self.__dict__, _found=None, **changes)
        return other

    # Other collections.

    def all(self) -> Objects:
        """The same records, to be found anew."""
        return self._with()

    # What says how Django is to load, or who looks: it loads as needed, and the host decides.
    def _unchanged(self, *args: Any, **kwargs: Any) -> Objects:
        """The same records: here for job files that call it."""
        return self._with()

    select_related = prefetch_related = only = defer = distinct = restrict = _unchanged

    def none(self) -> Objects:
        """No records."""
        return self._with(_filters=None)

    def filter(self, *conditions: Any, **lookups: Any) -> Objects:
        """Those that meet every condition: `status="FAILURE"`, `name__icontains=`, `id__in=`,
        `date_created__gte=`.
        """
        return self._narrowed("filter", conditions, lookups)

    def exclude(self, *conditions: Any, **lookups: Any) -> Objects:
        """Those that do not meet the condition."""
        return self._narrowed("exclude", conditions, lookups)

    def with_ids(self, ids: Iterable[str]) -> Objects:
        """Those with one of the ids."""
        return self.filter(id__in=list(ids))

    def order_by(self, *fields: str) -> Objects:
        """Sorted by a field, with `-` before its name in descending order."""
        self._refuse_slice("order_by")
        if len(fields) > 1:
            raise ValueError("order_by() takes one field")
        sort = fields[0] if fields else ""
        down = sort[:1] == "-"
        return self._with(_sort="-"[:down] + _filters.field_of(sort[down:]) or None)

    def values(self, *fields: str) -> Objects:
        """The same as dicts of the named fields, by default all; a reference is an id."""

        def shape(record: Model) -> dict[str, Any]:
            return {name: record._plain(name) for name in fields or record._fields()}

        return self._with(_shape=shape)

    def values_list(self, *fields: str, flat: bool = False) -> Objects:
        """The same as tuples of the named fields; with `flat`, as values of the one field."""
        if flat and len(fields) != 1:
            raise TypeError("values_list(flat=True) takes one field")

        def shape(record: Model) -> Any:
            row = tuple(record._plain(name) for name in fields or record._fields())
            return row[0] if flat else row

        return self._with(_shape=shape)

    def _narrowed(self, how: str, conditions: Any, lookups: dict[str, Any]) -> Objects:
        self._refuse_slice(how)
        if conditions:
            raise TypeError("%s() takes conditions by keyword; Q objects are not available" % how)
        if self._filters is None:
            return self._with()
        return self._with(
            _filters=_filters.narrowed(self._filters, self.model, lookups, how == "exclude")
        )

    def _refuse_slice(self, how: str) -> None:
        if self._start or self._stop is not None:
            raise TypeError("%s() is not available once a slice has been taken" % how)

    # What is in it.

    def get(self, **lookups: Any) -> Any:
        """The one record. Raises `model.DoesNotExist`, `model.MultipleObjectsReturned`."""
        found = list((self.filter(**lookups) if lookups else self)[:2])
        if len(found) == 1:
            return found[0]
        asked = ", ".join("%s=%r" % item for item in lookups.items()) or "this"
        if found:
            problem = "More than one %s has %s." % (self.model.__name__, asked)
            self.model._raise(self.model.MultipleObjectsReturned, problem)
        problem = "There is no %s with %s." % (self.model.__name__, asked)
        self.model._raise(self.model.DoesNotExist, problem)

    def first(self) -> Any:
        """The first record, or None."""
        return next(iter(self[:1]), None)

    def last(self) -> Any:
        """The last record, or None."""
        count = self.count()
        return self[count - 1] if count else None

    def count(self) -> int:
        """How many there are."""
        if self._found is not None:
            return len(self._found)
        total = self._ask(0, 0)["count"] if self._filters is not None else 0
        end = total if self._stop is None else min(total, self._stop)
        return max(0, int(end) - self._start)

    def exists(self) -> bool:
        """Whether there is any."""
        return self.count() > 0

    def in_bulk(self, id_list: Iterable[str] | None = None) -> dict[str, Model]:
        """The records by their id; all, or those of the list."""
        chosen = self if id_list is None else self.with_ids(id_list)
        return {record.id: record for record in chosen._records()}

    def iterator(self, chunk_size: int = _PAGE) -> Iterator[Any]:
        """Go through it once, keeping nothing."""
        for record in self._records():
            yield record if self._shape is None else self._shape(record)

    def ids(self) -> list[str]:
        """The ids, without a question where they are what it was made of."""
        sliced = self._start or self._stop is not None
        if self._filters is not None and set(self._filters) == {"id"} and not sliced:
            return list(self._filters["id"])
        return [fields["id"] for fields in self._pages()]

    def raw(self) -> list[dict[str, Any]]:
        """The records as the host sends them."""
        return list(self._pages())

    def _records(self) -> Iterator[Model]:
        for fields in self._pages():
            yield self.model._at(fields["id"], fields)

    def _pages(self) -> Iterator[dict[str, Any]]:
        offset = self._start
        while self._filters is not None:
            size = _PAGE if self._stop is None else min(_PAGE, self._stop - offset)
            page = self._ask(size, offset)["objects"] if size > 0 else []
            yield from page
            offset += len(page)
            if len(page) < size or size <= 0:
                return

    def _ask(self, limit: int, offset: int) -> Any:
        members = {} if self._sort is None else {"sort": self._sort}
        try:
            return _ask.ask(
                "objects",
                object_type=self.model._object_type,
                filters=self._filters,
                limit=limit,
                offset=offset,
                **members,
            )
        except _ask.Refused as refused:
            if not refused.fields:
                raise
            raise ValueError("%s.objects: %s" % (self.model.__name__, refused)) from None

    def _all(self) -> list[Any]:
        if self._found is None:
            self._found = list(self.iterator())
        return self._found

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __bool__(self) -> bool:
        return self.exists()

    def __contains__(self, thing: object) -> bool:
        return thing in self._all()

    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return self._sliced(place)
        if place < 0:
            raise ValueError("negative places are not available: use last(), or a list of it")
        found = list(self._sliced(slice(place, place + 1)))
        if not found:
            raise IndexError("there are no more than %d" % place)
        return found[0]

    def _sliced(self, place: slice) -> Any:
        if self._found is not None:
            return self._found[place]
        start, stop = place.start or 0, place.stop
        if start < 0 or (stop is not None and stop < 0):
            raise ValueError("negative places are not available: use last(), or a list of it")
        first = self._start + start
        ends = [
            end
            for end in (self._stop, None if stop is None else self._start + stop)
            if end is not None
        ]
        chosen = self._with(_start=first, _stop=max(first, min(ends)) if ends else None)
        return list(chosen)[:: place.step] if place.step is not None else chosen

    def _as_json(self) -> list[Any]:
        return self._all()

    def __repr__(self) -> str:
        return "<collection of %s>" % self.model._object_type

    # Records are read-only from a job.

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Not from a job: raises TypeError."""
        raise TypeError(
            "records are read-only from a job: create(), update(), delete() and the like are not "
            "available; change %s through the REST interface, at /api/%s/"
            % (self.model._object_type, self.model._path)
        )

    create = update = delete = bulk_create = bulk_update = _refuse
    get_or_create = update_or_create = _refuse
