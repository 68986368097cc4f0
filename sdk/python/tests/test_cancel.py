"""Cancel frames and soft limits: raised in the job, once, at whatever it is doing."""

import os
import signal

import pytest

JOB = """
import os, select, signal, sys, threading, time
from windlass import jobs

class Call(jobs.Job):
    code = jobs.TextVar()
    def run(self, *, code):
        scope = dict(globals(), self=self)
        exec(code, scope)
        return scope.get("value")
    def on_failure(self, exc, *args):
        self.logger.info("on_failure %s", type(exc).__name__)

jobs.register_jobs(Call)
"""
WAIT = "self.logger.info('up')\n%s"


def started(child, code):
    child.run("mod.Call", code=WAIT % code)
    assert child.receive()["message"] == "up"


@pytest.mark.parametrize(
    "reason, kind, told",
    [
        ("soft_time_limit", "SoftTimeLimitExceeded", "soft_time_limit"),
        ("cancelled", "RunCancelled", "cancelled"),
        ("drain", "RunCancelled", "cancelled"),
    ],
)
@pytest.mark.parametrize(
    "code",
    [
        "select.select([], [], [])",
        "while True: pass",
        "lock = threading.Lock(); lock.acquire(); lock.acquire()",
    ],
)
def test_a_cancel_raises_in_the_main_thread(child, reason, kind, told, code):
    one = child(JOB)
    started(one, code)
    one.cancel(reason)
    frames = one.frames()
    assert frames[0]["message"] == "on_failure " + kind
    result = frames[-1]
    assert (result["status"], result["reason"]) == ("FAILURE", told)
    assert (result["result"]["exc_type"], result["result"]["exc_module"]) == (kind, "windlass.jobs")
    assert "_interrupt.py" not in result["traceback"]


def test_a_job_that_catches_the_soft_limit_may_succeed(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="try:\n    self.logger.info('up'); select.select([], [], [])\n"
        "except jobs.SoftTimeLimitExceeded: value = 'tidied up'",
    )
    assert one.receive()["message"] == "up"
    one.cancel("soft_time_limit")
    result = one.result()
    assert (result["status"], result["result"], result["reason"]) == ("SUCCESS", "tidied up", None)


def test_except_exception_does_not_swallow_a_cancel(child):
    one = child(JOB)
    started(
        one,
        "while True:\n    try: select.select([], [], [])\n    except Exception: self.logger.info('swallowed')",
    )
    one.cancel()
    assert one.result()["reason"] == "cancelled"


def test_an_exception_that_comes_of_a_cancel_keeps_its_reason(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="try:\n    self.logger.info('up'); select.select([], [], [])\n"
        "except BaseException as e: raise OSError('closed') from e",
    )
    assert one.receive()["message"] == "up"
    one.cancel()
    result = one.result()
    assert (result["reason"], result["result"]["exc_type"]) == ("cancelled", "OSError")
    assert "RunCancelled" in result["traceback"]


def test_a_soft_limit_raised_by_the_job_itself_is_an_exception(child):
    one = child(JOB)
    one.run("mod.Call", code="raise jobs.SoftTimeLimitExceeded('mine')")
    assert one.result()["reason"] == "exception"


def test_a_cancel_is_raised_once_and_a_second_one_again(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="try:\n    self.logger.info('up'); select.select([], [], [])\n"
        "except jobs.SoftTimeLimitExceeded:\n    self.logger.info('again'); select.select([], [], [])",
    )
    assert one.receive()["message"] == "up"
    one.cancel("soft_time_limit")
    assert one.receive()["message"] == "again"
    one.cancel("cancelled")
    assert one.result()["reason"] == "cancelled"


def test_a_cancel_reaches_a_run_that_waits_for_the_answer_to_a_file(child):
    one = child(JOB)
    one.run("mod.Call", code="self.create_file('a.txt', 'x')")
    one.receive_type("file")
    one.cancel()
    assert one.result()["reason"] == "cancelled"


