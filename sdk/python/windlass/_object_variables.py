"""Variables whose values are objects that the server keeps."""

from __future__ import annotations

from windlass import _models
from windlass._model import TYPES
from windlass._records import id_of
from windlass._results import to_plain
from windlass._variables import ScriptVariable, check_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Unpack

    from windlass._uploads import UploadedFile
    from windlass._variables import Common


class ObjectVar(ScriptVariable):
    """One object that the server keeps, as a read-only record; None when optional and left out.

    `model`: a class of nautobot.extras.models or nautobot.users.models, or a text such as
    "extras.jobresult". `display_field`: the field that the form shows, by default `display`.
    `query_params`: filters that narrow the choice, as the REST lists take them; "$other" stands for
    the value of the variable `other`. `null_option`: a label for "none of them". Raises TypeError
    for an option of the wrong type.

    >>> class Explain(Job):
    ...     failed = ObjectVar(model="extras.jobresult", query_params={"status": "FAILURE"})
    ...     def run(self, *, failed): self.logger.info("%s: %s", failed.name, failed.reason)
    """

    _members: tuple[str, ...] = ("model", "display_field", "query_params", "null_option")

    def __init__(
        self,
        model: Any = None,
        display_field: str = "",
        query_params: dict[str, Any] | None = None,
        null_option: str | None = None,
        *common: Any,
        **options: Unpack[Common],
    ) -> None:
        super().__init__(*common, **options)
        check_option(self, "display_field", display_field, str)
        check_option(self, "query_params", query_params, dict, optional=True)
        check_option(self, "null_option", null_option, str, optional=True)
        #: The object type; what was given where that is none, for the error at registration.
        self.model = _models.object_type_of(model) or model
        self.display_field = display_field
        self.query_params = None if query_params is None else to_plain(query_params)
        self.null_option = null_option

    def _serialised_default(self) -> Any:
        return _reference(self.default)

    def _problems(self, cls: type, variables: dict[str, ScriptVariable]) -> list[str]:
        problems = super()._problems(cls, variables)
        if _models.object_type_of(self.model) is None:
            problems.append(
                "model wants one of %s, or a class of nautobot.extras.models, got %.100r"
                % (", ".join(sorted(TYPES)), self.model)
            )
        return problems

    def _arrive(self, value: Any, files: list[UploadedFile]) -> Any:
        return TYPES[self.model]._at(value) if isinstance(value, str) else value


class MultiObjectVar(ObjectVar):
    """Some objects that the server keeps, as a collection; an empty one when optional and left out.

    Options as of ObjectVar; `null_option` has no effect. The value offers what
    `JobResult.objects` does: `all`, `filter`, `count`, `exists`, `first`, `values_list`, iteration
    and more, over these objects.

    >>> class Compare(Job):
    ...     results = MultiObjectVar(model="extras.jobresult")
    ...     def run(self, *, results): return [result.name for result in results]
    """

    _members = ("model", "display_field", "query_params")

    def _serialised_default(self) -> Any:
        if isinstance(self.default, (list, tuple, set, frozenset)):
            return [_reference(one) for one in self.default]
        return _reference(self.default)

    def _arrive(self, value: Any, files: list[UploadedFile]) -> Any:
        if value is None or isinstance(value, (list, tuple)):
            ids = [id_of(one) or str(one) for one in value or ()]
            return TYPES[self.model].objects.with_ids(ids)
        return value


def _reference(default: Any) -> Any:
    """A record's id; anything else (an id, a name, filters) as it is. Raises TypeError."""
    return id_of(default) or to_plain(default)
