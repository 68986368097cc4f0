"""Runs a job in the calling process, for the tests of its author: no server, no processes.

>>> from windlass.jobs import testing
>>> def test_hello():
...     run = testing.run_job(Hello, who="you")
...     assert (run.status, run.result) == ("SUCCESS", "hello you")

Importing this module makes the import names of job files (`nautobot.apps.jobs` and so on) work in
the process, so import it before them, for instance in `conftest.py`.
"""

from __future__ import annotations

import base64
import collections
import contextlib
import copy
import io
import json
import logging
import sys
import uuid
from dataclasses import dataclass, field

from windlass import (
    _interrupt,
    _lifecycle,
    _logging,
    _meta,
    _nautobot,
    _properties,
    _registry,
    _run,
)
from windlass._channel import Channel
from windlass._job import BaseJob, JobButtonReceiver, JobHookReceiver
from windlass._register import register_jobs
from windlass._variables import DryRunVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

    from windlass._channel import Frame
    from windlass._variables import ScriptVariable

__all__ = ["Console", "FinishedRun", "LogEntry", "Progress", "run_job"]

_nautobot.install()

#: What `run()` gets for an optional variable that is left out; None for the types not named here.
_EMPTY: dict[str, Any] = {
    "BooleanVar": False,
    "ChoiceVar": "",
    "DryRunVar": False,
    "MultiChoiceVar": [],
    "MultiObjectVar": [],
    "StringVar": "",
    "TextVar": "",
}


@dataclass(frozen=True)
class LogEntry:
    """One entry of a run's log, with texts as the server would get them.

    `level` is one of LogLevelChoices; `object` and `url` are `""` for an entry about no object.

    >>> testing.run_job(Hello).logs[0].message
    'Greeting world'
    """

    level: str
    grouping: str
    message: str
    object: str = ""
    url: str = ""


@dataclass(frozen=True)
class Progress:
    """One call of `self.progress()`; `total` is None where it is not known.

    >>> testing.run_job(CountToThree).progress[-1]
    Progress(done=3, total=3, message='')
    """

    done: float
    total: float | None
    message: str


@dataclass(frozen=True)
class Console:
    """What the job printed with Python's own means, as text.

    >>> testing.run_job(Printing).console.stdout
    'printed\\n'
    """

    stdout: str
    stderr: str


@dataclass
class FinishedRun:
    """How a run ended and what it said.

    `status`: one of JobResultStatusChoices. `result`: what `run()` returned, as JSON has it; after
    an exception `exc_type`, `exc_message`, `exc_module`. `traceback`: text or None. `reason`: why
    it failed, a word of the runner protocol, or None. `exception`: the exception itself or None.
    `files`: content by name, the last of each name.

    >>> run = testing.run_job(Report, rows=2)
    >>> run.failed, run.files["squares.csv"].splitlines()[0]
    (False, b'number,square')
    """

    status: str = ""
    result: Any = None
    traceback: str | None = None
    reason: str | None = None
    exception: BaseException | None = None
    logs: list[LogEntry] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    progress: list[Progress] = field(default_factory=list)
    console: Console = Console("", "")

    @property
    def failed(self) -> bool:
        """Whether the status is FAILURE."""
        return self.status == "FAILURE"


def run_job(
    _job: type[BaseJob], *, _user: str = "tester", _attempt: int = 1, **inputs: Any
) -> FinishedRun:
    """Run a job class with everything that surrounds `run()`, and tell how it ended.

    `inputs` are what `run()` is to receive: the rules of variables (lengths, bounds, choices) are
    the server's and not applied. A variable left out has its default, or its empty value when it is
    not required. `_user` is the name of who starts the run, `_attempt` counts from 1.

    Raises TypeError for inputs that are unknown or missing, TypeError or ValueError for a class
    that cannot be registered, RuntimeError inside of a run. What the job raises is in the returned
    object, but for KeyboardInterrupt. Time limits do not apply, and questions to the server fail.

    >>> run = testing.run_job(Hello, who="you", _user="ada")
    >>> assert not run.failed, run.traceback
    >>> assert [entry.message for entry in run.logs] == ["Greeting you"]
    """
    if _run.current is not None:
        raise RuntimeError(
            "run_job() of windlass.jobs.testing is for tests, not for a job that runs"
        )
    with _registered(_job):
        if issubclass(_job, (JobHookReceiver, JobButtonReceiver)):
            raise TypeError(
                "%s is a receiver, which has no inputs: call its method" % _job.__name__
            )
        path = _properties.class_path_of(_job)
        frame = {
            "type": "run",
            "task_id": str(uuid.uuid4()),
            "class_path": path,
            "inputs": _completed(_job, inputs),
            "attempt": _attempt,
            "user": {"id": str(uuid.uuid4()), "username": _user},
            "job": {"id": str(uuid.uuid4()), "name": _meta.resolve(_job)["name"]},
        }
        finished = _perform(frame)
    if isinstance(finished.exception, KeyboardInterrupt):
        raise finished.exception  # of the person who runs the tests
    return finished


