"""Random inputs on every variable: form rules, REST and command line come to the same verdict, and to the same values."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(-1e6, 1e6, width=32),
    st.text(max_size=12),
    st.sampled_from(
        [
            *("red", "blue", "7", "default", "true", "off", " 5 ", "1e3", "0x10", "\u0000", "null"),
            *("192.0.2.1", "192.0.2.1/24", "192.0.2.0/24", "::1", "::/0", "fe80::1%eth0", "1.2.3"),
            *("[]", "{}", '{"a": 1}', "[1,", "018f0000-0000-7000-8000-000000000000"),
        ]
    ),
)
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.sampled_from(["name", "id", "colour"]), SCALARS, max_size=2),
)
NAMES = [
    "string",
    "text",
    "integer",
    "boolean",
    "choice",
    "choices",
    "queue",
    "queues",
    "document",
    "address",
    "interface",
    "network",
    "upload",
    "unknown",
]
INPUTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4)
PATH = "/api/extras/jobs/every_variable.Optional"

settings.register_profile("verdict", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
settings.load_profile("verdict")


def verdicts(authoring, data):
    """What REST and the form say: the values, or the messages a field."""
    answer = authoring.request("POST", PATH + "/run/", json={"data": data})
    form = authoring.post(PATH + "/variables/", {"data": data}, status=200)
    messages = {one["name"]: one["errors"] for one in form["variables"] if one["errors"]}
    messages.update(form["errors"])
    assert form["valid"] is not bool(messages)
    if answer.status_code == 400:
        return answer.json()["errors"], messages
    assert answer.status_code == 201, (data, answer.text)
    assert not messages, (data, messages)
    kwargs = authoring.result(answer.json()["job_result"])["task_kwargs"]
    return kwargs, {one["name"]: one["value"] for one in form["variables"]}


@settings(max_examples=250)
@given(data=INPUTS)
def test_form_and_rest_agree(authoring, data):
    by_rest, by_form = verdicts(authoring, data)
    assert by_rest == by_form


@settings(max_examples=25)
@given(data=INPUTS)
def test_the_command_line_agrees(authoring, data):
    answer = authoring.request("POST", PATH + "/run/", json={"data": data})
    done = authoring.command(
        "runjob", "--json", "--data", "@-", "every_variable.Optional", input=json.dumps(data)
    )
    if answer.status_code == 400:
        assert done.returncode == 2, (data, done.stdout)
        # The terminal gets control characters as escapes.
        told = [one for messages in answer.json()["errors"].values() for one in messages]
        assert all(one in done.stderr for one in told if one.isprintable()), (told, done.stderr)
    else:
        assert done.returncode == 0, (data, done.stderr)
        kwargs = authoring.result(answer.json()["job_result"])["task_kwargs"]
        assert json.loads(done.stdout)["task_kwargs"] == kwargs
