"""The host's side of the runner protocol, for tests: real processes, real sockets, every wait with
a deadline.
"""

from __future__ import annotations

import array
import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

SDK = Path(__file__).resolve().parent.parent
START = SDK / "windlass" / "_start.py"
DEADLINE_SECONDS = 20.0
MAX_MESSAGE = 60_000
PIDFD_OPEN = 434  # os.pidfd_open came with Python 3.9
#: Messages that no receiver can read as a frame.
NO_FRAMES = [
    b"{",
    b"[]",
    b"\xff",
    b"null",
    b'{"type": 5}',
    b'{"type": "part"}',
    b"[" * 50_000,
    b'{"type": "part", "frame": 1, "index": 1, "count": 2, "data": "x"}',
    b'{"type": "part", "frame": 1, "index": -1, "count": 2, "data": "x"}',
]


class Ended(Exception):
    """The other side closed its socket."""


def wait_readable(descriptor: int, seconds: float = DEADLINE_SECONDS) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    if not poll.poll(seconds * 1000):
        raise TimeoutError("nothing came within %g s" % seconds)


def wait_for_line(descriptor: int) -> bytes:
    """The next line of a pipe."""
    line = b""
    while not line.endswith(b"\n"):
        wait_readable(descriptor)
        character = os.read(descriptor, 1)
        if not character:
            raise Ended
        line += character
    return line


