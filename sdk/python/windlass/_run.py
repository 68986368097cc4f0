"""The run under way in this process: what the host said about it, and the way back to the host."""

from __future__ import annotations

import os
import threading

from windlass import _interrupt
from windlass._choices import JobResultStatusChoices
from windlass._records import Record
from windlass._uploads import UploadedFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence

    from windlass._channel import Channel, Frame
    from windlass._models import Job, JobResult, User

_DEFAULT_FILE_SIZE = 10 * 1024 * 1024

#: The run under way, None outside of one. Runs follow one another in a process, so there is at most
#: one.
current: Run | None = None


class Run:
    """One run. Made from its `run` frame; reports on `channel`."""

    def __init__(self, frame: Frame, channel: Channel, files: Sequence[int] = ()) -> None:
        self.channel = channel
        self.process = os.getpid()
        self.task_id: str = frame["task_id"]
        self.class_path: str = frame["class_path"]
        #: What `run()` gets and what the other methods get, once the lifecycle has made it.
        self.inputs: dict[str, Any] = frame.get("inputs") or {}
        self.kwargs: dict[str, Any] = self.inputs
        self.files = [UploadedFile(descriptor) for descriptor in files] if files else []
        self.attempt: int = frame.get("attempt", 1)
        self.queue: str = frame.get("queue", "default")
        self.create_file_max_size: int = frame.get("create_file_max_size", _DEFAULT_FILE_SIZE)
        self.failed = False
        #: What the run returned or raised, once it has ended.
        self.outcome: Any = None
        self._frame = frame
        self._records: dict[str, Any] = {}
        self._asked = 0
        self._asked_lock = threading.Lock()

    def _record(self, name: str) -> Any:
        """One of the run's own records, the same each time; None where there is none."""
        if name not in self._records:
            self._records[name] = self._made(name)
        return self._records[name]

    def _made(self, name: str) -> Any:
        # Here, because they ask for their fields by way of the run.
        from windlass import _models

        if name == "user":
            user = self._frame.get("user") or {}
            return _models.User._of_run(**user) if user.get("id") else None
        job = self._frame.get("job") or {}
        if name == "job_model":
            return _models.Job._of_run(**job) if job.get("id") else None
        return _models.JobResult._of_run(
            self.task_id,
            name=job.get("name") or self.class_path,
            status=JobResultStatusChoices.STATUS_STARTED,
            job_model=self.job_model,
            user=self.user,
            queue=self.queue,
            attempt=self.attempt,
        )

    @property
    def user(self) -> User | None:
        found: User | None = self._record("user")
        return found

    @property
    def job_model(self) -> Job | None:
        found: Job | None = self._record("job_model")
        return found

    @property
    def job_result(self) -> JobResult:
        found: JobResult = self._record("job_result")
        return found

    @property
    def request(self) -> Record:
        return Record(
            "id",
            id=self.task_id,
            args=(),
            kwargs=copied(self.kwargs),
            retries=self.attempt - 1,
            delivery_info={"routing_key": self.queue},
        )

    def exchange(self, head: str, tail: str) -> Frame:
        """Send the `file` or `ask` frame `head <number> tail` and wait for the host's answer."""
        with self._asked_lock:
            self._asked += 1
            number = self._asked
        self.channel.send_text("%s%d%s" % (head, number, tail))
        return _interrupt.wait_for_answer(number)

    def close_files(self) -> None:
        """The uploaded files are the run's alone."""
        for file in self.files:
            try:
                file.close()
            except OSError:
                pass  # the job closed its descriptor


def copied(value: Any) -> Any:
    """`value` with lists and dicts of its own, at every depth."""
    # An empty one needs no comprehension, which would make a function to be called once.
    if isinstance(value, dict):
        return {name: copied(item) for name, item in value.items()} if value else {}
    if isinstance(value, list):
        return [copied(item) for item in value] if value else []
    return value


def required(what: str) -> Run:
    """The run under way, for `what` that cannot be done without one. Raises RuntimeError."""
    if current is None:
        raise RuntimeError("%s works only while the job runs" % what)
    if current.process != os.getpid():
        raise RuntimeError(
            "%s works only in the job's own process, not in one that it forked" % what
        )
    return current
