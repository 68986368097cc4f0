"""Lifecycle, failures, retries, limits, cancelling."""

import os

import pytest

from tests.support.server import wait_until

ORDER = {
    "": ["before_start", "run", "on_success from run", "after_return SUCCESS"],
    "before_start": ["before_start", "on_failure {}", "after_return FAILURE"],
    "run": ["before_start", "run", "on_failure {}", "after_return FAILURE"],
    "on_success": ["before_start", "run", "on_success from run", "on_failure {}", "after_return FAILURE"],
    "after_return": [
        *["before_start", "run", "on_success from run", "after_return SUCCESS", "on_failure {}"],
        "after_return FAILURE",
    ],
}


@pytest.mark.parametrize("where", ORDER)
def test_an_exception_in_any_method(sdk, where):
    done = sdk.run("ends.Steps", {"throws_in": [where] if where else []})
    assert sdk.entries(done, "order") == [step.format(where) for step in ORDER[where]]
    if not where:
        assert (done["status"]["value"], done["result"]) == ("SUCCESS", "from run")
        return
    assert (done["status"]["value"], done["reason_code"]) == ("FAILURE", "exception")
    assert (done["result"]["exc_type"], done["result"]["exc_module"]) == (
        sdk.words["lookup"],
        sdk.words["lookup module"],
    )
    assert where in done["result"]["exc_message"] and where in done["traceback"]


def test_an_exception_in_on_failure_ends_the_run(sdk):
    done = sdk.run("ends.Steps", {"throws_in": ["run", "on_failure"]})
    assert (done["status"]["value"], done["reason_code"]) == ("FAILURE", "exception")
    assert sdk.entries(done, "order") == ["before_start", "run", "on_failure run"]


@pytest.mark.parametrize("where", ["before_start", "run", "on_success", "after_return"])
def test_fail_marks_the_run_without_stopping_it(sdk, where):
    done = sdk.run("ends.Steps", {"fails_in": [where]})
    assert (done["status"]["value"], done["reason_code"], done["traceback"]) == ("FAILURE", "fail", None)
    steps = sdk.entries(done, "order")
    assert ("run" in steps) is (where != "before_start")
    assert steps[-1] == "after_return " + ("SUCCESS" if where == "after_return" else "FAILURE")
    entries = [one for one in sdk.windlass.logs(done) if one["message"] == "failed in " + where]
    assert [one["log_level"] for one in entries] == ["failure"]


def test_return_values(sdk):
    assert sdk.value("ends.Returns", {"which": "null"}) is None
    assert sdk.value("ends.Returns", {"which": "nested"}) == {
        "list": [1, 2.5, True, None, "text"],
        "größe": {},
    }
    assert sdk.value("ends.Returns", {"which": "numbers"}) == [-(2**63), 2**64 - 1, 1e300]
    assert sdk.value("ends.Returns", {"which": "bytes"}) == "caf\ufffd"


@pytest.mark.parametrize("which, words", [("nan", "$.deep[0]"), ("deep", "levels")])
def test_a_value_that_json_cannot_hold_is_a_failure_that_names_its_place(sdk, which, words):
    done = sdk.run("ends.Returns", {"which": which})
    assert (done["status"]["value"], done["reason_code"]) == ("FAILURE", "return_value")
    assert words in done["result"]["exc_message"]


def test_an_exception_says_type_text_cause_and_place(sdk):
    done = sdk.run("ends.Throws")
    assert done["result"] == {
        "exc_type": sdk.words["lookup"],
        "exc_message": "no such device: größe",
        "exc_module": sdk.words["lookup module"],
    }
    assert sdk.words["cause"] in done["traceback"] and "the cause" in done["traceback"]
    assert str(sdk.windlass.jobs / (sdk.path("ends") + sdk.suffix)) in done["traceback"]


def test_retries_until_it_succeeds(sdk):
    done = sdk.run("ends.Flaky", {"succeeds_at": 3})
    assert (done["status"]["value"], done["result"], done["attempt"]) == ("SUCCESS", 2, 3)
    messages = sdk.windlass.messages(done)
    told = [one for one in messages if one.startswith(("attempt", "again", "after_return"))]
    again = "again, after no answer"
    assert told == ["attempt 1", again, "attempt 2", again, "attempt 3", "after_return SUCCESS"]
    second = sdk.windlass.get(f"/api/extras/job-results/{done['id']}/logs/?attempt=2")
    assert "attempt 2" in str(second) and "attempt 1" not in str(second)


def test_retries_end_at_the_limit(sdk):
    done = sdk.run("ends.Flaky", {"succeeds_at": 9})
    assert (done["status"]["value"], done["attempt"]) == ("FAILURE", 3)
    assert done["result"]["exc_message"] == "no answer"
    without_cause = sdk.run("ends.GivesUp")
    assert (without_cause["status"]["value"], without_cause["attempt"]) == ("FAILURE", 2)
    assert without_cause["result"]["exc_type"].startswith("MaxRetriesExceeded")


def test_the_soft_limit_can_be_caught_or_passed(sdk):
    assert sdk.value("ends.Soft", {"tidies_up": True}) == "tidied up"
    done = sdk.run("ends.Soft", {"tidies_up": False})
    assert (done["status"]["value"], done["reason_code"]) == ("FAILURE", "soft_time_limit")
    assert done["result"]["exc_type"] == "SoftTimeLimitExceeded"


def test_the_hard_limit_ends_what_does_not_listen(sdk):
    done = sdk.run("ends.Hard")
    assert (done["status"]["value"], done["reason_code"]) == ("FAILURE", "time_limit")


@pytest.mark.parametrize("listens", [True, False])
def test_cancel(sdk, listens):
    result = sdk.submit("ends.Waits", {"listens": listens})
    wait_until(lambda: "begun" in sdk.windlass.messages(result), 20, "it has begun")
    sdk.windlass.post(f"/api/extras/job-results/{result['id']}/cancel/", status=200)
    done = sdk.windlass.wait(result)
    assert (done["status"]["value"], done["reason_code"]) == ("REVOKED", "cancelled")
    assert ("tidied up" in sdk.windlass.messages(done)) is listens


def test_a_second_simultaneous_run_of_a_singleton_fails(sdk, tmp_path):
    fifo = tmp_path / "release"
    os.mkfifo(fifo)
    first = sdk.submit("ends.Single", {"release": str(fifo)})
    wait_until(lambda: "holding" in sdk.windlass.messages(first), 20, "it has begun")
    second = sdk.run("ends.Single")
    assert (second["status"]["value"], second["reason_code"]) == ("FAILURE", "singleton")
    with open(fifo, "w") as writer:
        writer.write("go")
    assert sdk.windlass.wait(first)["result"] == "done"
