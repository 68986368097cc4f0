"""Measures Celery. Runs in the virtual environment that holds it; prints one JSON object of figures."""

import json
import statistics
import subprocess
import sys
import time

from celery_app import app, first_line
from memory import proportional_memory


def start_worker():
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_app", "worker", "-c", "2", "--loglevel", "ERROR"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    values_of([first_line.delay()])
    return process


def stop(process):
    process.terminate()
    process.wait(60)


def values_of(results, timeout=120):
    """What the tasks returned, read from where Celery keeps it: waiting for thousands by subscription can miss one."""
    keys = [app.backend.get_key_for_task(result.id) for result in results]
    deadline = time.monotonic() + timeout
    while None in (stored := app.backend.mget(keys)):
        assert time.monotonic() < deadline, "not every task has ended"
        time.sleep(0.01)
    return [json.loads(one)["result"] for one in stored]


def throughput(count):
    """Tasks/s: queued while no worker runs; from the first task's start to the last one's end."""
    results = [first_line.delay() for _ in range(count)]
    worker = start_worker()
    times = values_of(results)
    stop(worker)
    return count / (max(times) - min(times))


def enqueue_rate(count):
    begin = time.perf_counter()
    for _ in range(count):
        first_line.delay()
    rate = count / (time.perf_counter() - begin)
    app.control.purge()
    return rate


def latency(count):
    worker = start_worker()
    samples = []
    for _ in range(count):
        begin = time.time()
        samples.append(first_line.delay().get(timeout=60) - begin)
    memory = proportional_memory(worker.pid)
    stop(worker)
    return statistics.median(samples), memory


def main(rounds):
    delay, memory = latency(200)
    figures = {
        "runs_per_second": statistics.median(throughput(3000) for _ in range(rounds)),
        "submits_per_second": statistics.median(enqueue_rate(3000) for _ in range(rounds)),
        "latency": delay,
        "memory": memory,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]))
