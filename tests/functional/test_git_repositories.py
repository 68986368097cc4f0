"""Jobs from Git repositories, fetched from real ones, and from installed packages."""

import json
import socket
import subprocess
import sys
import textwrap
import threading

import pytest

from tests.support.remote import Remote
from tests.support.server import wait_until

REPOSITORIES = "/api/extras/git-repositories/"

# The job of the seed's pictures.
JOB = """
from nautobot.apps.jobs import Job, register_jobs

class MyJob(Job):
    class Meta:
        description = "number {number}"
        has_sensitive_variables = False
    def run(self):
        return {number}

register_jobs(MyJob)
"""


@pytest.fixture
def remote(tmp_path):
    return Remote(tmp_path / "remote")


def add(windlass, remote, name="net", **fields):
    return windlass.post(REPOSITORIES, {"name": name, "remote_url": remote.url, **fields})


def sync(windlass, repository, status="SUCCESS", dry=False):
    """Syncs and returns the run's result."""
    action = "dry-run" if dry else "sync"
    answer = windlass.post(f"{REPOSITORIES}{repository['id']}/{action}/", {}, 200)
    done = windlass.wait(answer["job_result"])
    assert done["status"]["value"] == status, (done, windlass.messages(done))
    return done


def record(windlass, repository):
    return windlass.get(f"{REPOSITORIES}{repository['id']}/")


def run(windlass, class_path):
    """What a run returned, and the version that it ran."""
    done = windlass.wait(windlass.submit(class_path))
    assert done["status"]["value"] == "SUCCESS", (done, windlass.messages(done))
    return done["result"], done["source_version"]


def test_one_file_of_jobs(windlass, remote):
    """The seed's first picture."""
    commit = remote.commit({"__init__.py": "", "jobs.py": JOB.format(number=1)}, "First jobs")
    windlass.start()
    repository = add(windlass, remote)
    done = sync(windlass, repository)
    assert done["result"]["head"] == commit
    assert (done["result"]["changed"], done["result"]["imported"], done["result"]["jobs"]) == (True, True, 1)
    text = "\n".join(windlass.messages(done))
    for told in (commit, "First jobs", "Ada", "2 added", "jobs enable net.jobs.MyJob"):
        assert told in text, text
    job = windlass.enable("net.jobs.MyJob")
    assert job["source"] == "git:net"
    assert job["source_version"] == commit
    assert job["grouping"] == "net.jobs"
    shown = windlass.command("jobs", "show", "net.jobs.MyJob", check=0).stdout
    assert f"{windlass.home}/git/net/current/net/jobs.py" in shown
    assert run(windlass, "net.jobs.MyJob") == (1, commit)
    assert record(windlass, repository)["current_head"] == commit


def test_a_package_of_jobs(windlass, remote):
    """The seed's second picture."""
    commit = remote.commit(
        {
            "__init__.py": "",
            "jobs/__init__.py": "from . import my_job_module\n",
            "jobs/my_job_module.py": JOB.format(number=2),
        }
    )
    windlass.start()
    sync(windlass, add(windlass, remote))
    windlass.enable("net.jobs.my_job_module.MyJob")
    assert run(windlass, "net.jobs.my_job_module.MyJob") == (2, commit)


def test_a_broken_commit_is_refused_and_a_mended_one_heals(windlass, remote):
    windlass.write_job("here.py", JOB.format(number=7))
    process = windlass.start()
    repository = add(windlass, remote)
    good = remote.commit({"__init__.py": "", "jobs.py": JOB.format(number=1)})
    sync(windlass, repository)
    windlass.enable("net.jobs.MyJob")
    windlass.enable("here.MyJob")
    remote.commit({"jobs.py": "import nothing_of_this_name\n"}, "Break")
    failed = sync(windlass, repository, "FAILURE")
    assert failed["result"]["imported"] is False
    assert "nothing_of_this_name" in failed["traceback"]
    assert f"{windlass.home}/git/net/current/net/jobs.py" in failed["traceback"]
    assert good[:12] in failed["reason"]
    stored = record(windlass, repository)
    assert stored["current_head"] == good
    assert "nothing_of_this_name" in stored["sync_error"]
    job = windlass.job("net.jobs.MyJob")
    assert job["installed"] and "nothing_of_this_name" in job["import_error"]
    assert run(windlass, "net.jobs.MyJob") == (1, good)
    assert run(windlass, "here.MyJob")[0] == 7

    # A restart does not need the remote, and goes on with what served.
    assert windlass.stop(process) == 0
    remote.folder.rename(remote.folder.with_name("away"))
    migrated = windlass.command("migrate", check=0)
    assert "nothing_of_this_name" in migrated.stdout
    windlass.start()
    assert run(windlass, "net.jobs.MyJob") == (1, good)
    assert "nothing_of_this_name" in windlass.job("net.jobs.MyJob")["import_error"]
    unreachable = sync(windlass, repository, "FAILURE")
    assert record(windlass, repository)["sync_error"] == unreachable["reason"]
    remote.folder.with_name("away").rename(remote.folder)

    mended = remote.commit({"jobs.py": JOB.format(number=3)}, "Mend")
    sync(windlass, repository)
    assert run(windlass, "net.jobs.MyJob") == (3, mended)
    assert windlass.job("net.jobs.MyJob")["import_error"] == ""
    assert record(windlass, repository)["sync_error"] == ""