class Endpoint:
    """One socket of the host."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self._parts: dict[int, list[str]] = {}

    def send(self, frame: dict, descriptors: tuple[int, ...] = ()) -> None:
        self.send_raw(json.dumps(frame).encode(), descriptors)

    def send_raw(self, data: bytes, descriptors: tuple[int, ...] = ()) -> None:
        ancillary = []
        if descriptors:
            ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
        self.socket.sendmsg([data], ancillary)

    def receive(self) -> dict:
        """The next whole frame."""
        while True:
            self._wait()
            data = self.socket.recv(MAX_MESSAGE + 1)
            if not data:
                raise Ended
            assert len(data) <= MAX_MESSAGE
            frame = json.loads(data.decode())
            if frame["type"] != "part":
                return frame
            parts = self._parts.setdefault(frame["frame"], [])
            assert frame["index"] == len(parts)
            parts.append(frame["data"])
            if len(parts) == frame["count"]:
                return json.loads("".join(self._parts.pop(frame["frame"])))

    def _wait(self) -> None:
        wait_readable(self.socket.fileno())

    def receive_type(self, *kinds: str) -> dict:
        """The next frame of one of the types; others are passed over."""
        while True:
            frame = self.receive()
            if frame["type"] in kinds:
                return frame

    def close(self) -> None:
        self.socket.close()


@contextlib.contextmanager
def open_files(contents: Iterable[str | bytes]) -> Iterator[tuple[int, ...]]:
    """Read-only descriptors of files with these contents."""
    with contextlib.ExitStack() as stack:
        descriptors = []
        for content in contents:
            file = stack.enter_context(tempfile.NamedTemporaryFile())
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            descriptors.append(os.open(file.name, os.O_RDONLY))
            stack.callback(os.close, descriptors[-1])
        yield tuple(descriptors)


def pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


class Child(Endpoint):
    """The run socket of a child and the read ends of its pipes."""

    def __init__(self, sock: socket.socket, out: int, err: int) -> None:
        super().__init__(sock)
        self.out = out
        self.err = err
        self.pid = 0
        self._cancelled = False

    def run(self, class_path: str, **inputs: object) -> None:
        self.send(run_frame(class_path, **inputs))

    def run_with_files(self, contents: Iterable[str | bytes], class_path: str, **inputs) -> None:
        """Run it with uploaded files, to which `descriptor` in the inputs counts from 0."""
        with open_files(contents) as descriptors:
            self.send({"type": "input_files", "count": len(descriptors)}, descriptors)
        self.run(class_path, **inputs)

    def answer(self, value: object = None, **members: object) -> dict:
        """Wait for a question and answer it; returns the question."""
        asked = self.receive_type("ask", "result")
        assert asked["type"] == "ask", asked
        self.send({"type": "answer", "ask": asked["ask"], **(members or {"value": value})})
        return asked

    def result(self) -> dict:
        return self.receive_type("result")

    def frames(self) -> list[dict]:
        """Every frame up to the result, which is the last."""
        frames = [self.receive()]
        while frames[-1]["type"] != "result":
            frames.append(self.receive())
        return frames

    def cancel(self, reason: str = "cancelled") -> None:
        self.send({"type": "cancel", "reason": reason})
        self.interrupt()

    def interrupt(self) -> None:
        """Send SIGUSR1, and again when nothing comes of it."""
        os.kill(self.pid, signal.SIGUSR1)
        self._cancelled = True

    def _wait(self) -> None:
        # A signal that comes in the instant before a system call does not interrupt it.
        for _ in range(10 if self._cancelled else 0):
            try:
                return wait_readable(self.socket.fileno(), 0.2)
            except TimeoutError:
                os.kill(self.pid, signal.SIGUSR1)
        super()._wait()

    def wait_out(self) -> None:
        """Wait until there is something in stdout."""
        wait_readable(self.out)

    def read_out(self) -> bytes:
        return _read_waiting(self.out)

    def read_err(self) -> bytes:
        return _read_waiting(self.err)

    def close(self) -> None:
        super().close()
        os.close(self.out)
        os.close(self.err)


def _read_waiting(descriptor: int) -> bytes:
    """What is in the pipe now."""
    os.set_blocking(descriptor, False)
    data = b""
    try:
        while True:
            more = os.read(descriptor, 65536)
            if not more:
                break
            data += more
    except BlockingIOError:
        pass
    return data


def run_frame(class_path: str, **inputs: object) -> dict:
    return {
        "type": "run",
        "task_id": "01900000-0000-7000-8000-000000000001",
        "class_path": class_path,
        "inputs": inputs,
        "attempt": 1,
        "user": {"id": "01900000-0000-7000-8000-000000000002", "username": "admin"},
        "job": {
            "id": "01900000-0000-7000-8000-000000000003",
            "name": class_path.rpartition(".")[2],
        },
        "queue": "default",
        "create_file_max_size": 10485760,
    }


class Zygote(Endpoint):
    """The control socket of a zygote that has sent its manifest."""

    def __init__(self, host: Host, endpoint: Endpoint) -> None:
        super().__init__(endpoint.socket)
        self.host = host
        self.pid = 0
        self.imported: list[str] = []
        self.manifest: dict | None = None

    def module(self, name: str) -> dict:
        return next(module for module in self.manifest["modules"] if module["name"] == name)

    def fork(self, name: str = "c1") -> Child:
        return self.host.fork(self, name)

    def exited(self, child: Child) -> dict:
        """The end of `child`."""
        while True:
            frame = self.receive_type("exited")
            if frame["pid"] == child.pid:
                return frame


class Host:
    """A base process and what it forked."""

    def __init__(
        self,
        python: str = sys.executable,
        vendor: str = "/nonexistent",
        env: dict | None = None,
        command: Sequence[str] | None = None,
        **options,
    ):
        """The Python runner with that interpreter, or the one that `command` starts."""
        ours, theirs = pair()
        # The control socket has to be descriptor 3 of the base, whatever number it has here.
        place = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.execv(sys.argv[2], sys.argv[2:])"
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-S",
                "-c",
                place,
                str(theirs.fileno()),
                *(command or (python, str(START), vendor)),
            ],
            pass_fds=[theirs.fileno()],
            env=env,
            **options,
        )
        theirs.close()
        self.base = Endpoint(ours)
        self._open: list[Endpoint] = [self.base]

    def describe(self, version: dict, name: str = "z1", preload: tuple[str, ...] = ()) -> Endpoint:
        """Ask for a zygote; returns its control socket."""
        return self.send_describe(
            {"type": "describe", "zygote": name, "version": version, "preload": list(preload)}
        )

    def send_describe(self, frame: dict) -> Endpoint:
        """Send a describe frame with what belongs to it; returns the zygote's control socket."""
        ours, theirs = pair()
        self.base.send(frame, (theirs.fileno(),))
        theirs.close()
        zygote = Endpoint(ours)
        self._open.append(zygote)
        return zygote

    def fork(self, asked: Endpoint, name: str = "c1", version: dict | None = None) -> Child:
        """Ask a zygote, or the base with `version`, for a child, and wait for the answer."""
        child = self.ask_for_child(asked, name, version)
        answer = asked.receive_type("forked", "fork_failed")
        assert answer["type"] == "forked", answer
        child.pid = answer["pid"]
        return child

    def ask_for_child(self, asked: Endpoint, name: str, version: dict | None = None) -> Child:
        """As `fork`, without waiting for the answer."""
        frame = {"type": "fork", "child": name}
        if version is not None:
            frame["version"] = version
        return self.send_fork(asked, frame)

    def send_fork(self, asked: Endpoint, frame: dict) -> Child:
        """Send a fork frame with what belongs to it; returns the child's end of it all."""
        run, run_theirs = pair()
        out, out_theirs = os.pipe()
        err, err_theirs = os.pipe()
        asked.send(frame, (run_theirs.fileno(), out_theirs, err_theirs))
        run_theirs.close()
        os.close(out_theirs)
        os.close(err_theirs)
        child = Child(run, out, err)
        self._open.append(child)
        return child

    def zygote_of(self, version: dict, name: str = "z1") -> Zygote:
        """A zygote that has imported the version."""
        zygote = Zygote(self, self.describe(version, name))
        zygote.pid = self.base.receive_type("forked")["pid"]
        while zygote.manifest is None:
            frame = zygote.receive()
            if frame["type"] == "importing":
                zygote.imported.append(frame["module"])
            else:
                assert frame["type"] == "manifest", frame
                zygote.manifest = frame
        return zygote

    def exited(self, kind: str, name: str) -> dict:
        """The end of the process of that name that the base forked; `kind` is "zygote" or "child"."""
        while True:
            frame = self.base.receive_type("exited")
            if frame.get(kind) == name:
                return frame

    def close(self) -> None:
        try:
            self.base.send({"type": "exit"})
        except OSError:
            pass
        self.process.wait(DEADLINE_SECONDS)
        for endpoint in self._open:
            endpoint.close()


