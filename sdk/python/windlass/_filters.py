"""Filters of a collection, from the words of Django's lookups to those of the REST lists."""

from __future__ import annotations

from windlass._records import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

    from windlass._model import Model

    Filters = Dict[str, List[str]]

#: Lookup to the suffix of the REST lists.
_SUFFIXES = {
    "exact": "",
    "in": "",
    "n": "__n",
    "ic": "__ic",
    "icontains": "__ic",
    "gte": "__gte",
    "lte": "__lte",
}
_NEGATED = {"": "__n", "__n": ""}


def narrowed(
    filters: Filters, model: type[Model], lookups: dict[str, Any], negate: bool
) -> Filters | None:
    """`filters` and `lookups` (each of them not to hold, when `negate`); None when nothing can have
    both. Raises ValueError for what the lists cannot tell.
    """
    if negate and len(lookups) > 1:
        raise ValueError("exclude() takes one condition at a time: write one exclude() for each")
    result = dict(filters)
    for lookup, value in lookups.items():
        field, suffix = _translated(model, lookup)
        texts = [_text(lookup, one) for one in _values(lookup, value)]
        if negate:
            if suffix not in _NEGATED:
                raise ValueError("exclude(%s=…) is not available: only equality is" % lookup)
            suffix = _NEGATED[suffix]
        if not _add(result, field + suffix, texts, suffix):
            return None
    return result


def field_of(name: str) -> str:
    """The field that the attribute `name` shows."""
    return "id" if name == "pk" else name


def _translated(model: type[Model], lookup: str) -> tuple[str, str]:
    """Field and suffix."""
    path = lookup.split("__")
    suffix = _SUFFIXES[path.pop()] if len(path) > 1 and path[-1] in _SUFFIXES else ""
    field = field_of(path[0])
    if field.endswith("_id") and field[:-3] in model._references:
        field = field[:-3]
    # By the id or the name of what a field refers to; the lists find it by either.
    known = ("id", "pk", *model._references.get(field, ()))
    if len(path) == 1 or (len(path) == 2 and field in model._references and path[1] in known):
        return field, suffix
    raise ValueError(
        "filter(%s=…) is not available: take a field of %s with one of %s behind it, or nothing"
        % (lookup, model._object_type, ", ".join("__" + name for name in _SUFFIXES))
    )


def _values(lookup: str, value: Any) -> list[Any]:
    if not lookup.endswith("__in"):
        return [value]
    if isinstance(value, str):
        raise ValueError("filter(%s=…) wants a list of values, got str (%r)" % (lookup, value))
    return list(value)


def _text(lookup: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    if id_of(value) is not None:
        return str(id_of(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if type(value).__name__ == "UUID":
        return str(value)
    raise ValueError(
        "filter(%s=…) wants text, a number, a bool, a time or a record, got %s"
        % (lookup, "None" if value is None else type(value).__name__)
    )


def _add(filters: Filters, name: str, texts: list[str], suffix: str) -> bool:
    """Whether anything can have what is in `filters` then."""
    before = filters.get(name)
    if before is None:
        filters[name] = texts
        # Of several values one has to fit, so without a value nothing does, or for "not" anything.
        if not texts and suffix == "__n":
            del filters[name]
        return bool(texts) or suffix == "__n"
    if suffix == "":
        filters[name] = [text for text in before if text in texts]
        return bool(filters[name])
    if suffix == "__ic":
        raise ValueError("only one condition %s is available at a time" % name)
    filters[name] = before + texts
    return True
