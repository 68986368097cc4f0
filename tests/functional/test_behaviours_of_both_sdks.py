"""What jobs may do and what becomes of it: one list, which the SDK of each language has to meet.

behaviours/python and behaviours/cpp hold the same classes. Both are served by one installation, in modules whose names
begin with the language; where two languages have other words for a thing, WORDS has them.
"""

import json
import os
import pathlib
import shutil
import uuid

import pytest

from tests.support.server import Windlass, processes_with, wait_until

FOLDER = pathlib.Path(__file__).parent / "behaviours"
SUFFIXES = {"python": ".py", "cpp": ".cpp"}
MODULES = ("asks", "ends", "harms", "speaks", "takes")
WORDS = {
    "python": {"lookup": "LookupError", "lookup module": "builtins", "cause": "KeyError"},
    "cpp": {"lookup": "std::runtime_error", "lookup module": "std", "cause": "std::out_of_range"},
}
GOOD = {
    "string": "  some words ",
    "text": "line\nline",
    "integer": "5",
    "boolean": "true",
    "choice": 7,
    "choices": ["red", "blue"],
    "queue": "default",
    "queues": ["default"],
    "document": {"a": [1, None]},
    "address": "2001:DB8:0:0::1",
    "interface": "192.0.2.1/24",
    "network": "192.0.2.0/24",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    windlass = Windlass(
        tmp_path_factory.mktemp("behaviours") / "home",
        cancel_grace=1,
        memory_limit="300 MiB",
        log_entry_limit=5000,
        log_byte_limit="1 MiB",
    )
    for language, suffix in SUFFIXES.items():
        for module in MODULES:
            shutil.copy(FOLDER / language / (module + suffix), windlass.jobs / f"{language}_{module}{suffix}")
    shutil.copy(FOLDER / "limits.json", windlass.jobs)
    windlass.start()
    for language in SUFFIXES:
        for path in ("takes.Seals", "speaks.Logs", "ends.Steps", "harms.Harms", "asks.Reads"):
            windlass.wait_for_job(f"{language}_{path}", timeout=120)
    windlass.command("jobs", "enable", "--all", check=0)
    yield windlass
    windlass.close()


class Sdk:
    """The jobs of one language."""

    def __init__(self, windlass, language):
        self.windlass = windlass
        self.language = language
        self.words = WORDS[language]

    def path(self, name):
        return f"{self.language}_{name}"

    def job(self, name):
        return self.windlass.job(self.path(name))

    def submit(self, name, data=None, **body):
        return self.windlass.submit(self.path(name), data, **body)

    def run(self, name, data=None):
        return self.windlass.wait(self.submit(name, data))

    def value(self, name, data=None):
        done = self.run(name, data)
        assert done["status"]["value"] == "SUCCESS", (done["result"], done["traceback"])
        return done["result"]

    def refused(self, name, data):
        answer = self.windlass.request(
            "POST", f"/api/extras/jobs/{self.path(name)}/run/", json={"data": data}
        )
        assert answer.status_code == 400, answer.text
        return answer.json()["errors"]

    def variables(self, name):
        return self.windlass.get(f"/api/extras/jobs/{self.path(name)}/variables/")

    def entries(self, done, grouping):
        return [entry["message"] for entry in self.windlass.logs(done) if entry["grouping"] == grouping]


@pytest.fixture(params=SUFFIXES)
def sdk(request, installation):
    return Sdk(installation, request.param)


def both(installation):
    return [Sdk(installation, language) for language in SUFFIXES]


# Declarations


def without_names(value):
    """A form without what tells the languages' modules apart."""
    text = json.dumps(value)
    for language in SUFFIXES:
        text = text.replace(language + "_", "")
    return json.loads(text)


@pytest.mark.parametrize(
    "name", ["Required", "Optional", "Defaults", "Hides", "Computes", "Seals", "Rehearses"]
)
def test_a_form_is_the_same_in_both_languages(installation, name):
    python, cpp = (without_names(sdk.variables("takes." + name)) for sdk in both(installation))
    assert python == cpp


SHOWN = (
    "approval_required",
    "console_log_default",
    "dryrun_default",
    "has_sensitive_variables",
    "hidden",
    "is_job_button_receiver",
    "is_job_hook_receiver",
    "is_singleton",
    "read_only",
    "soft_time_limit",
    "supports_dryrun",
    "task_queues",
    "time_limit",
    "description",
)


@pytest.mark.parametrize(
    "name",
    [
        "takes.Required",
        "takes.Rehearses",
        "ends.Flaky",
        "ends.Soft",
        "ends.Single",
        "asks.Hook",
        "asks.Knows",
    ],
)
def test_a_record_says_the_same_in_both_languages(installation, name):
    python, cpp = (sdk.job(name) for sdk in both(installation))
    assert {field: python[field] for field in SHOWN} == {field: cpp[field] for field in SHOWN}
    assert python["grouping"].removeprefix("python_") == cpp["grouping"].removeprefix("cpp_")


def test_the_line_of_a_class_is_its_own(sdk):
    source = (FOLDER / sdk.language / ("ends" + SUFFIXES[sdk.language])).read_text().splitlines()
    found = next(number for number, line in enumerate(source, 1) if line.startswith("class Hard"))
    listed = sdk.windlass.command("jobs", "show", sdk.path("ends.Hard")).stdout
    assert f":{found}" in listed, listed


def test_what_is_not_registered_does_not_exist(sdk):
    assert sdk.job("takes.Unregistered") is None
    assert sdk.job("takes.Required")["installed"]


@pytest.mark.parametrize("name, kind", [("Hook", "hook"), ("Button", "button")])
def test_a_receiver_is_marked_and_not_run_by_itself(sdk, name, kind):
    record = sdk.job("asks." + name)
    flags = {one: record[f"is_job_{one}_receiver"] for one in ("hook", "button")}
    assert flags == {one: one == kind for one in flags}
    listed = sdk.windlass.get(f"/api/extras/jobs/?is_job_{kind}_receiver=true&module_name={sdk.path('asks')}")
    assert [job["job_class_name"] for job in listed["results"]] == [name]
    path = f"/api/extras/jobs/{sdk.path('asks.' + name)}/run/"
    answer = sdk.windlass.request("POST", path, json={"data": {}})
    assert (answer.status_code, answer.json()["code"]) == (400, "job.receiver")
    assert kind in answer.text


# Inputs


def test_run_gets_a_value_of_the_right_kind_for_each_variable(sdk):
    fields = [
        (name, json.dumps(one) if isinstance(one, dict) else str(one))
        for name, value in GOOD.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    path = f"/api/extras/jobs/{sdk.path('takes.Required')}/run/"
    answer = sdk.windlass.request("POST", path, data=fields, files={"upload": ("größe.csv", b"a,b\n")})
    assert answer.status_code == 201, answer.text
    done = sdk.windlass.wait(answer.json()["job_result"])
    assert done["result"] == {
        "string": "some words",
        "text": "line\nline",
        "integer": 5,
        "boolean": True,
        "choice": "7",
        "choices": ["red", "blue"],
        "queue": "default",
        "queues": ["default"],
        "document": {"a": [1, None]},
        "address": "2001:db8::1",
        "interface": "192.0.2.1/24",
        "network": "192.0.2.0/24",
        "upload": ["größe.csv", "a,b\n"],
    }, done["traceback"]


def test_what_is_left_out_arrives_as_its_empty_value(sdk):
    empty = {"string": "", "text": "", "boolean": False, "choice": "", "choices": [], "queues": []}
    assert sdk.value("takes.Optional") == {**dict.fromkeys([*GOOD, "upload"]), **empty}


def test_defaults_fill_in(sdk):
    assert sdk.value("takes.Defaults") == {
        "string": "words",
        "integer": 0,
        "boolean": True,
        "choice": "blue",
        "choices": ["red", "7"],
        "queue": "default",
        "document": {"deep": [1, None]},
        "phrase": "a text",
        "address": "2001:db8::1",
    }


def test_every_missing_variable_is_named_at_once(sdk):
    missing = sdk.refused("takes.Required", {"unknown": 1})
    assert set(missing) == (set(GOOD) - {"boolean"}) | {"upload", "unknown"}


@pytest.mark.parametrize(
    "field, value",
    [
        ("string", "x"),
        ("string", "far too long for it"),
        ("string", "UPPER"),
        ("integer", -1),
        ("integer", 11),
        ("integer", "1.5"),
        ("boolean", "perhaps"),
        ("choice", "green"),
        ("choices", ["red", "green"]),
        ("queue", "no such queue"),
        ("queues", ["default", "no such queue"]),
        ("document", "{broken"),
        ("address", "192.0.2.256"),
        ("interface", "192.0.2.1"),
        ("network", "192.0.2.1/24"),
        ("network", "192.0.2.0/29"),
        ("network", "0.0.0.0/4"),
        ("upload", "not a file"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused(installation, field, value):
    python, cpp = (sdk.refused("takes.Required", {**GOOD, field: value}) for sdk in both(installation))
    assert field in python and python == cpp


def test_hidden_variables_are_not_required_and_arrive_empty(sdk):
    assert sdk.value("takes.Hides", {"mode": "c", "name": "dropped"}) == {
        "mode": "c",
        "express": False,
        "name": "",
        "courier": "",
    }
    shown = {"mode": "a", "express": True, "name": "box", "courier": "anna"}
    assert sdk.value("takes.Hides", shown) == shown
    assert set(sdk.refused("takes.Hides", {"mode": "a", "express": True})) == {"name", "courier"}


def test_computed_choices_rule_form_and_submission(sdk):
    assert sdk.value("takes.Computes", {"region": "apac", "site": "tokyo"}) == {
        "region": "apac",
        "site": "tokyo",
    }
    assert "site" in sdk.refused("takes.Computes", {"region": "emea", "site": "tokyo"})
    path = f"/api/extras/jobs/{sdk.path('takes.Computes')}/variables/"
    form = sdk.windlass.post(path, {"data": {"region": "emea"}}, status=200)
    site = next(one for one in form["variables"] if one["name"] == "site")
    assert [label for _, label in site["choices"]] == ["Lisbon", "Berlin"]


def test_a_sensitive_variable_is_sealed_and_never_shown(sdk):
    done = sdk.run("takes.Seals", {"token": "s3cret-value", "note": "shown"})
    assert done["result"] == 12
    everything = json.dumps([done, sdk.windlass.logs(done)])
    assert "s3cret-value" not in everything and "shown" in everything


def test_a_dry_run_begins_as_declared(sdk):
    assert sdk.value("takes.Rehearses") == {"dryrun": True}
    assert sdk.value("takes.Rehearses", {"dryrun": False}) == {"dryrun": False}


# What a run says


def test_levels_groupings_and_objects(sdk):
    done = sdk.run("speaks.Logs")
    assert done["status"]["value"] == "SUCCESS", done["traceback"]
    entries = [
        (one["log_level"], one["grouping"], one["message"], one["log_object"], one["absolute_url"])
        for one in sdk.windlass.logs(done)
        if one["grouping"] not in ("initialization", "post_run")
    ]
    levels = ["debug", "info", "success", "warning", "failure", "error", "critical"]
    assert entries[:7] == [(level, "run", level, "", "") for level in levels]
    assert entries[7:12] == [
        ("info", "helper", "from helper", "", ""),
        ("info", "my group", "grouped", "", ""),
        ("info", "run", "about", "the thing", "/things/1/"),
        ("info", "run", "1 of 2, 50.5%", "", ""),
        ("info", "run", "no arguments: %s {}", "", ""),
    ]
    assert "hunter22" not in str(entries) and "from a thread" in str(entries)
    assert any("hidden" in line for line in sdk.windlass.console(done))


def test_output_is_kept(sdk):
    done = sdk.run("speaks.Prints")
    assert sorted(sdk.windlass.console(done)) == ["open end", "to stderr", "to stdout"]


def test_progress(sdk):
    submitted = sdk.submit("speaks.Progresses")
    told = [data for event, _, data in sdk.windlass.events(submitted) if event == "progress"]
    done = sdk.windlass.result(submitted)
    assert (done["result"], done["status"]["value"]) == ([15, "refused"], "SUCCESS"), done["traceback"]
    last = done["progress"]
    assert (last["done"], last["total"], last["message"]) == (2, 2, "more")
    assert [(one["done"], one["total"]) for one in told][-1] == (2, 2)


def test_files(sdk):
    done = sdk.run("speaks.Writes")
    assert done["result"] == {"refused": 8, "name": "data.bin", "url": True}, done["traceback"]
    content = {
        file["name"]: sdk.windlass.request("GET", f"/api/extras/file-proxies/{file['id']}/download/").content
        for file in done["files"]
    }
    assert content == {"text.txt": "grün\n".encode(), "data.bin": b"\x00\xff"}
    assert any("[data.bin](" in message for message in sdk.windlass.messages(done))


# How a run ends

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
    assert str(sdk.windlass.jobs / (sdk.path("ends") + SUFFIXES[sdk.language])) in done["traceback"]


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


# What it knows and may ask


def test_a_job_knows_its_run(sdk):
    done = sdk.run("asks.Knows", {"address": "192.0.2.1"})
    names = {"It knows", "It knows (2)"}  # the server tells two jobs of one name apart
    assert done["result"].pop("job") in names
    assert done["result"] == {
        "task": done["id"],
        "attempt": 1,
        "queue": "default",
        "user": "admin",
        "path": sdk.path("asks.Knows"),
        "inputs": {"word": "a word", "address": "192.0.2.1"},
    }


def test_a_job_reads_json_beside_its_source_and_its_edits_are_in_force(sdk):
    assert sdk.value("asks.Reads") == 90
    file = sdk.windlass.write_job(f"{sdk.language}_only.json", '{"disk": 1}')
    before = sdk.job("asks.Reads")["installed"] and sdk.value("asks.Knows")["attempt"]
    assert before == 1
    wait_until(lambda: sdk.run("asks.Reads", {"file": file.name})["result"] == 1, 20, "it is there")
    sdk.windlass.write_job(file.name, '{"disk": 2}')
    wait_until(lambda: sdk.run("asks.Reads", {"file": file.name})["result"] == 2, 20, "it is edited")
    missing = sdk.run("asks.Reads", {"file": "nowhere.json"})
    assert missing["status"]["value"] == "FAILURE" and "nowhere.json" in missing["traceback"]


def test_a_job_asks_the_server(sdk):
    assert sdk.value("asks.Asks") == {
        "count": 1,
        "exists": False,
        "name": "default",
        "status": "STARTED",
        "user": "admin",
        "wrong": "refused",
    }
    assert sdk.value("asks.Validates") == ["trimmed", "192.0.2.1", ["address"]]


# What none should do


def harmed(sdk, how, name="Harms", mark=""):
    """The end of such a run; one of another kind is well after it."""
    done = sdk.run("harms." + name, {"how": how, "mark": mark})
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
    assert sdk.path("harms") + SUFFIXES[sdk.language] in shown, "where it was thrown"


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
