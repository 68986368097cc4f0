"""Replays a golden transcript against the real runner; spec/transcripts/README.md says how to."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import host as host_side

FOLDER = Path(__file__).resolve().parents[3] / "spec" / "transcripts"
WHOLE = {
    "<any>": lambda value: True,
    "<int>": lambda value: type(value) is int,
    "<number>": lambda value: type(value) in (int, float),
    "<text>": lambda value: isinstance(value, str),
}


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


class Language:
    """How the transcripts read for another language than Python, as `<folder>/language.json` says."""

    def __init__(self, name: str) -> None:
        self.folder = FOLDER / name
        said = json.loads((self.folder / "language.json").read_text())
        self.suffix: str = said["suffix"]
        self.not_for_it: dict[str, str] = said["not for it"]
        self.words: dict[str, str] = said["words"]

    def transcripts(self) -> list[Path]:
        """The shared ones that are for it, and its own."""
        shared = [path for path in FOLDER.glob("*.jsonl") if path.stem not in self.not_for_it]
        return sorted(shared) + sorted(self.folder.glob("*.jsonl"))

    def lines(self, path: Path) -> list[dict]:
        """Those of the transcript, in this language's words where the runner speaks."""
        if path.parent == self.folder:
            return read(path)
        return [
            line if line["from"] == "host" else {**line, "frame": self._own("", line["frame"])}
            for line in read(path)
        ]

    def _own(self, member: str, value: object) -> object:
        if isinstance(value, dict):
            return {name: self._own(name, item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._own("", item) for item in value]
        if member == "line":
            return "<int>"
        if not isinstance(value, str):
            return value
        if member == "traceback":
            return "<text>"
        if member == "file_path":
            return re.sub(r"\.py$", self.suffix, value)
        return self.words.get(value, value)


def fits(expected: object, value: object) -> bool:
    """Whether `value` is what the transcript's `expected` stands for."""
    if isinstance(expected, str):
        if expected in WHOLE:
            return WHOLE[expected](value)
        pattern = ".*".join(map(re.escape, expected.split("<any>")))
        return isinstance(value, str) and re.fullmatch(pattern, value, re.DOTALL) is not None
    if isinstance(expected, dict):
        return (
            isinstance(value, dict)
            and expected.keys() == value.keys()
            and all(fits(expected[key], value[key]) for key in expected)
        )
    if isinstance(expected, list):
        return (
            isinstance(value, list)
            and len(expected) == len(value)
            and all(map(fits, expected, value))
        )
    return type(expected) is type(value) and expected == value


class Replay:
    """The host of a transcript, with one base, one zygote and one child at most.

    `add_libraries` gives each source of a version what another runner than Python's needs.
    """

    def __init__(
        self, host: host_side.Host, add_libraries: Callable[[dict], None] | None = None
    ) -> None:
        self.host = host
        self.add_libraries = add_libraries
        self.ends: dict[str, host_side.Endpoint] = {"base": host.base}
        self.pids: dict[str, int] = {"base": host.process.pid}

    def play(self, lines: list[dict]) -> None:
        for line in lines:
            if line["from"] == "host":
                self._say(line)
            else:
                self._hear(line)

    def _say(self, line: dict) -> None:
        if line.get("signal") == "SIGUSR1":
            self.ends[line["to"]].interrupt()
            return
        if "signal" in line:
            os.kill(self.pids[line["to"]], getattr(signal, line["signal"]))
            return
        text = json.dumps(line["frame"])
        for folder in ("jobs", "git"):
            text = text.replace("<%s>" % folder, str(FOLDER / folder))
        frame = json.loads(text)
        if frame["type"] == "describe":
            for source in frame["version"].get("sources", ()) if self.add_libraries else ():
                self.add_libraries(source)
            self.ends["zygote"] = self.host.send_describe(frame)
        elif frame["type"] == "fork":
            self.ends["child"] = self.host.send_fork(self.ends[line["to"]], frame)
        else:
            with host_side.open_files(line.get("files", ())) as descriptors:
                self.ends[line["to"]].send(frame, descriptors)

    def _hear(self, line: dict) -> None:
        frame = self.ends[line["from"]].receive()
        assert fits(line["frame"], frame), "expected %s\ngot %s" % (
            json.dumps(line["frame"]),
            json.dumps(frame),
        )
        if frame["type"] == "forked":
            name = "zygote" if "zygote" in frame else "child"
            self.pids[name] = self.ends[name].pid = frame["pid"]
