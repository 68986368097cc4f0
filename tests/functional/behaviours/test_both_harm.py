"""What no job should do: each ends with the right reason, and the next run is unaffected."""

import uuid

import pytest

from tests.support.server import FINAL, processes_with, wait_until


def harmed(sdk, how, name="Harms", mark=""):
    """The end of such a run; one of another kind is well after it."""
    submitted = sdk.submit("harms." + name, {"how": how, "mark": mark})

    def ended():
        result = sdk.windlass.result(submitted)
        return result if result["status"]["value"] in FINAL else None

    # The stream of events would hold all that it prints.
    done = wait_until(ended, 60, "its end")
    assert sdk.value("asks.Knows")["attempt"] == 1
    return done


@pytest.mark.parametrize(
    "how, code, words",
    [
        ("segfault", {"python": "killed", "cpp": "crash"}, "SIGSEGV"),
        ("aborts", {"python": "killed", "cpp": "crash"}, "SIGABRT"),
        ("kills_itself", "killed", "SIGKILL"),
        ("leaves", {"python": "exited", "cpp": "exception"}, "3"),
        ("closes_all", "channel_closed", ""),
        ("eats", "memory_limit", "300"),
    ],
)
def test_a_run_that_is_lost_is_a_failure_with_its_reason(sdk, how, code, words):
    done = harmed(sdk, how)
    wanted = code if isinstance(code, str) else code[sdk.language]
    assert (done["status"]["value"], done["reason_code"]) == ("FAILURE", wanted), done["reason"]
    assert words in done["reason"] + str(done["result"])
    if sdk.language == "cpp" and how in ("segfault", "aborts"):
        assert "cpp_harms.cpp:" in done["traceback"]


@pytest.mark.parametrize("how", ["fork_bomb", "ignores_everything"])
def test_what_hangs_is_ended_at_its_limit(sdk, how):
    mark = "mark" + uuid.uuid4().hex
    done = harmed(sdk, how, "Hangs", mark)
    assert done["status"]["value"] == "FAILURE"
    assert done["reason_code"] in ("time_limit", "soft_time_limit")
    assert processes_with(mark) == []


def test_nothing_that_a_run_spawned_lives_on(sdk):
    mark = "mark" + uuid.uuid4().hex
    done = harmed(sdk, "spawns", mark=mark)
    assert done["status"]["value"] == "SUCCESS", done["result"]
    assert processes_with(mark) == []


@pytest.mark.parametrize(
    "how, value", [("closes_output", "fine"), ("leaves_threads", "main is done"), ("garbage", "still here")]
)
def test_what_disturbs_nobody_succeeds(sdk, how, value):
    done = harmed(sdk, how)
    assert (done["status"]["value"], done["result"]) == ("SUCCESS", value), done["reason"]


def test_a_copy_of_a_run_has_no_say_and_shows_its_exception(sdk):
    done = harmed(sdk, "copies_itself")
    assert (done["status"]["value"], done["result"]) == ("SUCCESS", 1), done["reason"]
    shown = "\n".join(sdk.windlass.console(done))
    assert sdk.words["lookup"] + ": in the copy" in shown
    assert sdk.path("harms") + sdk.suffix in shown, "where it was thrown"


@pytest.mark.parametrize("how", ["prints_much", "logs_much"])
def test_output_without_end_is_cut_and_counted(sdk, how):
    done = harmed(sdk, how)
    assert done["status"]["value"] == "SUCCESS", done["reason"]
    assert done["dropped_log_count"] > 0
    assert len(sdk.windlass.messages(done)) < 300


def test_what_is_no_text_is_shown_as_well_as_it_can_be(sdk):
    done = harmed(sdk, "no_text")
    assert done["status"]["value"] == "SUCCESS", done["result"]
    assert any("half \ufffd and NUL" in message for message in sdk.windlass.messages(done))
    assert any(line.startswith("caf\ufffd") for line in sdk.windlass.console(done))
