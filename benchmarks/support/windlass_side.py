"""Measures Windlass, on an empty database and on one of 100,000 results and 1,000,000 log rows; prints one JSON object."""

import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time

import repository_side
from client import REPOSITORY, Client, median, seconds
from memory import children_of, memory_of, parent_of, proportional_memory

from tests.support.server import TOKEN, Windlass, processes_with, wait_until

FILL = REPOSITORY / "build/release/benchmarks/bench_fill"
CLIENTS = 8


def say(text):
    print(text, file=sys.stderr, flush=True)


class Installation:
    """A home with the benchmark's jobs: as two processes, so that the worker can be held while runs are queued, or
    `together`, in the one of `windlass start`."""

    def __init__(self, home, file="bench.py", together=False, **settings):
        self.windlass = Windlass(home, **settings)
        self.file = file
        self.module = pathlib.Path(file).stem
        shutil.copy(REPOSITORY / "benchmarks/jobs" / file, self.windlass.jobs / file)
        self.windlass.spawn("start" if together else "runserver")
        self.windlass.create_superuser()
        self.worker = None if together else self.windlass.spawn("worker")
        for name in ("NoOp", "FirstLine", "Logs"):
            self.windlass.wait_for_job(f"{self.module}.{name}", timeout=60)
            self.windlass.enable(f"{self.module}.{name}")
        self.windlass.wait(self.windlass.submit(self.module + ".FirstLine"))

    def submit_many(self, count):
        """Queues runs of NoOp from several clients; returns the ids."""
        local = threading.local()

        def one(_):
            if not hasattr(local, "session"):
                local.session = Client(self.windlass.url)
            return local.session.submit(self.module + ".NoOp")

        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            return list(pool.map(one, range(count)))

    def throughput(self, count):
        """Runs/s from the first claim to the last end: queued while the worker is held."""
        os.kill(self.worker.pid, signal.SIGSTOP)
        try:
            ids = self.submit_many(count)
        finally:
            os.kill(self.worker.pid, signal.SIGCONT)
        return self.rate_of(ids)

    def rate_of(self, ids):
        self.windlass.wait({"id": ids[-1]}, timeout=120)
        wait_until(lambda: not self.unfinished(), 120, "every run has ended")
        begun, ended = [], []
        wanted, offset = set(ids), 0
        while wanted:
            page = self.windlass.get(f"/api/extras/job-results/?limit=1000&offset={offset}")["results"]
            for result in page:
                if result["id"] in wanted:
                    wanted.discard(result["id"])
                    begun.append(seconds(result["date_started"]))
                    ended.append(seconds(result["date_done"]))
            offset += len(page)
        return len(ids) / (max(ended) - min(begun))

    def unfinished(self):
        waiting = self.windlass.get("/api/extras/job-results/?status=PENDING&status=STARTED&limit=1")
        return waiting["count"]

    def throughput_with_client(self, count):
        """Runs/s from the first submit to the last end, the submitting client in the measured time."""
        begin = time.time()
        ids = self.submit_many(count)
        self.windlass.wait({"id": ids[-1]}, timeout=120)
        wait_until(lambda: not self.unfinished(), 120, "every run has ended")
        newest = self.windlass.get("/api/extras/job-results/?limit=1000")["results"]
        return count / (max(seconds(result["date_done"]) for result in newest) - begin)

    def latency(self, count):
        """Median seconds to the first line of run(), one run at a time: from the client's submit, and from the claim."""
        client = Client(self.windlass.url)
        submitted, claimed = [], []
        for _ in range(count):
            begin = time.time()
            result = self.windlass.wait({"id": client.submit(self.module + ".FirstLine")})
            submitted.append(result["result"] - begin)
            claimed.append(result["result"] - seconds(result["date_started"]))
        return statistics.median(submitted), statistics.median(claimed)

    def log_rate(self, lines):
        result = self.windlass.wait(self.windlass.submit(self.module + ".Logs", {"n": lines}), timeout=120)
        assert result["info_log_count"] >= lines, result
        return lines / (seconds(result["date_done"]) - seconds(result["date_started"]))

    def submit_rate(self, duration):
        """POST …/run/ a second, with the worker held."""
        os.kill(self.worker.pid, signal.SIGSTOP)
        try:
            return wrk(
                self.windlass.url + "/api/extras/jobs/" + self.module + ".NoOp/run/",
                duration,
                'wrk.method="POST" wrk.body="{\\"data\\":{}}" wrk.headers["Content-Type"]="application/json"',
            )
        finally:
            os.kill(self.worker.pid, signal.SIGCONT)
            wait_until(lambda: not self.unfinished(), 300, "every run has ended")

    def list_rate(self, duration):
        return wrk(self.windlass.url + "/api/extras/job-results/?limit=50", duration, "")

    def log_page(self, result, count):
        """Seconds (95th percentile) of a page of 100 in the middle of a long log."""
        samples = []
        for at in range(count):
            begin = time.perf_counter()
            after = 400_000 + at * 1000
            page = self.windlass.get(f"/api/extras/job-results/{result}/logs/?after={after}&limit=100")
            samples.append(time.perf_counter() - begin)
            assert len(page["results"]) == 100
        return sorted(samples)[int(count * 0.95)]

    def edit_to_effect(self, rounds):
        """Median seconds from a saved file to a record and a run that know it."""
        samples = []
        source = (REPOSITORY / "benchmarks/jobs/bench.py").read_text()
        client = Client(self.windlass.url)
        for number in range(rounds):
            text = source.replace("return time.time()", f"return {time.time() + number}")
            text = text.replace("Returns the time of its first line", f"Edit {time.time()}")
            begin = time.time()
            self.windlass.write_job("bench.py", text)
            wanted = float(text.split("return ")[1].split()[0])
            while self.windlass.wait({"id": client.submit("bench.FirstLine")})["result"] != wanted:
                pass
            samples.append(time.time() - begin)
        self.windlass.write_job("bench.py", source)
        return statistics.median(samples)

    def compile_to_effect(self, rounds):
        """Median seconds from a saved file in C++ to a record and a run that know it."""
        source = (REPOSITORY / "benchmarks/jobs" / self.file).read_text()
        line, meta = "return std::chrono::duration<double>(now).count();", "{.has_sensitive_variables"
        samples = []
        for number in range(rounds):
            text = source.replace(line, f"return std::int64_t({number} + 0 * now.count());")
            text = text.replace(meta, f'{{.description = "Edit {number}", .has_sensitive_variables')
            begin = time.time()
            self.windlass.write_job(self.file, text)
            self.windlass.wait_for_job(self.module + ".FirstLine", timeout=60, description=f"Edit {number}")
            assert self.windlass.wait(self.windlass.submit(self.module + ".FirstLine"))["result"] == number
            samples.append(time.time() - begin)
        return statistics.median(samples)

    def native_memory(self):
        """Bytes of PSS of the native runner's idle processes, without its spare children."""
        base = next(
            pid for pid in processes_with("bin/windlass-native-runner") if parent_of(pid) == self.worker.pid
        )
        zygotes = [int(pid) for pid in children_of(base)]
        return sum(memory_of(pid) for pid in [base, *zygotes])

    def close(self):
        self.windlass.close()


