"""The REST interface over the real binary: refusals, sealed inputs, streams, pages, files, overrides."""

import sqlite3

import pytest
import requests

from tests.support.server import read_events

JOBS = """
import time
from windlass import jobs

name = "Rest"

class Inputs(jobs.Job):
    class Meta:
        has_sensitive_variables = False
        task_queues = ["default", "nobody"]
    text = jobs.StringVar(min_length=2, max_length=5)
    number = jobs.IntegerVar(min_value=0, max_value=9)
    flag = jobs.BooleanVar(default=True)
    kind = jobs.ChoiceVar(choices=(("a", "A"), ("b", "B")), required=False)

    def run(self, *, text, number, flag, kind):
        return {"text": text, "number": number, "flag": flag, "kind": kind}

class Sealed(jobs.Job):
    password = jobs.StringVar()

    def run(self, *, password):
        self.logger.info("password is %s", password)
        print("token: " + password)
        return {"length": len(password), "password": password}

class Approved(jobs.Job):
    class Meta:
        approval_required = True
        has_sensitive_variables = False
    dryrun = jobs.DryRunVar()

    def run(self, *, dryrun):
        return dryrun

class Talks(jobs.Job):
    lines = jobs.IntegerVar(default=10)

    def run(self, *, lines):
        for number in range(lines):
            self.logger.info("line %s", number)
            if number % 5 == 0:
                self.logger.warning("warned at %s", number)
            self.progress(number + 1, lines, "talking")

class Writes(jobs.Job):
    def run(self):
        record = self.create_file("report.csv", "a,b\\n1,2\\n")
        return str(record.url)

class Fails(jobs.Job):
    def run(self):
        raise ValueError("cannot reach https://admin:hunter22@example.org/")

jobs.register_jobs(Inputs, Sealed, Approved, Talks, Writes, Fails)
"""


@pytest.fixture(scope="module")
def api(shared):
    shared.write_job("rest.py", JOBS)
    for name in ("Inputs", "Sealed", "Approved", "Talks", "Writes", "Fails"):
        shared.enable("rest." + name)
    return shared


def count(api):
    return api.get("/api/extras/job-results/?limit=1")["count"]


def test_every_fields_errors_come_at_once_and_nothing_is_queued(api):
    before = count(api)
    answer = api.post(
        "/api/extras/jobs/rest.Inputs/run/",
        {"data": {"text": "x", "number": "many", "kind": "c", "zzz": 1}},
        400,
    )
    assert set(answer["errors"]) == {"text", "number", "kind", "zzz"}
    assert answer["errors"]["zzz"] == ["Job data contained an unknown property"]
    assert answer["errors"]["number"] == ["Enter a whole number."]
    assert count(api) == before


