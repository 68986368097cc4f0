"""What an uploaded log file says: entries by level, what is said most often, what took longest."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from windlass import jobs

name = "Examples"

ENTRY = re.compile(rb"\S+ (DEBUG|INFO|WARNING|ERROR|CRITICAL) (.+)")
DURATION = re.compile(rb" in (\d+) ms$")
NUMBER = re.compile(rb"\d+")
LINES_A_STEP = 50_000


def text(raw: bytes) -> str:
    return raw.decode(errors="replace")


class AnalyseLog(jobs.Job):
    class Meta:
        name = "Analyse Log"
        description = (
            "Reads lines of the form `TIME LEVEL MESSAGE`, where a message may end with ` in 12 ms`."
        )
        has_sensitive_variables = False

    log = jobs.FileVar(description="One entry a line; other lines are counted")
    top = jobs.IntegerVar(default=10, min_value=1, max_value=1000, description="Length of the lists")

    def run(self, *, log: Any, top: int) -> dict[str, Any]:
        levels: Counter[str] = Counter()
        messages: Counter[bytes] = Counter()
        slowest: list[tuple[int, int, bytes]] = []
        lines = read = 0
        for line in log:
            lines += 1
            read += len(line)
            if lines % LINES_A_STEP == 0:
                self.progress(read, log.size, "Reading")
                slowest = sorted(slowest)[:top]
            entry = ENTRY.fullmatch(line.rstrip(b"\r\n"))
            if entry is None:
                continue
            message = entry[2]
            levels[entry[1].decode()] += 1
            messages[NUMBER.sub(b"#", message)] += 1
            duration = DURATION.search(message)
            if duration is not None:
                slowest.append((-int(duration[1]), lines, message))
        self.progress(read, log.size, "Reading")

        unreadable = lines - sum(levels.values())
        if unreadable:
            self.logger.warning("%d of %d lines are no entries", unreadable, lines)
        for level, count in sorted(levels.items()):
            self.logger.info("%d entries", count, extra={"grouping": level})
        frequent = sorted(messages.items(), key=lambda pair: (-pair[1], pair[0]))[:top]
        return {
            "lines": lines,
            "unreadable": unreadable,
            "levels": dict(levels),
            "messages": [{"message": text(message), "count": count} for message, count in frequent],
            "slowest": [
                {"ms": -duration, "line": line, "message": text(message)}
                for duration, line, message in sorted(slowest)[:top]
            ],
        }


jobs.register_jobs(AnalyseLog)
