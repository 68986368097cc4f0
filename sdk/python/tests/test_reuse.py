"""A child that does several runs: nothing of one shows in the next."""

import pytest

from host import run_frame

JOB = """
import os, sys, threading
from windlass import jobs

class Call(jobs.Job):
    code = jobs.TextVar()
    def run(self, *, code):
        scope = dict(globals(), self=self)
        exec(code, scope)
        return scope.get("value")

jobs.register_jobs(Call)
"""


def test_runs_follow_one_another(child):
    one = child(JOB)
    for number in range(100):
        one.run("mod.Call", code="value = %d; self.logger.info('x')" % number)
        frames = one.frames()
        assert [frame["type"] for frame in frames] == ["log", "result"]
        assert frames[-1]["result"] == number


def test_failures_files_and_instances_are_forgotten(child):
    one = child(JOB)
    one.run("mod.Call", code="self.fail('x'); self.mark = 1")
    assert one.result()["status"] == "FAILURE"
    one.run("mod.Call", code="value = [self.user.username, hasattr(self, 'mark')]")
    assert one.result()["result"] == ["admin", False]
    for _ in range(2):
        one.run("mod.Call", code="self.create_file('a', '')")
        assert one.receive_type("file")["file"] == 1
        one.send({"type": "file_created", "file": 1, "id": "f", "url": "/f"})
        assert one.result()["status"] == "SUCCESS"


def test_the_place_and_the_streams_are_put_back(child):
    one = child(JOB)
    one.run(
        "mod.Call", code="value = os.getcwd(); os.chdir('/proc'); sys.stdout = None; sys.stdin = 5"
    )
    home = one.result()["result"]
    one.run("mod.Call", code="value = os.getcwd(), sys.stdin.fileno(); print('seen')")
    assert one.result()["result"] == [home, 0]
    assert one.read_out() == b"seen\n"


def test_a_replaced_stream_is_flushed(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="import io; sys.stdout = io.TextIOWrapper(open(1, 'wb', closefd=False)); print('kept')",
    )
    one.result()
    assert one.read_out() == b"kept\n"


def test_a_run_that_leaves_a_thread_behind_says_so(child):
    one = child(JOB)
    one.run("mod.Call", code="threading.Thread(target=threading.Event().wait, daemon=True).start()")
    assert one.result()["reusable"] is False


def test_the_handler_of_signals_is_the_jobs_only_for_its_run(child):
    one = child(JOB)
    one.run("mod.Call", code="import signal; signal.signal(signal.SIGUSR1, signal.SIG_IGN)")
    assert one.result()["status"] == "SUCCESS"
    one.run("mod.Call", code="import select; self.logger.info('up'); select.select([], [], [])")
    one.receive_type("log")
    one.cancel()
    assert one.result()["reason"] == "cancelled"


@pytest.mark.parametrize(
    "code, reusable",
    [
        ("logging.disable(logging.CRITICAL)", False),
        ("logging.getLogger().setLevel(logging.ERROR)", False),
        ("logging.getLogger('mod').disabled = True", False),
        ("logging.getLogger('new').addHandler(logging.StreamHandler())", False),
        ("logging.getLogger().handlers[0].setLevel(logging.ERROR)", False),
        ("logging.basicConfig(force=True)", False),
        ("self.logger.setLevel(logging.ERROR)", False),
        ("logging.getLogger('new').addHandler(logging.NullHandler())", True),
        ("jobs.get_task_logger('late').info('x'); logging.getLogger().handlers.clear()", True),
    ],
)
def test_a_run_that_leaves_other_logging_behind_says_so(child, code, reusable):
    one = child(JOB)
    one.run("mod.Call", code="import logging; " + code)
    assert one.result()["reusable"] is reusable


def test_a_child_that_is_told_of_its_last_run_does_not_offer_another(child):
    one = child(JOB)
    one.run("mod.Call", code="pass")
    assert one.result()["reusable"] is True
    one.send({**run_frame("mod.Call", code="pass"), "last": True})
    assert one.result()["reusable"] is False