def test_a_broken_root_and_a_broken_repository_disturb_nobody(windlass, remote, tmp_path):
    other = Remote(tmp_path / "other")
    path = windlass.write_job("here.py", JOB.format(number=1))
    windlass.start()
    remote.commit({"__init__.py": "", "jobs.py": JOB.format(number=2)})
    other.commit({"__init__.py": "", "jobs.py": "raise RuntimeError('broken from the start')\n"})
    windlass.enable("here.MyJob")
    sync(windlass, add(windlass, other, "bad"), "FAILURE")
    path.write_text("syntax error\n")
    windlass.wait_for_job("here.MyJob", installed=True)
    sync(windlass, add(windlass, remote))
    windlass.enable("net.jobs.MyJob")
    assert run(windlass, "net.jobs.MyJob")[0] == 2
    assert run(windlass, "here.MyJob")[0] == 1


# Each run reads its number in three ways, two of them only while it runs.
SPREAD = {
    "__init__.py": "",
    "jobs.py": """
        from nautobot.apps.jobs import Job, register_jobs
        NUMBER = {number}

        class MyJob(Job):
            class Meta:
                description = "number {number}"
                has_sensitive_variables = False
            def run(self):
                from .late import LATE
                print("printed", NUMBER)
                return [NUMBER, LATE, self.load_json("number.json")]

        register_jobs(MyJob)
    """,
    "late.py": "LATE = {number}\n",
    "number.json": "{number}",
}


def spread(number):
    return {path: text.format(number=number) for path, text in SPREAD.items()}


def test_pushes_under_load_lose_and_mix_nothing(windlass, remote):
    windlass.start("--workers", "4")
    repository = add(windlass, remote)
    numbers = {remote.commit(spread(0)): 0}
    sync(windlass, repository)
    windlass.enable("net.jobs.MyJob")
    finished = []
    ends = threading.Event()

    def keep_running():
        while not ends.is_set():
            finished.append(windlass.wait(windlass.submit("net.jobs.MyJob")))

    load = [threading.Thread(target=keep_running) for _ in range(4)]
    for thread in load:
        thread.start()
    try:
        for number in range(1, 7):
            if number % 3 == 0:
                remote.rewrite(1)  # a forced push
            if number % 2:
                remote.commit({"jobs.py": "raise RuntimeError('broken')\n"}, "Break")
                sync(windlass, repository, "FAILURE")
            numbers[remote.commit(spread(number))] = number
            sync(windlass, repository)
    finally:
        ends.set()
        for thread in load:
            thread.join()
    seen = set()
    for done in finished:
        assert done["status"]["value"] == "SUCCESS", (done, windlass.messages(done))
        number = numbers[done["source_version"]]
        assert done["result"] == [number] * 3, done
        assert done["source"] == "git:net"
        seen.add(number)
    assert run(windlass, "net.jobs.MyJob") == ([6] * 3, remote.head())
    assert len(seen) > 1, "the runs went on over several commits"


def test_syncs_on_the_command_line(windlass, remote):
    windlass.start()
    remote.commit({"__init__.py": "", "jobs.py": JOB.format(number=1)})
    windlass.command("repositories", "add", "net", remote.url, check=0)
    dry = windlass.command("repositories", "sync", "net", "--dry-run", check=0)
    assert "2 added" in dry.stdout + dry.stderr
    assert windlass.job("net.jobs.MyJob") is None
    windlass.command("repositories", "sync", "net", check=0)
    assert windlass.job("net.jobs.MyJob")["installed"]
    remote.commit({"jobs.py": "raise RuntimeError('oops')\n"})
    refused = windlass.command("repositories", "sync", "net", check=1)
    assert "oops" in refused.stdout + refused.stderr


def test_a_deleted_repository_takes_its_jobs_along_and_keeps_results(windlass, remote):
    windlass.start()
    remote.commit({"__init__.py": "", "jobs.py": JOB.format(number=1)})
    repository = add(windlass, remote)
    sync(windlass, repository)
    windlass.enable("net.jobs.MyJob")
    done = windlass.wait(windlass.submit("net.jobs.MyJob"))
    assert windlass.request("DELETE", f"{REPOSITORIES}{repository['id']}/").status_code == 204
    windlass.wait_for_job("net.jobs.MyJob", installed=False)
    wait_until(lambda: not (windlass.home / "git/net").exists(), 20, "the files are removed")
    assert windlass.result(done)["result"] == 1
    sync(windlass, add(windlass, remote))
    windlass.wait_for_job("net.jobs.MyJob", installed=True, enabled=True)


