"""Replays a golden transcript against the real runner; spec/transcripts/README.md says how to."""

from __future__ import annotations

import json
import os
import re
import signal
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
    """The host of a transcript, with one base, one zygote and one child at most."""

    def __init__(self, host: host_side.Host) -> None:
        self.host = host
        self.ends: dict[str, host_side.Endpoint] = {"base": host.base}
        self.pids: dict[str, int] = {"base": host.process.pid}

    def play(self, lines: list[dict]) -> None:
        for line in lines:
            if line["from"] == "host":
                self._say(line)
            else:
                self._hear(line)

    def _say(self, line: dict) -> None:
        if "signal" in line:
            os.kill(self.pids[line["to"]], getattr(signal, line["signal"]))
            return
        text = json.dumps(line["frame"])
        for folder in ("jobs", "git"):
            text = text.replace("<%s>" % folder, str(FOLDER / folder))
        frame = json.loads(text)
        if frame["type"] == "describe":
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
            self.pids["zygote" if "zygote" in frame else "child"] = frame["pid"]
