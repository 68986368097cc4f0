"""Forms, records, registration, receivers."""

import json

import pytest


def without_names(value):
    """A form without what tells the languages' modules apart."""
    text = json.dumps(value)
    for language in ("python", "cpp"):
        text = text.replace(language + "_", "")
    return json.loads(text)


@pytest.mark.parametrize(
    "name", ["Required", "Optional", "Defaults", "Hides", "Computes", "Seals", "Rehearses"]
)
def test_a_form_is_the_same_in_both_languages(sdks, name):
    python, cpp = (without_names(sdk.variables("takes." + name)) for sdk in sdks)
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
def test_a_record_says_the_same_in_both_languages(sdks, name):
    python, cpp = (sdk.job(name) for sdk in sdks)
    assert {field: python[field] for field in SHOWN} == {field: cpp[field] for field in SHOWN}
    assert python["grouping"].removeprefix("python_") == cpp["grouping"].removeprefix("cpp_")


def test_the_line_of_a_class_is_its_own(sdk):
    source = sdk.source("ends").splitlines()
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