def test_a_poll_interval_brings_commits_by_itself(windlass, remote):
    windlass.start()
    remote.commit({"__init__.py": "", "jobs.py": JOB.format(number=1)})
    repository = add(windlass, remote, poll_interval=1)
    windlass.wait_for_job("net.jobs.MyJob", installed=True)
    remote.commit({"jobs.py": JOB.format(number=2)})
    windlass.wait_for_job("net.jobs.MyJob", description="number 2")
    assert record(windlass, repository)["current_head"] == remote.head()


def test_a_sync_from_a_silent_server_can_be_cancelled(windlass):
    windlass.start()
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/net.git"
        repository = windlass.post(REPOSITORIES, {"name": "net", "remote_url": url})
        result = windlass.post(f"{REPOSITORIES}{repository['id']}/sync/", {}, 200)["job_result"]
        server.settimeout(20)
        connection, _ = server.accept()
        with connection:
            windlass.command("results", "cancel", result["id"], check=0)
            done = windlass.wait(result)
    assert done["status"]["value"] == "REVOKED", done
    assert record(windlass, repository)["sync_error"] == ""


def test_every_worker_follows_a_sync_of_one(windlass, remote):
    # The remote is on this machine, which a worker by itself does not take for granted.
    windlass.environment["WINDLASS_GIT_FILE_ROOTS"] = str(remote.folder)
    windlass.spawn("runserver")
    windlass.create_superuser()
    for queue in ("default", "slow"):
        windlass.spawn("worker", "--queue", queue)
    commit = remote.commit(
        {
            "__init__.py": "",
            "jobs.py": JOB.format(number=1).replace(
                "class Meta:", 'class Meta:\n        task_queues = ["default", "slow"]'
            ),
        }
    )
    windlass.command("repositories", "add", "net", remote.url, check=0)
    windlass.command("repositories", "sync", "net", check=0)
    windlass.enable("net.jobs.MyJob")

    def ran_on_both():
        for queue in ("default", "slow"):
            done = windlass.wait(windlass.submit("net.jobs.MyJob", job_queue=queue))
            if done["status"]["value"] != "SUCCESS" or done["source_version"] != commit:
                return False
        return True

    wait_until(ran_on_both, 20, "both workers run the commit")


def test_windlass_own_jobs_stay(windlass):
    windlass.start()
    job = windlass.wait_for_job("nautobot.core.jobs.GitRepositorySync", installed=True, enabled=True)
    answer = windlass.request("DELETE", f"/api/extras/jobs/{job['id']}/")
    assert answer.status_code == 400
    assert "disable" in answer.json()["detail"]
    assert windlass.job("nautobot.core.jobs.GitRepositorySync")
    listed = windlass.get("/api/extras/jobs/?hidden=true")["results"]
    assert "Git Repository: Sync" in [each["name"] for each in listed]


# Installed packages -----------------------------------------------------------------------------


def install(python, version, number):
    """Puts the package my_app into the interpreter's environment, as pip would."""
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    folder = f"{site}/my_app"
    subprocess.run(["mkdir", "-p", folder], check=True)
    config = f"""
        from nautobot.apps import NautobotAppConfig
        class MyAppConfig(NautobotAppConfig):
            name = "my_app"
            verbose_name = "My App"
            version = "{version}"
        config = MyAppConfig
    """
    with open(f"{folder}/__init__.py", "w") as file:
        file.write(textwrap.dedent(config))
    with open(f"{folder}/jobs.py", "w") as file:
        file.write(textwrap.dedent(JOB.format(number=number)))


def test_an_app_is_upgraded_under_a_running_installation(windlass, tmp_path):
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    python = venv / "bin/python"
    install(python, "1.0", 1)
    windlass.environment["WINDLASS_PYTHON"] = str(python)
    windlass.environment["WINDLASS_APPS"] = "my_app,absent_app"
    windlass.write_job("here.py", JOB.format(number=7))
    windlass.start()
    windlass.wait_for_job("my_app.jobs.MyJob", installed=True, source="app:my_app")
    windlass.enable("my_app.jobs.MyJob")
    windlass.enable("here.MyJob")
    value, version = run(windlass, "my_app.jobs.MyJob")
    assert value == 1 and version.startswith("1.0 ")
    assert run(windlass, "here.MyJob")[0] == 7
    errors = windlass.get("/api/extras/job-sources/")
    absent = next(source for source in errors if source["name"] == "app:absent_app")
    assert "absent_app" in json.dumps(absent["errors"])
    # Another size: by its time alone, Python would take compiled files of the same second for these.
    install(python, "1.10", 22)
    wait_until(
        lambda: windlass.job("my_app.jobs.MyJob")["source_version"].startswith("1.10 "), 15, "the upgrade"
    )
    value, version = run(windlass, "my_app.jobs.MyJob")
    assert value == 22 and version.startswith("1.10 ")