@contextlib.contextmanager
def _registered(cls: type[BaseJob]) -> Iterator[None]:
    """`cls` is the class of its path for a while."""
    before = dict(_registry._registered)
    register_jobs(cls)
    try:
        yield
    finally:
        _registry._registered.clear()
        _registry._registered.update(before)


def _completed(cls: type[BaseJob], inputs: dict[str, Any]) -> dict[str, Any]:
    variables = cls._get_vars()
    unknown = [name for name in inputs if name not in variables]
    missing = [
        name
        for name, variable in variables.items()
        if name not in inputs and variable.required and _default_of(cls, name, variable) is None
    ]
    problems = [
        "%s: %s" % (what, ", ".join(names))
        for what, names in (("unknown", unknown), ("missing", missing))
        if names
    ]
    if problems:
        raise TypeError("%s has other inputs; %s" % (cls.__name__, "; ".join(problems)))
    return {
        name: inputs[name] if name in inputs else _left_out(cls, name, variable)
        for name, variable in variables.items()
    }


def _default_of(cls: type[BaseJob], name: str, variable: ScriptVariable) -> Any:
    if name == "dryrun" and variable.default is None and isinstance(variable, DryRunVar):
        return _meta.resolve(cls)["dryrun_default"]
    return copy.deepcopy(variable.default)


def _left_out(cls: type[BaseJob], name: str, variable: ScriptVariable) -> Any:
    default = _default_of(cls, name, variable)
    return default if default is not None else copy.copy(_EMPTY.get(variable._builtin_type()))


class _Recorder(Channel):
    """Stands for the host: keeps what the run sends, and answers at once."""

    def __init__(self, finished: FinishedRun) -> None:
        self.finished = finished
        self._answers: collections.deque[Frame] = collections.deque()

    def send_text(self, text: str, _flags: int = 0) -> None:
        """Take one frame."""
        frame = json.loads(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
        kind = frame.pop("type")
        if kind == "log":
            frame.pop("time")
            self.finished.logs.append(LogEntry(**frame))
        elif kind == "progress":
            self.finished.progress.append(Progress(**frame))
        elif kind == "file":
            self.finished.files[frame["name"]] = base64.b64decode(frame["data"])
            id_ = str(uuid.uuid4())
            url = "/api/extras/file-proxies/%s/download/" % id_
            answer = {"type": "file_created", "file": frame["file"], "id": id_, "url": url}
            self._answers.append(answer)
        elif kind == "ask":
            message = "A test has no server to ask; give the job what it needs as an input."
            error = {"code": "testing.no_server", "message": message}
            self._answers.append({"type": "answer", "ask": frame["ask"], "error": error})

    def receive(self, flags: int = 0) -> Frame | None:
        """The next answer; BlockingIOError where there is none."""
        if not self._answers:
            raise BlockingIOError
        return self._answers.popleft()


def _perform(frame: dict[str, Any]) -> FinishedRun:
    finished = FinishedRun()
    recorder = _Recorder(finished)
    run = _run.Run(frame, recorder)
    _interrupt.attach(recorder)
    with _loggers(frame["class_path"].partition(".")[0]), _captured() as (out, err):
        # The text lacks its brace, before which a child says more.
        result = json.loads(_lifecycle.perform(run) + "}")
    finished.console = Console(_text_of(out), _text_of(err))
    finished.status, finished.result = result["status"], result["result"]
    finished.traceback, finished.reason = result["traceback"], result["reason"]
    if finished.reason not in (None, "fail"):
        finished.exception = run.outcome
    return finished


@contextlib.contextmanager
def _loggers(module: str) -> Iterator[None]:
    """The loggers of a runner process for a while, with the handlers that are there already."""
    changed = [logging.getLogger(), logging.getLogger(module)]
    levels = [logger.level for logger in changed]
    _logging.install()
    _logging.let_through(module)
    try:
        yield
    finally:
        _logging.uninstall()
        for logger, level in zip(changed, levels):
            logger.setLevel(level)


class _Kept(io.BytesIO):
    def close(self) -> None:
        """Keep what was written, though the job closes the stream."""


@contextlib.contextmanager
def _captured() -> Iterator[tuple[_Kept, _Kept]]:
    before = sys.stdout, sys.stderr
    kept = _Kept(), _Kept()
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(one, "utf-8", "backslashreplace", write_through=True) for one in kept
    )
    try:
        yield kept
    finally:
        sys.stdout, sys.stderr = before


def _text_of(stream: _Kept) -> str:
    return stream.getvalue().decode("utf-8", "replace")
