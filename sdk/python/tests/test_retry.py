"""Runs that ask for another attempt."""

import pytest

import host as host_side

JOB = """
import sys
from windlass import jobs

class Base(jobs.Job):
    def on_retry(self, exc, task_id, args, kwargs, einfo):
        same = task_id == self.request.id
        self.logger.info("on_retry %r %s %s %s %s", exc, same, args, kwargs, "Traceback" in str(einfo))
    def on_success(self, *args):
        self.logger.info("on_success")
    def on_failure(self, exc, *args):
        self.logger.info("on_failure %r", exc)
    def after_return(self, status, *args):
        self.logger.info("after_return %s", status)

class Call(Base):
    code = jobs.TextVar()
    def run(self, *, code):
        scope = dict(globals(), self=self)
        exec(code, scope)
        return scope.get("value")

jobs.register_jobs(Call)
"""


def run(one, code, attempt=1, class_path="mod.Call"):
    """(messages of the log, result frame)."""
    inputs = {} if code is None else {"code": code}
    one.send(dict(host_side.run_frame(class_path, **inputs), attempt=attempt))
    frames = one.frames()
    return [frame["message"] for frame in frames[:-1]], frames[-1]


@pytest.mark.parametrize("statement", ["raise self.retry(%s)", "self.retry(%s)", "raise self.retry(%s, throw=False)"])  # fmt: skip
def test_a_retry_calls_on_retry_and_nothing_after_it(child, statement):
    code = statement % "countdown=5"
    messages, result = run(child(JOB), code + "\nself.logger.info('never')")
    assert [text.partition(" ")[0] for text in messages] == ["on_retry"]
    assert messages[0].endswith(" True () %s True" % {"code": code + "\nself.logger.info('never')"})
    assert (result["status"], result["reason"], result["countdown"]) == ("RETRY", "retry", 5.0)
    assert result["result"] == {
        "exc_type": "Retry",
        "exc_message": "Retry in 5 s",
        "exc_module": "windlass.jobs",
    }
    assert result["traceback"].splitlines()[-1] == "windlass.jobs.Retry: Retry in 5 s"
    assert result["reusable"] is True


def test_without_throw_nothing_is_raised_yet(child):
    messages, result = run(child(JOB), "self.retry(throw=False); value = 1")
    assert (messages, result["result"]) == (["on_success", "after_return SUCCESS"], 1)


@pytest.mark.parametrize("end", ["raise self.retry(exc=e)", "raise self.retry(exc=e) from None"])
def test_the_reason_is_told(child, end):
    code = "try: raise OSError('no answer')\nexcept OSError as e: " + end
    messages, result = run(child(JOB), code)
    assert messages[0].startswith("on_retry OSError('no answer') ")
    assert result["result"] == {
        "exc_type": "OSError",
        "exc_message": "no answer",
        "exc_module": "builtins",
    }
    assert "OSError: no answer" in result["traceback"]


def test_a_reason_that_was_not_raised_is_told_too(child):
    _, result = run(child(JOB), "raise self.retry(ValueError('later'), throw=False)")
    assert (result["status"], result["result"]["exc_message"]) == ("RETRY", "later")
    assert "ValueError: later" in result["traceback"]


def define(meta, body="raise self.retry()"):
    return (
        JOB
        + "class J(Base):\n    class Meta:\n        %s\n    def run(self):\n        %s\n"
        % (meta.replace("\n", "\n        "), body)
        + "jobs.register_jobs(J)\n"
    )


@pytest.mark.parametrize(
    "meta, attempt, countdown",
    [
        ("pass", 1, 10.0),
        ("pass", 2, 10.0),
        ("retry_delay = 3\nretry_backoff = True", 1, 3.0),
        ("retry_delay = 3\nretry_backoff = True", 3, 12.0),
        ("retry_delay = 2\nretry_backoff = 1.5", 2, 3.0),
        ("retry_delay = 0", 1, 0.0),
        ("retry_backoff = True\nmax_retries = 5000", 50, 3600.0),
        ("retry_backoff = True\nmax_retries = 5000", 4000, 3600.0),
        ("retry_delay = 7200", 1, 3600.0),
    ],
)
def test_the_wait_is_what_the_class_says(child, meta, attempt, countdown):
    _, result = run(child(define(meta)), None, attempt, "mod.J")
    assert (result["status"], result.get("countdown")) == ("RETRY", countdown)


@pytest.mark.parametrize(
    "meta, argument, last",
    [
        ("pass", "", 3),
        ("max_retries = None", "", 3),
        ("max_retries = 1", "", 1),
        ("max_retries = 0", "", 0),
        ("max_retries = 1", "max_retries=2", 2),
        ("max_retries = 1", "max_retries=0", 0),
    ],
)
def test_attempts_come_to_an_end(child, meta, argument, last):
    one = child(define(meta, "raise self.retry(%s)" % argument))
    if last:
        assert run(one, None, last, "mod.J")[1]["status"] == "RETRY"
    messages, result = run(one, None, last + 1, "mod.J")
    assert (result["status"], result["reason"]) == ("FAILURE", "exception")
    assert result["result"] == {
        "exc_type": "MaxRetriesExceededError",
        "exc_message": "mod.J has had all of its attempts, %d" % (last + 1),
        "exc_module": "windlass.jobs",
    }
    assert "countdown" not in result
    assert [text.partition("(")[0] for text in messages] == [
        "on_failure MaxRetriesExceededError",
        "after_return FAILURE",
    ]


@pytest.mark.parametrize("throw", [True, False])
def test_the_given_exception_is_raised_after_the_last_attempt(child, throw):
    code = "raise self.retry(exc=OSError('gone'), throw=%s)" % throw
    messages, result = run(child(JOB), code, attempt=4)
    assert messages == ["on_failure OSError('gone')", "after_return FAILURE"]
    assert (result["status"], result["result"]["exc_type"]) == ("FAILURE", "OSError")


