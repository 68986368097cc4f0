"""Code of repositories and apps beside other code: what imports what, whose name it is, and which files a run has."""

import pytest

from tests.support.remote import Remote
from tests.support.server import wait_until
from tests.support.wheels import build_wheel, make_python

REPOSITORIES = "/api/extras/git-repositories/"
RETURNS = """
from nautobot.apps.jobs import Job, register_jobs
{imports}

class {name}(Job):
    class Meta:
        has_sensitive_variables = False
    def run(self):
        return {value}

register_jobs({name})
"""


def job(name, value, imports=""):
    return RETURNS.format(name=name, value=value, imports=imports)


@pytest.fixture
def remote(tmp_path):
    return Remote(tmp_path / "net")


def add(windlass, remote, name="net"):
    windlass.post(REPOSITORIES, {"name": name, "remote_url": remote.url})


def sync(windlass, name="net", status="SUCCESS"):
    done = windlass.wait(windlass.post(f"{REPOSITORIES}{name}/sync/", {}, 200)["job_result"])
    assert done["status"]["value"] == status, (done, windlass.messages(done))
    return done


def test_repositories_and_job_files_import_one_another(windlass, remote, tmp_path):
    other = Remote(tmp_path / "tools")
    other.commit(
        {
            "__init__.py": "",
            "jobs.py": job("Other", 0),
            "deep/__init__.py": "",
            "deep/numbers.py": "TWO = 2\n",
        }
    )
    remote.commit(
        {
            "__init__.py": "ONE = 1\n",
            "jobs/__init__.py": "from . import inner\n",
            "jobs/inner.py": job(
                "Adds",
                "[ONE, SAME, TWO, FOUR]",
                "from .. import ONE\nfrom net import ONE as SAME\nfrom tools.deep.numbers import TWO\nfrom shared import FOUR",
            ),
        }
    )
    windlass.start()
    windlass.write_job("shared.py", "FOUR = 4\n")
    add(windlass, other, "tools")
    sync(windlass, "tools")
    add(windlass, remote)
    sync(windlass)
    assert windlass.run("net.jobs.inner.Adds")["result"] == [1, 1, 2, 4]
    windlass.write_job(
        "uses.py",
        job(
            "Uses",
            "(Adds.class_path, numbers.TWO)",
            "from net.jobs.inner import Adds\nfrom tools.deep import numbers",
        ),
    )
    windlass.wait_for_job("uses.Uses", installed=True)
    assert windlass.run("uses.Uses")["result"] == ["net.jobs.inner.Adds", 2]


def test_the_files_of_a_commit_stay_until_its_last_run_has_ended(windlass, remote, tmp_path):
    go = tmp_path / "go"
    late = f"""
        import pathlib, time
        print("waits", flush=True)
        while not pathlib.Path({str(go)!r}).exists():
            time.sleep(0.02)
        from . import late
        return late.VALUE
    """
    body = job("Waits", 0).replace("        return 0\n", late)
    first = remote.commit({"__init__.py": "", "jobs.py": body, "late.py": "VALUE = 'first'\n"})
    windlass.start()
    add(windlass, remote)
    sync(windlass)
    windlass.enable("net.jobs.Waits")
    run = windlass.submit("net.jobs.Waits")
    wait_until(lambda: "waits" in str(windlass.console(run)), 20, "the run waits")
    git = windlass.home / "git/net"

    def push(value):
        """A new commit, which serves; what nothing uses by then is removed with it."""
        made = remote.commit({"late.py": f"VALUE = '{value}'\n"})
        sync(windlass)
        return git / made

    second = push("second")
    third = push("third")
    wait_until(lambda: push("more") and not second.exists(), 20, "what nothing uses is removed")
    assert (git / first).exists()
    go.touch()
    done = windlass.wait(run)
    assert (done["result"], done["source_version"]) == ("first", first), done
    assert windlass.run("net.jobs.Waits")["result"] == "more"
    wait_until(
        lambda: push("last") and not (git / first).exists(), 20, "the files of the ended run are removed"
    )
    assert not third.exists()


def test_a_failed_sync_shows_the_lines_of_the_commit_that_it_tried(windlass, remote):
    remote.commit({"__init__.py": "", "jobs.py": job("Good", 1)})
    windlass.start()
    add(windlass, remote)
    sync(windlass)
    remote.commit(
        {
            "jobs.py": "from . import broken\n",
            "broken.py": "def fail():\n    raise OSError('bad')\n\nfail()\n",
        }
    )
    failed = sync(windlass, status="FAILURE")
    assert "    raise OSError('bad')" in failed["traceback"]
    frames = windlass.get(f"/api/extras/job-results/{failed['id']}/traceback/")["frames"]
    assert [frame["file"].rpartition("/")[2] for frame in frames] == ["jobs.py", "broken.py", "broken.py"]
    assert {"line": 2, "text": "    raise OSError('bad')"} in frames[-1]["source"]
    assert {"line": 1, "text": "from . import broken"} in frames[0]["source"]


@pytest.fixture
def wheels(tmp_path):
    """An app with its jobs deeper in, one whose config is missing, and a package that is no app."""
    folder = tmp_path / "wheels"
    config = """
        from windlass.apps import WindlassAppConfig
        class Config(WindlassAppConfig):
            name = "vendor_app"
            verbose_name = "The Vendor's App"
            base_url = "vendor"
            jobs = "tasks.work"
        config = Config
    """
    files = {
        "vendor_app/__init__.py": config,
        "vendor_app/tasks/__init__.py": "",
        "vendor_app/tasks/work.py": job("Works", "'by the vendor'"),
        "vendor_app/jobs.py": job("Decoy", 0),
    }
    build_wheel(folder, "vendor_app", "2.5", files)
    build_wheel(
        folder, "no_config", "1.0", {"no_config/__init__.py": "", "no_config/jobs.py": job("Lost", 0)}
    )
    build_wheel(folder, "library", "1.0", {"library/__init__.py": "VALUE = 'of the library'\n"})
    return folder


def test_an_app_from_its_wheel_names_where_its_jobs_are(windlass, wheels, remote, tmp_path):
    python = make_python(tmp_path / "venv", wheels, "vendor_app", "no_config", "library")
    windlass.environment["WINDLASS_PYTHON"] = str(python)
    windlass.environment["WINDLASS_APPS"] = "vendor_app,no_config"
    windlass.start()
    found = windlass.wait_for_job("vendor_app.tasks.work.Works", installed=True, source="app:vendor_app")
    assert found["source_version"].startswith("2.5 ")
    assert windlass.job("vendor_app.jobs.Decoy") is None
    assert windlass.run("vendor_app.tasks.work.Works")["result"] == "by the vendor"
    sources = {source["name"]: source for source in windlass.get("/api/extras/job-sources/")}
    (error,) = sources["app:no_config"]["errors"]
    assert "config" in error["message"] and "NautobotAppConfig" in error["message"], error
    assert "app:vendor_app" in windlass.command("jobs", "list", check=0).stdout

    # Names that others have: an app's when it is added, an installed package's when it is imported.
    refused = windlass.post(REPOSITORIES, {"name": "vendor_app", "remote_url": remote.url}, status=400)
    assert "is an app of the setting apps" in refused["slug"][0]
    remote.commit({"__init__.py": "", "jobs.py": job("Hides", 1)})
    add(windlass, remote, "library")
    failed = sync(windlass, "library", "FAILURE")
    assert "The name library is taken by" in failed["reason"], failed["reason"]
    assert windlass.job("library.jobs.Hides") is None
    assert windlass.run("vendor_app.tasks.work.Works")["result"] == "by the vendor"
