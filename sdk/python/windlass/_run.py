"""The run under way in this process: what the host said about it, and the way back to the host."""

from __future__ import annotations

import os
import threading

from windlass import _interrupt
from windlass._records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from windlass._channel import Channel, Frame

_DEFAULT_FILE_SIZE = 10 * 1024 * 1024

#: The run under way, None outside of one. Runs follow one another in a process, so there is at most
#: one.
current: Run | None = None


class Run:
    """One run. Made from its `run` frame; reports on `channel`."""

    def __init__(self, frame: Frame, channel: Channel) -> None:
        self.channel = channel
        self.process = os.getpid()
        self.task_id: str = frame["task_id"]
        self.class_path: str = frame["class_path"]
        self.inputs: dict[str, Any] = frame.get("inputs") or {}
        self.attempt: int = frame.get("attempt", 1)
        self.queue: str = frame.get("queue", "default")
        self.create_file_max_size: int = frame.get("create_file_max_size", _DEFAULT_FILE_SIZE)
        self.failed = False
        #: What the run returned or raised, once it has ended.
        self.outcome: Any = None
        self._frame = frame
        self._files = 0
        self._files_lock = threading.Lock()

    @property
    def user(self) -> Record:
        return Record("username", **(self._frame.get("user") or {"id": None, "username": ""}))

    @property
    def job_model(self) -> Record:
        return Record("name", **(self._frame.get("job") or {"id": None, "name": self.class_path}))

    @property
    def job_result(self) -> Record:
        job_model = self.job_model
        return Record(
            "name",
            id=self.task_id,
            name=job_model.name,
            status="STARTED",
            job_model=job_model,
            user=self.user,
            queue=self.queue,
            attempt=self.attempt,
        )

    @property
    def request(self) -> Record:
        return Record(
            "id", id=self.task_id, args=(), kwargs=dict(self.inputs), retries=self.attempt - 1
        )

    def ask_about_file(self, head: str, tail: str) -> Frame:
        """Send the `file` frame `head <number> tail` and wait for the host's answer."""
        with self._files_lock:
            self._files += 1
            number = self._files
        self.channel.send_text("%s%d%s" % (head, number, tail))
        return _interrupt.wait_for_answer(number)


def required(what: str) -> Run:
    """The run under way, for `what` that cannot be done without one. Raises RuntimeError."""
    if current is None:
        raise RuntimeError("%s works only while the job runs" % what)
    if current.process != os.getpid():
        raise RuntimeError(
            "%s works only in the job's own process, not in one that it forked" % what
        )
    return current
