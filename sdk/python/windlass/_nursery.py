"""The loop of the base process and of a zygote: fork when asked, reap, report, and end what a child
left behind.

Single-threaded. `serve()` comes back only in a forked process, with what that process is to do.
"""

from __future__ import annotations

import os
import select
import signal

from windlass import _process, _streams
from windlass._channel import BadFrame, Channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, NoReturn

    from windlass._channel import Frame

    Role = Callable[[], Any]

_FAREWELL_ROUNDS = 50
_FAREWELL_WAIT_MS = 100

#: What this process was before it was forked.
_left_behind: list[Nursery] = []


class Nursery:
    """Forks processes for the host behind `control`."""

    def __init__(self, control: Channel) -> None:
        self.control = control
        self._commands: dict[str, Callable[[Frame, list[int]], Role | None]] = {}
        self._children: dict[int, dict[str, str]] = {}
        self._ended: list[dict[str, Any]] = []
        # Processes that are no child's leavings: what modules started at import, what may not be
        # killed.
        self._left_alone = set(_process.children_of(os.getpid()))
        self._wake_read, self._wake_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)

    def add_command(self, name: str, run: Callable[[Frame, list[int]], Role | None]) -> None:
        """Call `run` with each frame of type `name` and the descriptors that came with it, which it
        then owns.
        """
        self._commands[name] = run

    def serve(self) -> Role:
        """Serve the control socket. Comes back only in a forked process, with its role."""
        self._poll = poll = select.poll()
        poll.register(self._wake_read, select.POLLIN)
        poll.register(self.control.descriptor, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == self._wake_read:
                    self._reap()
                else:
                    role = self._obey()
                    if role is not None:
                        return role

    def fork(self, kind: str, name: str, descriptors: list[int], role: Role) -> Role | None:
        """Fork a process that is to do `role`, and answer the host.

        `kind` is the member of the answer that carries `name`; `descriptors` go to the new process.
        """
        _streams.flush()
        try:
            pid = os.fork()
        except OSError as problem:
            return self.refuse(kind, name, descriptors, "fork: %s" % problem.strerror)
        if pid == 0:
            self._leave()
            return role
        _close(descriptors)
        self._children[pid] = {kind: name}
        self.tell({"type": "forked", kind: name, "pid": pid})
        return None

    def tell(self, frame: Frame) -> None:
        """Send `frame` to the host; without a host, end."""
        try:
            self.control.send(frame)
        except OSError:
            self._end()

    def refuse(self, kind: str, name: str, descriptors: list[int], message: str) -> Role | None:
        """Tell the host that a process could not be forked, and close what came for it."""
        _close(descriptors)
        self.tell({"type": "fork_failed", kind: name, "message": message})
        return None

    def _leave(self) -> None:
        """In a forked process: give up what belongs to the parent."""
        # Its memory stays: to free it would cost more than it is worth here.
        _left_behind.append(self)
        signal.set_wakeup_fd(-1)
        self.control.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _obey(self) -> Role | None:
        try:
            frame, descriptors = self.control.receive_with_descriptors()
        except BadFrame as problem:
            self.tell({"type": "error", "message": str(problem)})
            return None
        if frame is None:
            self._end()
        if not frame:
            return None
        if frame["type"] == "exit":
            self._end()
        command = self._commands.get(frame["type"])
        if command is not None:
            return command(frame, descriptors)
        _close(descriptors)
        self.tell({"type": "error", "message": "unknown frame type %.100r" % frame["type"]})
        return None

    def _reap(self) -> None:
        try:
            os.read(self._wake_read, 4096)
        except BlockingIOError:
            pass
        self._wait()
        if self._ended and not self._end_strays():
            for frame in self._ended:
                self.tell(frame)
            self._ended.clear()

    def _wait(self) -> None:
        """Collect every process that has ended."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            child = self._children.pop(pid, None)
            self._left_alone.discard(pid)
            if child is not None:
                self._ended.append(
                    {
                        "type": "exited",
                        **child,
                        "pid": pid,
                        "status": status,
                        "user_seconds": usage.ru_utime,
                        "system_seconds": usage.ru_stime,
                        "max_rss_kib": usage.ru_maxrss,
                    }
                )

    def _end_strays(self) -> bool:
        """Kill what dead children left to us; False once nothing is left. Their ends wake the loop
        for another look.
        """
        strays = [
            pid
            for pid in _process.children_of(os.getpid())
            if pid not in self._children and pid not in self._left_alone
        ]
        self._left_alone |= _process.end_trees(strays)
        return bool(strays)

    def _end(self) -> NoReturn:
        """End everything below this process, then this process."""
        poll = select.poll()
        poll.register(self._wake_read, select.POLLIN)
        for _ in range(_FAREWELL_ROUNDS):
            children = _process.children_of(os.getpid())
            if not children:
                break
            _process.end_trees(children)
            self._wait()
            poll.poll(_FAREWELL_WAIT_MS)
            try:
                os.read(self._wake_read, 4096)
            except BlockingIOError:
                pass
        os._exit(0)


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
