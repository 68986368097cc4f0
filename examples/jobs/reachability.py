"""Which hosts of a network take TCP connections: many attempts at once, with progress and a clean stop."""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections import Counter, deque
from typing import Any

from windlass import jobs

name = "Examples"

MOST_TARGETS = 1_000_000
MOST_LISTED = 1000


def ports_in(text: str) -> list[int]:
    """The ports of "22,80,8000-8080", in order and once each."""
    found: set[int] = set()
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    ports = sorted(found)
    if not ports or ports[0] < 1 or ports[-1] > 65535:
        raise ValueError("ports are numbers from 1 to 65535, the lower one of a range first")
    return ports


def outcome_of(status: int) -> str:
    if status == 0:
        return "open"
    if status in (errno.ECONNREFUSED, errno.ECONNRESET):
        return "refused"
    return "silent" if status == errno.ETIMEDOUT else "unreachable"


class Attempts:
    """Connections under way; none of them is waited for alone."""

    def __init__(self, family: int, timeout: float) -> None:
        self.family = family
        self.timeout = timeout
        self.selector = selectors.DefaultSelector()
        self.deadlines: deque[tuple[float, socket.socket]] = deque()
        self.ended: list[tuple[int, str]] = []

    def start(self, number: int, address: str, port: int) -> None:
        connection = socket.socket(self.family, socket.SOCK_STREAM)
        connection.setblocking(False)
        status = connection.connect_ex((address, port))
        if status == errno.EINPROGRESS:
            self.selector.register(connection, selectors.EVENT_WRITE, number)
            self.deadlines.append((time.monotonic() + self.timeout, connection))
        else:
            self.ended.append((number, outcome_of(status)))
            connection.close()

    def wait(self) -> list[tuple[int, str]]:
        """Those that have ended by now, each with its outcome; waits at most a tenth of a second."""
        for key, _ in self.selector.select(0 if self.ended else 0.1):
            connection: Any = key.fileobj
            self.end(connection, outcome_of(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)))
        now = time.monotonic()
        while self.deadlines and (self.deadlines[0][1].fileno() < 0 or self.deadlines[0][0] <= now):
            _, connection = self.deadlines.popleft()
            if connection.fileno() >= 0:
                self.end(connection, "silent")
        ended, self.ended = self.ended, []
        return ended

    def end(self, connection: socket.socket, outcome: str) -> None:
        self.ended.append((self.selector.unregister(connection).data, outcome))
        connection.close()

    def close(self) -> None:
        for _, connection in self.deadlines:
            connection.close()
        self.selector.close()


class Sweep(jobs.Job):
    class Meta:
        name = "Sweep Network"
        description = "Tries to connect to each port of each host and tells which ones answer."
        has_sensitive_variables = False
        soft_time_limit = 3600
        time_limit = 3660

    network = jobs.IPNetworkVar(default="127.0.0.1/32", description="Whose hosts are tried")
    ports = jobs.StringVar(
        default="22,80,443",
        regex=r"^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$",
        description="Such as 22,8000-8080",
    )
    timeout = jobs.IntegerVar(default=1000, min_value=10, max_value=60_000, description="Milliseconds")
    at_once = jobs.IntegerVar(default=256, min_value=1, max_value=512, description="Attempts under way")

    def run(self, *, network: Any, ports: str, timeout: int, at_once: int) -> dict[str, Any]:
        numbers = ports_in(ports)
        skipped = (
            1 if network.version == 4 and network.prefixlen <= 30 else 0
        )  # the first and the last address
        total = (network.size - 2 * skipped) * len(numbers)
        if total > MOST_TARGETS:
            raise ValueError(f"{network} has more than {MOST_TARGETS} hosts and ports to try")

        counts = Counter(open=0, refused=0, silent=0, unreachable=0)
        found: list[tuple[int, str]] = []
        started = done = 0
        attempts = Attempts(socket.AF_INET if network.version == 4 else socket.AF_INET6, timeout / 1000)
        shown = time.monotonic()
        try:
            while done < total:
                while started < total and started - done < at_once:
                    host, port = divmod(started, len(numbers))
                    attempts.start(started, str(network[skipped + host]), numbers[port])
                    started += 1
                for number, outcome in attempts.wait():
                    done += 1
                    counts[outcome] += 1
                    if outcome == "open":
                        host, port = divmod(number, len(numbers))
                        place = f"{network[skipped + host]} port {numbers[port]}"
                        self.logger.success("Open", extra={"grouping": "open", "object": place})
                        found.append((number, place))
                if time.monotonic() - shown >= 0.1 or done == total:
                    shown = time.monotonic()
                    self.progress(done, total, "Connecting")
        finally:
            attempts.close()

        self.logger.info("%d of %d are open", counts["open"], total)
        return {
            "tried": total,
            "outcomes": dict(counts),
            "open": [place for _, place in sorted(found)][:MOST_LISTED],
        }


jobs.register_jobs(Sweep)
