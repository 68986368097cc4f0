"""Killing any process at any moment leaves no run unfinished after a restart, and nothing that a run spawned."""

import os
import pathlib
import signal
import uuid

import pytest

from tests.support.server import FINAL, processes_with, wait_until


def children_of(pid):
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


@pytest.fixture
def endless(windlass):
    """A job that spawns processes with a mark, one of them without its environment, and never ends; returns a function that starts one and waits for its first line."""
    mark = "mark" + uuid.uuid4().hex
    windlass.write_job(
        "endless.py",
        f"""
        import os, subprocess, sys, time
        from windlass import jobs
        class Endless(jobs.Job):
            def run(self):
                command = [sys.executable, "-c", "import time; time.sleep(600)  # {mark}"]
                subprocess.Popen(command, start_new_session=True)
                subprocess.Popen(command, start_new_session=True, env={{}})
                self.logger.info("pid %s", os.getpid())
                time.sleep(600)
        class Short(jobs.Job):
            def run(self):
                return "ran"
        jobs.register_jobs(Endless, Short)
        """,
    )

    def begin():
        windlass.enable("endless.Endless")
        windlass.enable("endless.Short")
        result = windlass.submit("endless.Endless")
        for event, _, data in windlass.events(result):
            if event == "log" and data["message"].startswith("pid "):
                wait_until(lambda: len(processes_with(mark)) == 2, 10, "the spawned processes")
                return result, int(data["message"].split()[1])
        raise AssertionError("it never began")

    begin.mark = mark
    return begin


def assert_ended(windlass, result, *codes):
    done = windlass.wait(result)
    assert done["status"]["value"] == "FAILURE", done
    assert done["reason_code"] in codes, done
    last = windlass.logs(result)[-1]
    assert (last["log_level"], last["message"]) == ("failure", done["reason"])


def test_the_child_is_killed(windlass, endless):
    windlass.start()
    result, pid = endless()
    os.kill(pid, signal.SIGKILL)
    assert_ended(windlass, result, "killed")
    assert processes_with(endless.mark) == []


def test_the_zygote_is_killed(windlass, endless):
    windlass.start()
    result, pid = endless()
    zygote = int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(zygote, signal.SIGKILL)
    assert_ended(windlass, result, "runner_lost", "killed")
    assert processes_with(endless.mark) == []
    assert windlass.wait(windlass.submit("endless.Short"))["result"] == "ran"


def test_the_base_process_is_killed(windlass, endless):
    server = windlass.start()
    result, _ = endless()
    for base in children_of(server.pid):
        os.kill(base, signal.SIGKILL)
    assert_ended(windlass, result, "runner_lost", "killed")
    assert processes_with(endless.mark) == []
    assert windlass.wait(windlass.submit("endless.Short"))["result"] == "ran"


def test_the_whole_product_is_killed_and_started_again(windlass, endless):
    server = windlass.start("--workers", "1")
    result, _ = endless()
    waiting = windlass.submit("endless.Short")
    server.kill()
    server.wait()
    windlass.spawn("start")
    assert_ended(windlass, result, "worker_lost")
    assert processes_with(endless.mark) == []
    assert windlass.wait(waiting)["result"] == "ran"


def test_nothing_lives_on_when_everything_was_killed_and_nothing_starts_again(windlass, endless):
    server = windlass.start()
    endless()
    server.kill()
    server.wait()
    wait_until(lambda: not processes_with(endless.mark), 10, "the end of what the run spawned")


def test_the_worker_process_is_killed_while_the_server_goes_on(windlass, endless):
    windlass.spawn("runserver")
    windlass.create_superuser()
    worker = windlass.spawn("worker")
    result, _ = endless()
    worker.kill()
    worker.wait()
    assert_ended(windlass, result, "worker_lost")
    assert processes_with(endless.mark) == []

    def refusal():
        # What the server read of its workers is believed for a moment.
        answer = windlass.request("POST", "/api/extras/jobs/endless.Short/run/", json={"data": {}})
        return answer.json() if answer.status_code == 503 else None

    refused = wait_until(refusal, 10, "no worker is known any more")
    assert "default" in refused["detail"]
    assert "windlass worker" in refused["detail"]


@pytest.mark.parametrize("moment", range(8))
def test_killed_under_load_at_many_moments(windlass, endless, moment):
    """A stream of short runs; the whole product is killed after `moment` × 5 of them have ended."""
    server = windlass.start()
    windlass.enable("endless.Short")
    results = [windlass.submit("endless.Short") for _ in range(60)]
    if moment:
        windlass.wait(results[moment * 5])
    server.kill()
    server.wait()
    windlass.spawn("start")
    for result in results:
        done = windlass.wait(result)
        assert done["status"]["value"] in FINAL
        if done["status"]["value"] == "FAILURE":
            assert done["reason_code"] == "worker_lost"
        else:
            assert done["result"] == "ran"


def test_sigterm_drains(windlass):
    gate = windlass.home / "gate"
    os.mkfifo(gate)
    windlass.write_job(
        "waits.py",
        f"""
        import os
        from windlass import jobs
        class Waits(jobs.Job):
            def run(self):
                self.logger.info("begun")
                os.open({str(gate)!r}, os.O_RDONLY)
                return "ended by itself"
        jobs.register_jobs(Waits)
        """,
    )
    server = windlass.start()
    windlass.enable("waits.Waits")
    result = windlass.submit("waits.Waits")
    for event, _, data in windlass.events(result):
        if event == "log" and data["message"] == "begun":
            break
    server.send_signal(signal.SIGTERM)
    os.close(os.open(gate, os.O_WRONLY))
    assert server.wait(30) == 0
    windlass.spawn("start")
    assert windlass.result(result)["result"] == "ended by itself"


@pytest.mark.parametrize("twice", [False, True])
def test_drain_ends_what_does_not_end(windlass, endless, twice):
    windlass.environment["WINDLASS_DRAIN_TIMEOUT"] = "600" if twice else "0.5"
    windlass.environment["WINDLASS_CANCEL_GRACE"] = "1"
    server = windlass.start()
    result, _ = endless()
    server.send_signal(signal.SIGTERM)
    if twice:
        server.send_signal(signal.SIGINT)
    assert server.wait(30) == 0
    assert processes_with(endless.mark) == []
    windlass.spawn("start")
    done = windlass.result(result)
    assert (done["status"]["value"], done["reason_code"]) == ("REVOKED", "drain_timeout")
