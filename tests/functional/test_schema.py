"""Requests made up from our own OpenAPI description: no 500, and no answer that breaks the description."""

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.server import TOKEN, Windlass

load_all_checks()

JOB = """
from windlass import jobs

class Simple(jobs.Job):
    class Meta:
        has_sensitive_variables = False
    text = jobs.StringVar(default="x")
    number = jobs.IntegerVar(required=False)
    document = jobs.JSONVar(required=False)

    def run(self, **inputs):
        self.logger.info("here")
        self.create_file("a.txt", "text")
        return inputs

jobs.register_jobs(Simple)
"""

# Streams that wait for events have no end of their own.
ENDLESS = "/events/"


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """An installation of its own: the made up requests delete and disable things."""
    instance = Windlass(tmp_path_factory.mktemp("schema") / "home")
    instance.write_job("simple.py", JOB)
    instance.start()
    instance.run("simple.Simple")
    yield instance
    instance.close()


@pytest.fixture(scope="module")
def api(described):
    schema = schemathesis.openapi.from_url(
        described.url + "/api/swagger.json", headers={"Authorization": "Token " + TOKEN}
    )
    return schema.exclude(path_regex=ENDLESS)


EXAMPLES = 15


def test_answers_to_made_up_requests_are_as_described(api):
    for outcome in api.get_all_operations():
        operation = outcome.ok()

        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def answers(case):
            case.call_and_validate(
                headers={"Authorization": "Token " + TOKEN},
                checks=[
                    schemathesis.checks.not_a_server_error,
                    content_type_conformance,
                    response_headers_conformance,
                    response_schema_conformance,
                    status_code_conformance,
                ],
            )

        answers()


def test_known_objects_are_as_described(described, api):
    """Made up ids find little: the same with ids that exist."""
    ids = {
        "job": described.job("simple.Simple")["id"],
        "result": described.get("/api/extras/job-results/?limit=1")["results"][0]["id"],
        "queue": described.get("/api/extras/job-queues/?limit=1")["results"][0]["id"],
        "file": described.get("/api/extras/file-proxies/?limit=1")["results"][0]["id"],
    }
    seen = 0
    for outcome in api.get_all_operations():
        operation = outcome.ok()
        names = [parameter.name for parameter in operation.path_parameters]
        if operation.method.upper() != "GET" or not all(name in ids for name in names):
            continue
        case = operation.Case(path_parameters={name: ids[name] for name in names})
        case.call_and_validate(
            headers={"Authorization": "Token " + TOKEN},
            checks=[schemathesis.checks.not_a_server_error, response_schema_conformance],
        )
        seen += 1
    assert seen > 20