def test_what_the_job_knows_of_its_attempts(child):
    code = "r = self.request; value = [r.retries, r.id == self.job_result.id, r.args, r.kwargs == {'code': code}, r.delivery_info, self.max_retries, self.job_result.attempt]"
    _, result = run(
        child(JOB), "code = %r; " % code + code.replace("== {'code': code}", "!= {}"), 3
    )
    assert result["result"] == [2, True, [], True, {"routing_key": "default"}, None, 3]


@pytest.mark.parametrize(
    "arguments, kind, told",
    [
        ("countdown=-1", "ValueError", "retry(countdown=…) wants seconds from 0 on, got -1"),
        ("countdown=float('inf')", "ValueError", "wants seconds from 0 on, got inf"),
        ("countdown='5'", "TypeError", "retry(countdown=…) wants seconds, int or float, got str"),
        ("countdown=True", "TypeError", "wants seconds, int or float, got bool"),
        ("exc='no'", "TypeError", "retry(exc=…) wants an exception, got str"),
        ("max_retries=-1", "TypeError", "retry(max_retries=…) wants a number from 0 on, got -1"),
        ("max_retries='5'", "TypeError", "retry(max_retries=…) wants a number from 0 on, got '5'"),
        ("args=(1,)", "ValueError", "every attempt of a run has the same"),
        ("kwargs={'code': ''}", "ValueError", "every attempt of a run has the same"),
    ],
)
def test_wrong_arguments_fail_the_run(child, arguments, kind, told):
    _, result = run(child(JOB), "raise self.retry(%s)" % arguments)
    assert (result["status"], result["result"]["exc_type"]) == ("FAILURE", kind)
    assert told in result["result"]["exc_message"]


def test_the_same_inputs_and_options_of_celery_may_be_given(child):
    one = child(define("pass", "raise self.retry(args=(), kwargs={}, priority=3, countdown=1)"))
    assert run(one, None, 1, "mod.J")[1]["countdown"] == 1.0


@pytest.mark.parametrize(
    "method",
    ["on_success(self, *args)", "after_return(self, status, *args)", "on_failure(self, *args)"],
)
def test_a_retry_after_run_is_a_failure(child, method):
    fails = "raise ValueError('x')" if "on_failure" in method else "pass"
    guard = "if status == 'SUCCESS': " if "status" in method else ""
    one = child(define("pass", "%s\n    def %s:\n        %sself.retry()" % (fails, method, guard)))
    _, result = run(one, None, 1, "mod.J")
    assert (result["status"], result["reason"]) == ("FAILURE", "exception")
    assert (result["result"]["exc_type"], "countdown" in result) == ("Retry", False)


def test_before_start_may_ask_for_another_attempt(child):
    body = "self.logger.info('run')\n    def before_start(self, *args):\n        self.retry(countdown=2)"
    messages, result = run(child(define("pass", body)), None, 1, "mod.J")
    assert [text.partition(" ")[0] for text in messages] == ["on_retry"]
    assert (result["status"], result["countdown"]) == ("RETRY", 2.0)


def test_an_exception_in_on_retry_is_a_failure_like_one_in_on_success(child):
    body = "raise self.retry()\n    def on_retry(self, *args):\n        raise KeyError('broken')"
    messages, result = run(child(define("pass", body)), None, 1, "mod.J")
    assert messages == ["on_failure KeyError('broken')", "after_return FAILURE"]
    assert (result["status"], result["reason"]) == ("FAILURE", "exception")
    assert "windlass.jobs.Retry" in result["traceback"]


def test_a_retry_after_fail_is_a_retry(child):
    messages, result = run(child(JOB), "self.fail('x'); raise self.retry()")
    assert (messages[0], len(messages), result["status"]) == ("x", 2, "RETRY")


def test_a_cancelled_run_gets_no_other_attempt(child):
    one = child(JOB)
    code = "import select\ntry: self.logger.info('up'); select.select([], [], [])\nexcept BaseException: raise self.retry()"
    one.run("mod.Call", code=code)
    one.receive_type("log")
    one.cancel()
    result = one.result()
    assert (result["status"], result["reason"]) == ("FAILURE", "cancelled")
    one.run("mod.Call", code=code)
    one.receive_type("log")
    one.cancel("soft_time_limit")
    result = one.result()
    assert (result["status"], result["reason"]) == ("RETRY", "retry")


def test_the_classes_that_celery_jobs_catch_are_raised_where_they_are_loaded(child, vendor):
    package = vendor / "celery"
    package.mkdir()
    (package / "exceptions.py").write_text(
        "class Retry(Exception): pass\nclass MaxRetriesExceededError(Exception): pass\n"
    )
    one = child("import celery.exceptions as theirs\n" + JOB)
    code = "value = []\nfor limit in (9, 0):\n    try: self.retry(max_retries=limit)\n    except (theirs.Retry, theirs.MaxRetriesExceededError) as problem: value.append(str(problem))"
    result = run(one, code)[1]["result"]
    (package / "exceptions.py").unlink()
    package.rmdir()
    assert result == ["Retry in 10 s", "mod.Call has had all of its attempts, 1"]


def test_outside_of_a_run_and_in_a_forked_process_there_is_no_retry(child):
    from windlass import jobs

    with pytest.raises(RuntimeError, match=r"retry\(\) works only while the job runs"):
        jobs.Job().retry()
    code = "import os\npid = os.fork()\nif not pid:\n    try: self.retry()\n    except RuntimeError: os._exit(7)\nvalue = os.waitpid(pid, 0)[1] >> 8"
    assert run(child(JOB), code)[1]["result"] == 7
