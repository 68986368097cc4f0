"""`repositories sync` and the REST interface over a real repository: what is asked for, followed and recorded."""

import subprocess

import pytest

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


class Remote:
    """A repository with a working tree in a folder."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        (folder / "__init__.py").touch()

    def git(self, *arguments):
        author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        return subprocess.run(
            ["git", *author, *arguments], cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, source):
        (self.folder / "jobs.py").write_text(source)
        self.git("add", "-A")
        self.git("commit", "-qm", "Change the jobs")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def remote(tmp_path):
    return Remote(tmp_path / "remote")


def test_the_command_follows_a_sync_and_tells_how_it_ended(windlass, remote):
    first = remote.commit(JOB.format(value="one"))
    windlass.command("repositories", "add", "net", f"file://{remote.folder}", check=0)
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

    broken = remote.commit("import nothing_of_that_name\n")
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

    third = remote.commit(JOB.format(value="three"))
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