def test_a_cancel_reaches_the_main_thread_while_another_waits_for_an_answer(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="""
threading.Thread(target=lambda: self.create_file('a.txt', 'x'), daemon=True).start()
select.select([], [], [])
""",
    )
    one.receive_type("file")
    one.cancel()
    assert one.result()["reason"] == "cancelled"


def test_the_answer_to_a_file_is_not_lost_to_a_signal(child):
    one = child(JOB)
    one.run("mod.Call", code="value = [self.create_file('a.txt', 'x').id for _ in range(200)]")
    for number in range(1, 201):
        assert one.receive_type("file")["file"] == number
        os.kill(one.pid, signal.SIGUSR1)
        one.send({"type": "file_created", "file": number, "id": "f%d" % number, "url": "/f"})
        os.kill(one.pid, signal.SIGUSR1)
    assert one.result()["result"] == ["f%d" % number for number in range(1, 201)]


def test_a_cancel_sent_with_the_run_is_not_lost(child, zygote):
    one = child(JOB)
    one.send(
        {
            "type": "run",
            "task_id": "t",
            "class_path": "mod.Call",
            "inputs": {"code": "select.select([], [], [])"},
        }
    )
    one.cancel()
    assert one.result()["reason"] == "cancelled"
    for _ in range(30):
        again = one.zygote.fork()
        again.run("mod.Call", code="select.select([], [], [])")
        again.cancel()
        assert again.result()["reason"] == "cancelled"


def test_a_cancel_that_comes_too_late_does_not_touch_the_next_run(child):
    one = child(JOB)
    for _ in range(50):
        one.run("mod.Call", code="value = 1")
        assert one.result()["result"] == 1
        one.cancel()


def test_signals_without_a_frame_and_frames_of_other_types_do_nothing(child, tmp_path):
    one = child(JOB)
    started(one, "while not os.path.exists(%r): pass\nvalue = 1" % str(tmp_path / "go on"))
    for _ in range(20):
        one.send({"type": "mystery"})
        one.send_raw(b"garbage")
        os.kill(one.pid, signal.SIGUSR1)
    (tmp_path / "go on").write_text("")
    assert one.result()["result"] == 1


def test_a_cancel_during_logging_is_not_swallowed(child):
    one = child(JOB)
    started(
        one,
        """
class Slow:
    def __str__(self): select.select([], [], [])
self.logger.info("%s", Slow())
""",
    )
    one.cancel("soft_time_limit")
    assert one.result()["reason"] == "soft_time_limit"


def test_a_process_that_the_job_forked_does_not_take_the_cancel(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="""
pid = os.fork()
if pid == 0:
    while True: signal.pause()
self.logger.info(str(pid))
select.select([], [], [])
""",
    )
    copy = int(one.receive()["message"])
    one.send({"type": "cancel", "reason": "cancelled"})
    os.kill(copy, signal.SIGUSR1)
    os.kill(one.pid, signal.SIGUSR1)
    assert one.result()["reason"] == "cancelled"


def test_the_class_that_celery_jobs_catch_is_raised_where_it_is_loaded(child, vendor):
    (vendor / "billiard").mkdir()
    (vendor / "billiard" / "__init__.py").write_text("")
    (vendor / "billiard" / "exceptions.py").write_text(
        "class SoftTimeLimitExceeded(Exception): pass\n"
    )
    try:
        one = child("import billiard.exceptions\n" + JOB)
    finally:
        for path in (vendor / "billiard").iterdir():
            if path.is_file():
                path.unlink()
    one.run(
        "mod.Call",
        code="try:\n    self.logger.info('up'); select.select([], [], [])\n"
        "except billiard.exceptions.SoftTimeLimitExceeded: value = 'theirs'",
    )
    assert one.receive()["message"] == "up"
    one.cancel("soft_time_limit")
    assert one.result()["result"] == "theirs"


def test_the_end_of_the_host_ends_a_waiting_child(child):
    one = child(JOB)
    one.run("mod.Call", code="self.create_file('a.txt', 'x')")
    one.receive_type("file")
    one.socket.close()
    assert one.zygote.exited(one)["status"] == 0
