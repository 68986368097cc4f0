"""Variables of every kind: what is refused, and what run() receives. REST, form and command line obey the same rules."""

import json

import pytest

from tests.support.inputs import GOOD, multipart


def run_with_files(installation, class_path, data, files):
    answer = installation.request("POST", f"/api/extras/jobs/{class_path}/run/", **multipart(data, files))
    assert answer.status_code == 201, answer.text
    done = installation.wait(answer.json()["job_result"])
    assert done["status"]["value"] == "SUCCESS", (done["result"], done["traceback"])
    return done


def errors(installation, class_path, data):
    answer = installation.request("POST", f"/api/extras/jobs/{class_path}/run/", json={"data": data})
    assert answer.status_code == 400, answer.text
    return answer.json()["errors"]


def test_run_gets_a_value_of_the_right_kind_for_each_variable(authoring):
    done = run_with_files(
        authoring, "every_variable.Required", GOOD, {"upload": ("hosts.csv", b"a,b\n", "text/csv")}
    )
    assert done["result"] == {
        "string": ["str", "some words"],
        "text": ["str", "line\nline"],
        "integer": ["int", 5],
        "boolean": ["bool", True],
        "choice": ["str", "7"],
        "choices": ["list", ["red", "blue"]],
        "queue": ["windlass.JobQueue", "default"],
        "queues": ["collection", ["default"], 1],
        "document": ["dict", {"a": [1, None]}],
        "address": ["netaddr.IPAddress", "2001:db8::1"],
        "interface": ["netaddr.IPNetwork", "192.0.2.1/24"],
        "network": ["netaddr.IPNetwork", "192.0.2.0/24"],
        "upload": ["file", "hosts.csv", "a,b\n"],
    }
    kwargs = done["task_kwargs"]
    assert (kwargs["integer"], kwargs["interface"]) == (5, "192.0.2.1/24")


def test_what_is_left_out_arrives_as_its_empty_value(outcome):
    assert outcome("every_variable.Optional") == {
        "string": ["str", ""],
        "text": ["str", ""],
        "integer": ["NoneType", None],
        "boolean": ["bool", False],
        "choice": ["str", ""],
        "choices": ["list", []],
        "queue": ["NoneType", None],
        "queues": ["collection", [], 0],
        "document": ["NoneType", None],
        "address": ["NoneType", None],
        "interface": ["NoneType", None],
        "network": ["NoneType", None],
        "upload": ["NoneType", None],
    }


def test_defaults_fill_in(outcome):
    assert outcome("every_variable.Defaults") == {
        "string": ["str", "words"],
        "integer": ["int", 0],
        "boolean": ["bool", True],
        "choice": ["str", "blue"],
        "choices": ["list", ["red", "7"]],
        "document": ["dict", {"deep": [1, None]}],
        "address": ["netaddr.IPAddress", "2001:db8::1"],
    }