def wrk(url, duration, script):
    """Requests/s of 32 connections; every answer must be a success."""
    lua = pathlib.Path(os.environ["BENCH_WORK"]) / "wrk.lua"
    lua.write_text(f'wrk.headers["Authorization"]="Token {TOKEN}"\n{script}\n')
    done = subprocess.run(
        ["wrk", "-t", "1", "-c", "32", "-d", f"{duration}s", "-s", str(lua), url],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Non-2xx" not in done.stdout, done.stdout
    return float(done.stdout.split("Requests/sec:")[1].split()[0])


def ready_and_memory(home, rounds):
    """Median seconds to the ready line of `start`, and bytes of PSS when idle after a first run."""
    ready = []
    for _ in range(rounds):
        windlass = Windlass(home)
        begin = time.perf_counter()
        windlass.spawn("start")
        ready.append(time.perf_counter() - begin)
        windlass.create_superuser()
        windlass.wait(windlass.submit("bench.NoOp"))
        memory = proportional_memory(windlass.processes[0].pid)
        windlass.stop(windlass.processes[0])
        windlass.close()
    return statistics.median(ready), memory


MODULES, CLASSES = 300, 1000
MODULE = """from windlass import jobs

name = "Group {module}"

{classes}
jobs.register_jobs({names})
"""
CLASS = """
class Job{number}(jobs.Job):
    class Meta:
        description = "Number {number} of many"
        has_sensitive_variables = False
    device = jobs.StringVar(max_length=80, required=False)
    port = jobs.IntegerVar(min_value=1, max_value=65535, default=22)
    mode = jobs.ChoiceVar(choices=(("a", "A"), ("b", "B")), required=False)

    def run(self, *, device, port, mode):
        return {answer}

"""


def write_modules(folder):
    """300 modules of job files with 1,000 classes; returns the text of the first, to be edited."""
    first = None
    for module in range(MODULES):
        numbers = range(module, CLASSES, MODULES)
        text = MODULE.format(
            module=module,
            classes="".join(CLASS.format(number=number, answer=0) for number in numbers),
            names=", ".join(f"Job{number}" for number in numbers),
        )
        (folder / f"module_{module}.py").write_text(text)
        first = first or text
    return first


def many_modules(home, rounds):
    """Median seconds from `start` to the records of 1,000 classes in 300 new modules, and from an edit of one of them to
    a run that executes it."""
    discovery, edit = [], []
    for at in range(rounds):
        windlass = Windlass(home / str(at))
        text = write_modules(windlass.jobs)
        begin = time.time()
        windlass.start()
        wait_until(
            lambda w=windlass: w.get("/api/extras/jobs/?limit=1")["count"] == CLASSES, 60, "all are known"
        )
        discovery.append(time.time() - begin)
        windlass.enable("module_0.Job0")
        client = Client(windlass.url)
        begin = time.time()
        windlass.write_job("module_0.py", text.replace("return 0", f"return {at + 1}", 1))
        while windlass.wait({"id": client.submit("module_0.Job0")})["result"] != at + 1:
            pass
        edit.append(time.time() - begin)
        windlass.close()
    return statistics.median(discovery), statistics.median(edit)


def latencies(home):
    """The rows of a run's way to its first line, with the program as `windlass start` runs it."""
    figures = {}
    for isolation in ("process", "reuse"):
        together = Installation(home, together=True, isolation=isolation)
        figures["latency_" + isolation], _ = together.latency(300)
        together.close()
    return figures


def measure(home, rounds, long_log):
    figures = {}
    isolated = Installation(home, workers=4)
    figures["runs_isolated"] = median(lambda: isolated.throughput(1000), rounds)
    figures["runs_isolated_with_client"] = median(lambda: isolated.throughput_with_client(1000), rounds)
    figures["log_entries"] = median(lambda: isolated.log_rate(100_000), rounds)
    figures["submits"] = median(lambda: isolated.submit_rate(1), rounds)
    figures["lists"] = median(lambda: isolated.list_rate(2), rounds)
    figures["edit_to_effect"] = isolated.edit_to_effect(9)
    if long_log:
        figures["log_page"] = isolated.log_page(long_log, 200)
    isolated.close()
    reused = Installation(home, workers=16, isolation="reuse", runs_per_child=1000)
    figures["runs_reused"] = median(lambda: reused.throughput(5000), rounds)
    reused.close()
    figures |= latencies(home)
    figures["ready"], figures["memory"] = ready_and_memory(home, rounds)
    return figures


def measure_cpp(home, rounds):
    """The rows of jobs in C++."""
    figures = {}
    isolated = Installation(home, "bench_cpp.cpp", workers=4)
    figures["cpp_isolated"] = median(lambda: isolated.throughput(2000), rounds)
    figures["cpp_log_entries"] = median(lambda: isolated.log_rate(200_000), rounds)
    figures["cpp_memory"] = isolated.native_memory()
    figures["cpp_compile"] = isolated.compile_to_effect(5)
    isolated.close()
    reused = Installation(home, "bench_cpp.cpp", workers=256, isolation="reuse", runs_per_child=1000)
    figures["cpp_reused"] = median(lambda: reused.throughput(5000), rounds)
    reused.close()
    together = Installation(home, "bench_cpp.cpp", together=True)
    figures["cpp_latency"], figures["cpp_start"] = together.latency(300)
    together.close()
    return figures


def main(rounds, work):
    os.environ["BENCH_WORK"] = work
    say("Windlass on an empty database")
    empty = measure(pathlib.Path(work) / "empty", rounds, None)
    say("Windlass with 300 modules of 1,000 classes")
    empty["discovery"], empty["edit_of_many"] = many_modules(pathlib.Path(work) / "many", rounds)
    say("Windlass with a Git repository of 100 jobs")
    empty |= repository_side.measure(pathlib.Path(work) / "repository", max(rounds, 5))
    say("Windlass with jobs in C++")
    empty |= measure_cpp(pathlib.Path(work) / "cpp", rounds)
    say("filling: 100,000 results, 1,000,000 log rows")
    home = pathlib.Path(work) / "large"
    Installation(home).close()
    filled = subprocess.run(
        [str(FILL), str(home), "100000", "1000000"], capture_output=True, text=True, check=True
    )
    say("Windlass on the large database")
    large = measure(home, rounds, filled.stdout.strip())
    print(json.dumps({"empty": empty, "large": large}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
