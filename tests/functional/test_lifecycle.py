"""The special methods in their order, with failures in each; retries; limits; the singleton lock."""

import os

import pytest

CLASS = "lifecycle.Lifecycle"


def ran(authoring, **data):
    """Status, the methods called in order, and the result."""
    done = authoring.wait(authoring.submit(CLASS, data))
    called = [entry["message"] for entry in authoring.logs(done) if entry["grouping"] == "order"]
    return done, called


def names(called):
    return [message.partition(" ")[0] for message in called]


def test_success(authoring):
    done, called = ran(authoring)
    assert (done["status"]["value"], done["result"]) == ("SUCCESS", "from run")
    assert names(called) == ["before_start", "run", "on_success", "after_return"]
    assert "('retval', 'from run')" in called[2]
    assert "('status', 'SUCCESS')" in called[3] and "('known', True)" in called[3]
    assert "('einfo', False)" in called[3]


@pytest.mark.parametrize("base", [False, True])
@pytest.mark.parametrize(
    "where, order",
    [
        ("before_start", ["before_start", "on_failure", "after_return"]),
        ("run", ["before_start", "run", "on_failure", "after_return"]),
    ],
)
def test_an_exception_skips_what_follows_and_is_told(authoring, where, order, base):
    done, called = ran(authoring, raise_in=[where], base=base)
    assert done["status"]["value"] == "FAILURE"
    kind = "KeyboardInterrupt" if base else "ValueError"
    assert done["result"] == {"exc_type": kind, "exc_message": where, "exc_module": "builtins"}
    assert kind in done["traceback"]
    assert names(called) == order
    assert f"('exc', '{where}')" in called[-2] and "('einfo', True)" in called[-2]
    assert "('status', 'FAILURE')" in called[-1] and "('einfo', True)" in called[-1]


@pytest.mark.parametrize("where", ["on_success", "after_return"])
def test_an_exception_after_success_makes_it_a_failure(authoring, where):
    done, called = ran(authoring, raise_in=[where])
    assert done["status"]["value"] == "FAILURE"
    assert done["result"]["exc_message"] == where
    before = ["before_start", "run", "on_success"]
    before += ["after_return"] if where == "after_return" else []
    # A second call of after_return is seen only where the first did not raise.
    assert names(called)[: len(before)] == before
    assert "on_failure" in names(called)


def test_an_exception_in_on_failure_ends_the_run_without_after_return(authoring):
    done, called = ran(authoring, raise_in=["run", "on_failure"])
    assert done["status"]["value"] == "FAILURE"
    assert names(called) == ["before_start", "run", "on_failure"]


def test_fail_in_before_start_skips_run_and_returns_its_value(authoring):
    done, called = ran(authoring, fail_in=["before_start"])
    assert (done["status"]["value"], done["result"]) == ("FAILURE", "from before_start")
    assert done["traceback"] is None
    assert names(called) == ["before_start", "on_failure", "after_return"]
    assert "('einfo', False)" in called[1]
    failures = [entry for entry in authoring.logs(done) if entry["log_level"] == "failure"]
    assert [entry["message"] for entry in failures] == ["failed in before_start"]


@pytest.mark.parametrize("where", ["run", "on_success", "after_return"])
def test_fail_marks_the_run_failed_without_stopping_it(authoring, where):
    done, called = ran(authoring, fail_in=[where])
    assert (done["status"]["value"], done["result"]) == ("FAILURE", "from run")
    assert done["traceback"] is None
    assert names(called)[-1] == "after_return"


def test_return_values(authoring, outcome):
    def returned(which):
        return outcome("return_values.Returns", {"which": which})

    assert returned("null") is None
    assert returned("nested") == {"list": [1, 2.5, True, None, "text"]}
    assert (returned("set"), returned("tuple")) == ([1], [1, [2]])
    assert returned("datetime").startswith("2026-01-02T03:04:05")
    assert (returned("date"), returned("time")[:5]) == ("2026-01-02", "03:04")
    assert (returned("decimal"), returned("bytes")) == ("1.50", "bytes")
    assert returned("uuid") == "00000000-0000-0000-0000-000000000005"
    assert "as text" in returned("exception") and returned("timedelta")
    assert returned("user")["username"] == "admin"


@pytest.mark.parametrize("which, words", [("object", "$.deep[0]"), ("nan", "$")])
def test_what_is_no_json_is_a_failure_that_names_its_place(authoring, which, words):
    done = authoring.wait(authoring.submit("return_values.Returns", {"which": which}))
    assert (done["status"]["value"], done["reason_code"]) == ("FAILURE", "return_value")
    assert words in done["result"]["exc_message"]


def test_retries_until_it_succeeds_with_each_attempts_log_apart(authoring):
    done = authoring.wait(authoring.submit("retrying.Flaky", {"succeed_at": 3}))
    assert (done["status"]["value"], done["result"], done["attempt"]) == ("SUCCESS", 2, 3)
    messages = authoring.messages(done)
    assert [one for one in messages if one.startswith("attempt")] == [
        "attempt 1",
        "attempt 2",
        "attempt 3",
    ]
    assert sum("again, after no answer" in one for one in messages) == 2
    assert [one for one in messages if one.startswith("after_return")] == ["after_return SUCCESS"]
    second = authoring.get(f"/api/extras/job-results/{done['id']}/logs/?attempt=2")
    assert "attempt 2" in [one["message"] for one in second]
    assert "attempt 1" not in [one["message"] for one in second]
    statuses = [data["status"] for event, _, data in authoring.events(done) if event == "status"]
    assert statuses.count("RETRY") == 2 and statuses[-1] == "SUCCESS"


def test_retries_end_at_the_limit(authoring):
    done = authoring.wait(authoring.submit("retrying.Flaky", {"succeed_at": 9}))
    assert (done["status"]["value"], done["attempt"]) == ("FAILURE", 3)
    assert done["result"]["exc_type"] == "ConnectionError"


def test_the_soft_limit_can_be_caught(outcome):
    assert outcome("soft_limit.Soft") == "tidied up after SoftTimeLimitExceeded"


def test_a_second_simultaneous_run_of_a_singleton_fails(authoring, tmp_path):
    fifo = tmp_path / "release"
    os.mkfifo(fifo)
    first = authoring.submit("singleton.Single", {"release": str(fifo)})
    for event, _, data in authoring.events(first):
        if event == "log" and data["message"] == "holding":
            break
    second = authoring.wait(authoring.submit("singleton.Single"))
    assert (second["status"]["value"], second["reason_code"]) == ("FAILURE", "singleton")
    assert first["id"] in second["reason"]
    third = authoring.post(
        "/api/extras/jobs/singleton.Single/run/", {"data": {}, "ignore_singleton_lock": True}
    )["job_result"]
    assert authoring.wait(third)["result"] == "done"
    with open(fifo, "w") as writer:
        writer.write("go")
    assert authoring.wait(first)["result"] == "done"
    assert authoring.wait(authoring.submit("singleton.Single"))["result"] == "done"


def test_progress_shows(authoring):
    done = authoring.wait(authoring.submit("progress.Counts"))
    assert done["result"] == [0, 1, 2]
    assert done["progress"]["done"] == 3 and done["progress"]["total"] == 3
