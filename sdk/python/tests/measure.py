"""Prints the SDK's own figures: python sdk/python/tests/measure.py [PYTHON]. Not a test; the
machine should be idle.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import host

JOBS = """
import time
from windlass import jobs

class Noop(jobs.Job):
    def run(self):
        pass

class FirstLine(jobs.Job):
    def run(self):
        return time.monotonic_ns()

class Cpu(jobs.Job):
    def run(self):
        return time.process_time()

class Logs(jobs.Job):
    count = jobs.IntegerVar()
    def run(self, *, count):
        info = self.logger.info
        began, cpu = time.perf_counter(), time.process_time()
        for number in range(count):
            self.logger.info("entry %d of many, with some words in it", number)
        return time.perf_counter() - began, time.process_time() - cpu

jobs.register_jobs(Noop, FirstLine, Cpu, Logs)
"""


def memory(pid: int, name: str) -> int:
    for line in Path("/proc/%d/smaps_rollup" % pid).read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise LookupError(name)


def drain(child: host.Child) -> threading.Thread:
    """Read everything up to the result on another thread, doing nothing with it."""

    def read() -> None:
        while b'"type":"result"' not in child.socket.recv(65536)[:20]:
            pass

    thread = threading.Thread(target=read)
    thread.start()
    return thread


def main() -> None:
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "measured.py").write_text(JOBS)
        began = time.perf_counter()
        h = host.Host(python)
        h.base.receive()
        print("start to hello          %8.1f ms" % ((time.perf_counter() - began) * 1e3))
        print("base, RSS               %8.1f MiB" % (memory(h.process.pid, "Rss") / 1024))
        began = time.perf_counter()
        zygote = h.describe(host.jobs_root(Path(folder)))
        pid = h.base.receive()["pid"]
        zygote.receive_type("manifest")
        print("describe to manifest    %8.1f ms" % ((time.perf_counter() - began) * 1e3))
        print(
            "base + zygote, PSS      %8.1f MiB"
            % ((memory(h.process.pid, "Pss") + memory(pid, "Pss")) / 1024)
        )
        measure_forks(h, zygote)
        child = h.fork(zygote)
        measure_reuse(child)
        measure_logs(child)
        h.close()


def measure_forks(h: host.Host, zygote: host.Endpoint, count: int = 400) -> None:
    user, system = [], []
    began = time.perf_counter()
    for _ in range(count):
        child = h.fork(zygote)
        child.run("measured.Noop")
        child.result()
        os.kill(child.pid, 9)
        ended = zygote.receive_type("exited")
        user.append(ended["user_seconds"])
        system.append(ended["system_seconds"])
        h._open.remove(child)
        child.close()
    wall = time.perf_counter() - began
    print("fork, run, kill, reap   %8.0f us, one after another" % (wall / count * 1e6))
    print("  CPU of the child      %8.0f us" % (statistics.mean(map(sum, zip(user, system))) * 1e6))
    # Forked ahead, as the host does it: all of them wait on their sockets when the first one is used.
    spares = [h.fork(zygote, "spare%d" % number) for number in range(60)]
    latencies = []
    for child in spares:
        sent = time.monotonic_ns()
        child.run("measured.FirstLine")
        latencies.append((child.result()["result"] - sent) / 1e3)
    for child in spares:
        os.kill(child.pid, 9)
        h._open.remove(child)
        child.close()
    for _ in spares:
        zygote.receive_type("exited")
    print(
        "run frame to run()      %8.0f us in a spare child, median" % statistics.median(latencies)
    )


def measure_reuse(child: host.Child, count: int = 3000) -> None:
    child.run("measured.Cpu")
    before = child.result()["result"]
    began = time.perf_counter()
    for _ in range(count):
        child.run("measured.Noop")
        child.result()
    wall = time.perf_counter() - began
    child.run("measured.Cpu")
    cpu = child.result()["result"] - before
    print(
        "reused, a run           %8.0f us, of which CPU of the child %.0f us"
        % (wall / count * 1e6, cpu / count * 1e6)
    )


def measure_logs(child: host.Child, count: int = 200_000) -> None:
    for _ in range(3):
        thread = drain(child)
        child.run("measured.Logs", count=count)
        thread.join()
    child.run("measured.Logs", count=0)
    child.result()
    frame = host.run_frame("measured.Logs", count=count)
    received: list[dict] = []

    def read() -> None:
        while True:
            data = child.socket.recv(65536)
            if data.startswith(b'{"type":"result"'):
                received.append(host.json.loads(data))
                return

    thread = threading.Thread(target=read)
    thread.start()
    child.send(frame)
    thread.join()
    wall, cpu = received[0]["result"]
    print(
        "logger.info             %8.0f /s, %.1f us of CPU each" % (count / wall, cpu / count * 1e6)
    )


if __name__ == "__main__":
    main()
