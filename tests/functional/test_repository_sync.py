"""`repositories sync` and the REST interface over a real repository: what is asked for, followed and recorded."""

import hashlib
import hmac
import json

import pytest

from tests.support.remote import Remote
from tests.support.server import wait_until

REPOSITORIES = "/api/extras/git-repositories/"
RESULTS = "/api/extras/job-results/"
JOB = """
from nautobot.apps import jobs

class Say(jobs.Job):
    class Meta:
        has_sensitive_variables = False
    def run(self):
        return {value!r}

jobs.register_jobs(Say)
"""


@pytest.fixture
def remote(tmp_path):
    repository = Remote(tmp_path / "remote")
    repository.commit({"__init__.py": ""})
    return repository


def test_the_command_follows_a_sync_and_tells_how_it_ended(windlass, remote):
    first = remote.commit({"jobs.py": JOB.format(value="one")})
    windlass.command("repositories", "add", "net", remote.url, check=0)
    windlass.start()
    wait_until(
        lambda: windlass.job("nautobot.core.jobs.GitRepositorySync"), 20, "the job that syncs is known"
    )
    windlass.command("repositories", "sync", "net", check=0)
    windlass.wait_for_job("net.jobs.Say", source="git:net", source_version=first)
    done = windlass.run("net.jobs.Say")
    assert (done["result"], done["source"], done["source_version"]) == ("one", "git:net", first)
    assert done["source_url"] is None, "a file URL has no pages"
    assert "git:net" in windlass.command("jobs", "list", check=0).stdout

    broken = remote.commit({"jobs.py": "import nothing_of_that_name\n"})
    failed = windlass.command("repositories", "sync", "net", check=1)
    assert "nothing_of_that_name" in failed.stdout
    shown = windlass.get(REPOSITORIES + "net/")
    assert (shown["current_head"], shown["newest_head"]) == (first, broken)
    assert "nothing_of_that_name" in shown["sync_error"]
    assert shown["last_sync"]["status"] == "FAILURE"
    (source,) = (s for s in windlass.get("/api/extras/job-sources/") if s["name"] == "git:net")
    assert (source["version"], source["jobs"]) == (first, 1)
    assert "nothing_of_that_name" in source["errors"][0]["message"]
    assert windlass.run("net.jobs.Say")["result"] == "one"

    third = remote.commit({"jobs.py": JOB.format(value="three")})
    windlass.command("repositories", "sync", "--dry-run", "net", check=0)
    assert windlass.get(REPOSITORIES + "net/")["current_head"] == first
    answer = windlass.post(REPOSITORIES + "net/sync/", status=200)
    assert windlass.wait(answer["job_result"])["result"]["head"] == third
    assert windlass.run("net.jobs.Say")["result"] == "three"
    history = windlass.get(RESULTS + "?git_repository=net")
    assert [run["status"]["value"] for run in history["results"]] == [
        "SUCCESS",
        "SUCCESS",
        "FAILURE",
        "SUCCESS",
    ]

    assert windlass.request("DELETE", REPOSITORIES + "net/").status_code == 204
    windlass.wait_for_job("net.jobs.Say", installed=False)
    assert windlass.get(RESULTS + done["id"] + "/")["result"] == "one"
    assert windlass.get(RESULTS + history["results"][0]["id"] + "/")["git_repository"] is None


def test_a_signed_push_brings_the_commit(windlass, remote):
    windlass.start()
    wait_until(
        lambda: windlass.job("nautobot.core.jobs.GitRepositorySync"), 20, "the job that syncs is known"
    )
    windlass.post(REPOSITORIES, {"name": "net", "remote_url": remote.url, "webhook_secret": "hook"})
    commit = remote.commit({"jobs.py": JOB.format(value="pushed")})
    body = json.dumps({"ref": "refs/heads/main", "after": commit})
    signature = hmac.new(b"hook", body.encode(), hashlib.sha256).hexdigest()
    answer = windlass.request(
        "POST",
        REPOSITORIES + "net/webhook/",
        data=body,
        headers={
            "Authorization": None,
            "Content-Type": "application/json",
            "X-Hub-Signature-256": "sha256=" + signature,
        },
    )
    assert answer.status_code == 202, answer.text
    sync = windlass.wait(answer.json()["job_result"])
    assert (sync["result"]["head"], sync["user"]) == (commit, None)
    assert windlass.run("net.jobs.Say")["result"] == "pushed"


def test_a_job_that_a_commit_removes_is_kept_as_a_record_until_it_comes_back(windlass, remote):
    windlass.start()
    windlass.post(REPOSITORIES, {"name": "net", "remote_url": remote.url})

    def sync(files):
        remote.commit(files)
        answer = windlass.post(REPOSITORIES + "net/sync/", status=200)
        done = windlass.wait(answer["job_result"])
        assert done["status"]["value"] == "SUCCESS", windlass.messages(done)
        return "\n".join(windlass.messages(done))

    init = "from . import stays, goes\n"
    goes = JOB.format(value="first")
    sync({"jobs/__init__.py": init, "jobs/stays.py": JOB.format(value=0), "jobs/goes.py": goes})
    windlass.enable("net.jobs.stays.Say")
    first = windlass.run("net.jobs.goes.Say")
    record = windlass.job("net.jobs.goes.Say")

    told = sync({"jobs/__init__.py": "from . import stays\n", "jobs/goes.py": None})
    assert "No longer registered: net.jobs.goes.Say" in told
    gone = windlass.job("net.jobs.goes.Say")
    assert (gone["id"], gone["installed"], gone["enabled"]) == (record["id"], False, True)
    refused = windlass.request("POST", "/api/extras/jobs/net.jobs.goes.Say/run/", json={"data": {}})
    assert refused.status_code >= 400, refused.text
    assert windlass.wait(windlass.submit("net.jobs.stays.Say"))["result"] == 0
    assert windlass.result(first)["result"] == "first"

    sync({"jobs/__init__.py": init, "jobs/goes.py": JOB.format(value="second")})
    back = windlass.job("net.jobs.goes.Say")
    assert (back["id"], back["installed"], back["enabled"]) == (record["id"], True, True)
    assert windlass.wait(windlass.submit("net.jobs.goes.Say"))["result"] == "second"