def test_a_bound_of_zero_counts_and_values_are_coerced(api):
    refused = api.post("/api/extras/jobs/rest.Inputs/run/", {"data": {"text": "ab", "number": -1}}, 400)
    assert refused["errors"] == {"number": ["Ensure this value is greater than or equal to 0."]}
    done = api.wait(api.submit("rest.Inputs", {"text": "  ab ", "number": "5", "flag": "false"}))
    assert done["result"] == {"text": "ab", "number": 5, "flag": False, "kind": ""}
    assert done["task_kwargs"] == {"text": "ab", "number": 5, "flag": False, "kind": ""}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ('{"data": }', {"Content-Type": "application/json"}, 400),
        ("[]", {"Content-Type": "application/json"}, 400),
        ('{"data": [1]}', {"Content-Type": "application/json"}, 400),
        ("data", {"Content-Type": "text/plain"}, 415),
        ("x" * (17 << 20), {"Content-Type": "application/json"}, 413),
        ('{"data": {}}', {"Content-Type": "application/json", "Authorization": ""}, 403),
        ('{"data": {}}', {"Content-Type": "application/json", "Authorization": "Token " + "0" * 40}, 403),
    ],
)
def test_bad_bodies_and_callers(api, body, headers, status):
    answer = requests.post(
        api.url + "/api/extras/jobs/rest.Inputs/run/",
        data=body,
        headers={**api.session.headers, **headers},
        timeout=60,
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()


def test_unknown_ids_routes_filters_and_methods(api):
    missing = "018f0000-0000-7000-8000-000000000000"
    for name in (missing, "not-an-id"):
        answer = api.get(f"/api/extras/jobs/{name}/", 404)
        assert answer["detail"] == "No Job matches the given query."
    api.get(f"/api/extras/job-results/{missing}/", 404)
    api.get(f"/api/extras/job-results/{missing}/logs/", 404)
    assert api.get("/api/extras/nothing/", 404)["detail"] == "Not found."
    assert api.get("/api/extras/job-results/?colour=red", 400) == {"colour": ["Unknown filter field"]}
    answer = api.request("PUT", "/api/status/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_queues(api):
    body = {"data": {"text": "ab", "number": 1}}
    refused = api.post("/api/extras/jobs/rest.Inputs/run/", {**body, "task_queue": "nowhere"}, 400)
    assert refused == {"task_queue": ['"nowhere" is not a valid choice.']}
    unserved = api.post("/api/extras/jobs/rest.Inputs/run/", {**body, "job_queue": "nobody"}, 503)
    assert "nobody" in unserved["detail"]
    # Nothing else may use the home of a `start`, so it has to serve the queue itself.
    assert "windlass start --queue default --queue nobody" in unserved["detail"]
    names = {queue["name"] for queue in api.get("/api/extras/job-queues/")["results"]}
    assert {"default", "nobody"} <= names


def test_schedules_and_approvals_are_refused_and_never_run_at_once(api):
    before = count(api)
    body = {"data": {"text": "ab", "number": 1}, "schedule": {"name": "n", "interval": "daily"}}
    assert "interval" in api.post("/api/extras/jobs/rest.Inputs/run/", body, 400)["schedule"]
    body["schedule"] = {"interval": "immediately"}
    api.wait(api.post("/api/extras/jobs/rest.Inputs/run/", body)["job_result"])
    refused = api.post("/api/extras/jobs/rest.Approved/run/", {"data": {"dryrun": False}}, 400)
    assert "approv" in str(refused).lower()
    assert api.wait(api.submit("rest.Approved", {"dryrun": True}))["result"] is True
    assert count(api) == before + 2
    assert api.get("/api/extras/scheduled-jobs/") == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }


def test_inputs_of_a_sensitive_job_are_sealed_and_wiped(api):
    secret = "correct-horse-battery"
    done = api.wait(api.submit("rest.Sealed", {"password": secret}))
    assert done["task_kwargs"] == {}
    assert done["result"]["length"] == len(secret)
    everything = str(api.result(done)) + str(api.logs(done)) + str(api.console(done))
    assert secret not in everything
    with sqlite3.connect(api.home / "windlass.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM job_input").fetchone() == (0,)
    database.close()
    for file in api.home.glob("windlass.sqlite3*"):
        assert secret.encode() not in file.read_bytes()


def test_a_failure_shows_its_traceback_without_secrets(api):
    done = api.wait(api.submit("rest.Fails"))
    assert done["status"]["value"] == "FAILURE"
    assert done["reason_code"] == "exception"
    assert done["result"]["exc_type"] == "ValueError"
    assert str(api.jobs / "rest.py") in done["traceback"]
    assert "raise ValueError" in done["traceback"]
    assert "hunter22" not in str(done) + str(api.logs(done))


def test_a_stream_that_is_taken_up_again_misses_nothing_and_repeats_nothing(api):
    result = api.submit("rest.Talks", {"lines": 200})
    whole = []
    last = None
    while not whole or whole[-1][0] != "status" or whole[-1][2]["status"] not in ("SUCCESS", "FAILURE"):
        for position, (event, identifier, data) in enumerate(api.events(result, last)):
            whole.append((event, int(identifier), data))
            last = identifier
            if position == 20:
                break
    ids = [identifier for _, identifier, _ in whole]
    assert ids == sorted(set(ids))
    messages = [data["message"] for event, _, data in whole if event == "log"]
    assert [text for text in messages if text.startswith("line ")] == [f"line {n}" for n in range(200)]
    assert any(event == "progress" for event, _, _ in whole)


def test_logs_are_paged_by_position_and_filtered(api):
    done = api.wait(api.submit("rest.Talks", {"lines": 50}))
    path = f"/api/extras/job-results/{done['id']}/logs/"
    seen, after = [], 0
    while after is not None:
        page = api.get(f"{path}?after={after}&limit=7")
        assert len(page["results"]) <= 7
        seen += [entry["message"] for entry in page["results"]]
        after = page["next"]
    assert seen == api.messages(done)
    warned = api.get(f"{path}?log_level=warning")
    assert [entry["message"] for entry in warned] == [f"warned at {n}" for n in range(0, 50, 5)]
    assert done["warning_log_count"] == 10
    entry = api.get(f"/api/extras/job-logs/?job_result={done['id']}&limit=1")["results"][0]
    assert api.get(f"/api/extras/job-logs/{entry['id']}/")["message"] == entry["message"]
    text = api.request("GET", path + "download/").text
    assert "line 49" in text


def test_files_are_downloaded(api):
    done = api.wait(api.submit("rest.Writes"))
    (file,) = done["files"]
    proxy = api.get(f"/api/extras/file-proxies/{file['id']}/")
    assert proxy["name"] == "report.csv"
    answer = api.request("GET", f"/api/extras/file-proxies/{file['id']}/download/")
    assert answer.content == b"a,b\n1,2\n"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''report.csv"
    assert any("[report.csv](" in message for message in api.messages(done))


def test_overrides_are_kept_over_refreshes_and_restored(api):
    job = api.job("rest.Talks")
    path = f"/api/extras/jobs/{job['id']}/"
    changed = api.request("PATCH", path, json={"description": "mine"}).json()
    assert (changed["description"], changed["description_override"]) == ("mine", True)
    api.write_job("rest.py", JOBS.replace("import time", "import time  # touched"))
    api.wait_for_job("rest.Talks", description="mine", installed=True)
    restored = api.request("PATCH", path, json={"description_override": False}).json()
    assert (restored["description"], restored["description_override"]) == ("", False)
    bad = api.request("PATCH", path, json={"enabled": "perhaps"})
    assert (bad.status_code, bad.json()) == (400, {"enabled": ["Must be a valid boolean."]})


def test_a_queued_run_is_cancelled_at_once_and_deleted(api):
    for _ in range(20):
        first = api.submit("rest.Talks", {"lines": 2000})
    queued = first
    answer = api.post(f"/api/extras/job-results/{queued['id']}/cancel/", status=200)
    done = api.wait(queued)
    assert done["status"]["value"] == "REVOKED", (answer, done)
    assert "admin" in done["reason"]
    assert api.request("DELETE", f"/api/extras/job-results/{queued['id']}/").status_code == 204
    api.get(f"/api/extras/job-results/{queued['id']}/", 404)


def test_deleting_a_job_record_keeps_its_results(api):
    api.write_job("gone.py", JOBS.replace('"Rest"', '"Gone"'))
    result = api.run("gone.Writes")
    job = api.job("gone.Writes")
    assert api.request("DELETE", f"/api/extras/jobs/{job['id']}/").status_code == 204
    assert api.result(result)["job_model"] is None
    assert api.result(result)["name"] == result["name"]


def test_all_events_begin_with_reset(api):
    with api.session.get(api.url + "/api/extras/events/", stream=True, timeout=60) as answer:
        stream = read_events(answer)
        assert next(stream)[0] == "reset"
        result = api.submit("rest.Writes")
        seen = []
        for event, _, data in stream:
            if event == "status" and result["id"] in str(data):
                seen.append(data["status"])
                if seen[-1] == "SUCCESS":
                    break
    assert seen[-1] == "SUCCESS"


def test_information_pages(api):
    assert requests.get(api.url + "/", timeout=10).status_code == 200
    assert requests.get(api.url + "/health/", timeout=10).json()["status"] == "ok"
    assert "windlass_runs{" in requests.get(api.url + "/metrics", timeout=10).text
    assert api.get("/api/status/")["celery-workers-running"] == 1
    document = api.get("/api/swagger.json")
    assert document["openapi"].startswith("3.")
    assert document == api.get("/api/docs/?format=openapi")
    assert "/api/extras/jobs/{id}/run/" in document["paths"] or any(
        path.endswith("/run/") for path in document["paths"]
    )