def test_every_missing_variable_is_named_at_once(authoring):
    missing = errors(authoring, "every_variable.Required", {"unknown": 1})
    assert set(missing) == (set(GOOD) - {"boolean"}) | {"upload", "unknown"}
    assert missing["string"] == ["This field is required."]


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
        ("queue", "018f0000-0000-7000-8000-000000000000"),
        ("queues", ["default", "no such queue"]),
        ("document", "{broken"),
        ("address", "192.0.2.256"),
        ("address", "192.0.2.1/24"),
        ("interface", "192.0.2.1"),
        ("network", "192.0.2.1/24"),
        ("network", "192.0.2.0/29"),
        ("network", "0.0.0.0/4"),
        ("upload", "not a file"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused_by_rest_form_and_command_line(authoring, field, value):
    data = {**GOOD, field: value}
    refused = errors(authoring, "every_variable.Required", data)
    assert field in refused and set(refused) <= {field, "upload"}
    form = authoring.post("/api/extras/jobs/every_variable.Required/variables/", {"data": data}, status=200)
    by_form = {one["name"]: one["errors"] for one in form["variables"] if one["errors"]}
    assert (form["valid"], by_form) == (False, refused)
    done = authoring.command("runjob", "--data", json.dumps(data), "every_variable.Required")
    assert done.returncode == 2
    assert all(message in done.stderr for message in refused[field])


def test_grouped_choices(authoring, outcome):
    assert outcome("grouped_choices.Grouped", {"colour": 1}) == "1"
    assert outcome("grouped_choices.Grouped", {"colour": "none"}) == "none"
    assert "colour" in errors(authoring, "grouped_choices.Grouped", {"colour": "Warm"})


def test_objects_by_id_name_and_filters(authoring, outcome):
    job = authoring.job("unregistered.Known")
    finished = authoring.run("unregistered.Known")
    by_name = outcome(
        "object_variables.Objects",
        {
            "state": "SUCCESS",
            "job": job["name"],
            "run_of": finished["id"],
            "by_text": [{"name": "default"}],
        },
    )
    assert by_name["job"] == ["unregistered.Known", True, "Known"]
    assert by_name["run_of"] == ["Known", "SUCCESS", "Known"]
    assert by_name["queues"] == by_name["default"] == ["default"]
    assert (by_name["first"], by_name["exists"], by_name["all"]) == ("default", True, 1)
    by_filter = outcome("object_variables.Objects", {"job": {"class_path": "unregistered.Known"}})
    assert by_filter["job"] == by_name["job"]
    assert (by_filter["run_of"], by_filter["queues"], by_filter["exists"]) == (None, [], False)
    none = outcome("object_variables.Objects", {"run_of": "null"})
    assert none["run_of"] is None


def test_query_params_narrow_what_may_be_chosen(authoring):
    finished = authoring.run("unregistered.Known")
    refused = errors(authoring, "object_variables.Objects", {"state": "FAILURE", "run_of": finished["id"]})
    assert set(refused) == {"run_of"}
    authoring.command("jobs", "disable", "plain_attributes.Plain", check=0)
    try:
        refused = errors(authoring, "object_variables.Objects", {"job": "plain_attributes.Plain"})
        assert set(refused) == {"job"}
    finally:
        authoring.command("jobs", "enable", "plain_attributes.Plain", check=0)


def test_an_upload_is_a_file_and_is_gone_after_the_run(authoring):
    for _ in range(2):
        done = run_with_files(
            authoring,
            "upload.Upload",
            {},
            {"table": ("../t.csv", b"a\nb\n"), "other": ("s.txt", b"hidden words")},
        )
        value = done["result"]
        assert (value["name"], value["lines"], value["bytes"]) == ("t.csv", ["a", "b"], 4)
        assert value["other"] == "(redacted)"
        assert value["kwargs"]["table"] == "t.csv"
        assert "other" not in done["task_kwargs"]


def test_an_upload_by_the_command_line(authoring, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("x\ny\nz\n")
    done = authoring.command("runjob", "--json", "--file", f"table={table}", "upload.Upload")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["result"]["lines"] == ["x", "y", "z"]
    local = authoring.command("runjob", "--local", "--json", "--file", f"table={table}", "upload.Upload")
    assert json.loads(local.stdout)["result"]["lines"] == ["x", "y", "z"]


def test_a_file_for_another_variable_is_refused(authoring):
    answer = authoring.request(
        "POST",
        "/api/extras/jobs/grouped_choices.Grouped/run/",
        files={"colour": ("red", b"red"), "nothing": ("x", b"x")},
    )
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"colour", "nothing"}


def test_dry_run_begins_as_declared_and_needs_no_approval(authoring, outcome):
    assert outcome("dry_run.Careful") == {"dryrun": True, "supports": True, "default": True}
    answer = authoring.request(
        "POST", "/api/extras/jobs/dry_run.Careful/run/", json={"data": {"dryrun": False}}
    )
    assert answer.status_code == 400 and "approval" in answer.text


def test_hidden_fields_are_not_required_and_arrive_empty(authoring, outcome):
    assert outcome("visible_if.Cable", {"kind": "none", "mode": "single", "length": 5}) == [
        "none",
        "",
        None,
    ]
    assert outcome("visible_if.Cable", {"kind": "copper", "length": 5}) == ["copper", "", 5]
    assert set(errors(authoring, "visible_if.Cable", {"kind": "fibre"})) == {"mode", "length"}
    form = authoring.post(
        "/api/extras/jobs/visible_if.Cable/variables/", {"data": {"kind": "copper"}}, status=200
    )
    assert [one["visible"] for one in form["variables"]] == [True, False, True]


def test_computed_choices_rule_form_and_submission(authoring, outcome):
    def form(**data):
        answer = authoring.post(
            "/api/extras/jobs/computed_choices.Sites/variables/", {"data": data}, status=200
        )
        return next(one for one in answer["variables"] if one["name"] == "site")

    assert form(region="emea", password="hidden")["choices"] == [
        ["paris", "Paris"],
        ["oslo", "Oslo"],
    ]
    assert outcome("computed_choices.Sites", {"region": "apac", "site": "tokyo"}) == [
        "apac",
        "tokyo",
    ]
    refused = errors(authoring, "computed_choices.Sites", {"region": "apac", "site": "paris"})
    assert set(refused) == {"site"}
    assert "the inventory does not answer" in str(form(region="broken")["errors"])
    assert form(region="slow")["errors"]


def test_a_sensitive_field_alone_is_sealed_and_never_shown(authoring):
    secret = "correct horse battery"
    result = authoring.submit("sensitive_field.OneSecret", {"host": "core1", "secret": secret})
    done = authoring.wait(result)
    assert done["task_kwargs"] == {"host": "core1"}
    assert (done["result"]["length"], done["result"]["echo"]) == (len(secret), "(redacted)")
    failed = authoring.wait(
        authoring.submit(
            "sensitive_field.OneSecret",
            {"host": "core1", "secret": secret, "document": {"inner": "very hidden words"}},
        )
    )
    assert failed["status"]["value"] == "FAILURE"
    everything = json.dumps([done, failed]) + str(authoring.messages(done) + authoring.console(done))
    assert secret not in everything and "very hidden words" not in everything
    stored = b"".join(path.read_bytes() for path in authoring.home.glob("windlass.sqlite3*"))
    assert secret.encode() not in stored and b"very hidden words" not in stored


def test_a_sensitive_job_shows_no_input(authoring):
    done = authoring.wait(authoring.submit("sensitive_class.AllSecret", {"words": "hidden words"}))
    assert (done["result"], done["task_kwargs"]) == (12, {})


def test_the_sealing_key_can_be_replaced_under_way(authoring):
    before = (authoring.home / "secret.key").read_text()
    authoring.command("rotate-key", check=0)
    assert (authoring.home / "secret.key").read_text() != before
    done = authoring.wait(authoring.submit("sensitive_class.AllSecret", {"words": "still works"}))
    assert done["result"] == 11


def test_json_schema_describes_the_inputs(authoring):
    schema = authoring.get("/api/extras/jobs/every_variable.Required/variables/?format=jsonschema")
    assert schema["type"] == "object" and schema["additionalProperties"] is False
    assert set(schema["required"]) == set(GOOD) - {"boolean"} | {"upload"}
    assert schema["properties"]["integer"]["maximum"] == 10


def test_class_methods(outcome):
    value = outcome("class_methods.Methods", {"text": "abc"})
    assert value["variables"] == ["text", "network"]
    kind, messages = value["refused"]
    assert kind == "ValidationError" and set(messages) == {"text", "more"}
    assert value["cleaned"] == {"text": "ok", "network": "192.0.2.0/24"}
    assert value["serialised"] == {"text": "a", "network": None}
    assert value["again"]["network"] == "192.0.2.0/24"
