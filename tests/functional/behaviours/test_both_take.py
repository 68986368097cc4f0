"""Input variables of every kind."""

import json

import pytest

from tests.support.inputs import GOOD, multipart


def test_run_gets_a_value_of_the_right_kind_for_each_variable(sdk):
    form = multipart(GOOD, {"upload": ("größe.csv", b"a,b\n")})
    path = f"/api/extras/jobs/{sdk.path('takes.Required')}/run/"
    answer = sdk.windlass.request("POST", path, **form)
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
def test_a_value_that_breaks_a_rule_is_refused(sdks, field, value):
    python, cpp = (sdk.refused("takes.Required", {**GOOD, field: value}) for sdk in sdks)
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