def jobs_root(
    path: Path, root: str | None = None, skip: dict | None = None, modules: list[str] | None = None
) -> dict:
    """A version of the folder `path`, with every top-level module of it."""
    if modules is None:
        found = {
            entry.stem
            for entry in path.iterdir()
            if entry.suffix == ".py" or (entry / "__init__.py").exists()
        }
        modules = sorted(found - set(skip or ()))
    return version_of(source_of("jobs_root", "jobs_root", modules, path, root, skip))


def git(path: Path, slug: str, root: str | None = None, skip: dict | None = None) -> dict:
    """A source: the repository `slug`, whose files are those of the folder `path` / `slug`."""
    name = slug + ".jobs"
    return source_of("git", "git:" + slug, [] if name in (skip or ()) else [name], path, root, skip)


def app(package: str, skip: dict | None = None) -> dict:
    """A source: the installed package."""
    modules = [] if package in (skip or ()) else [package]
    return source_of("app", "app:" + package, modules, skip=skip)


def source_of(
    kind: str,
    name: str,
    modules: list[str],
    path: Path | None = None,
    root: str | None = None,
    skip: dict | None = None,
) -> dict:
    """A source as the protocol has it."""
    source = {"kind": kind, "name": name, "modules": modules, "skip": skip or {}}
    if path is not None:
        source.update(path=str(path), root=root or str(path))
    return source


def version_of(*sources: dict, **more: object) -> dict:
    """A version of these sources; those of jobs_root() count as one."""
    whole = [one for source in sources for one in source.get("sources", [source])]
    return {"id": "v1", "sources": whole, **more}


def gone(pid: int, seconds: float = DEADLINE_SECONDS) -> bool:
    """Whether the process `pid` ends within the deadline."""
    descriptor = ctypes.CDLL(None, use_errno=True).syscall(PIDFD_OPEN, pid, 0)
    if descriptor < 0:
        return True
    try:
        wait_readable(descriptor, seconds)
        return True
    except TimeoutError:
        return False
    finally:
        os.close(descriptor)
