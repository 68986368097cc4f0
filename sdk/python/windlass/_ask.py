"""Questions to the host while a job runs: its records, the rules of inputs."""

from __future__ import annotations

from windlass import _run
from windlass._channel import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Refused(RuntimeError):
    """The host did not answer; `code` is one of spec/errors.md, `fields` has messages a field."""

    __module__ = "windlass.jobs"

    def __init__(self, error: dict[str, Any]) -> None:
        self.code = str(error.get("code", ""))
        self.fields: dict[str, Any] = error.get("fields") or {}
        details = "; ".join(
            "%s: %s" % (name, " ".join(map(str, said if isinstance(said, list) else [said])))
            for name, said in self.fields.items()
        )
        message = str(error.get("message", "")) or "The server refused the question."
        super().__init__("%s (%s)" % (message, details) if details else message)


def ask(question: str, **members: Any) -> Any:
    """The host's answer to a `question` of spec/runner-protocol.md. For any thread of the job's
    process; raises Refused for an error, RuntimeError outside of a run.
    """
    run = _run.required("a question about %s to the server" % question)
    members["question"] = question
    answer = run.exchange('{"type":"ask","ask":', "," + encode(members)[1:])
    if isinstance(answer.get("error"), dict):
        raise Refused(answer["error"])
    return answer.get("value")
