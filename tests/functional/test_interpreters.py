"""Sources with interpreters of their own: apps in environments that contradict each other, and what repositories require."""

import os
import pathlib
import subprocess

import pytest

from tests.support.remote import Remote
from tests.support.server import wait_until
from tests.support.wheels import build_wheel, make_python

REPOSITORIES = "/api/extras/git-repositories/"

APP = """
    from nautobot.apps import NautobotAppConfig
    class Config(NautobotAppConfig):
        name = "{name}"
    config = Config
"""
# Says which dependency it has, and whether it sees the other app.
APP_JOBS = """
    import importlib.util
    import dependency
    from nautobot.apps.jobs import Job, register_jobs

    class Tells(Job):
        class Meta:
            has_sensitive_variables = False
        def run(self):
            return [dependency.VERSION, importlib.util.find_spec("{other}") is not None]

    register_jobs(Tells)
"""
JOBS = """
import sys
import dependency
from nautobot.apps.jobs import Job, register_jobs

class Tells(Job):
    class Meta:
        description = "with dependency " + dependency.VERSION
        has_sensitive_variables = False
    def run(self):
        return [dependency.VERSION, sys.executable]

register_jobs(Tells)
"""
PLAIN = """
    from nautobot.apps.jobs import Job, register_jobs
    class Plain(Job):
        class Meta:
            has_sensitive_variables = False
        def run(self):
            return "fine"
    register_jobs(Plain)
"""


@pytest.fixture
def wheels(tmp_path):
    """Two versions of a dependency, and two apps of which each needs another one."""
    folder = tmp_path / "wheels"
    for version in ("1.0", "2.0"):
        build_wheel(folder, "dependency", version, {"dependency.py": f'VERSION = "{version}"\n'})
    for name, other, version in (("app_a", "app_b", "1.0"), ("app_b", "app_a", "2.0")):
        files = {
            f"{name}/__init__.py": APP.format(name=name),
            f"{name}/jobs.py": APP_JOBS.format(other=other),
        }
        build_wheel(folder, name, "3.1", files, [f"dependency=={version}"])
    return folder


def value_of(windlass, class_path):
    done = windlass.wait(windlass.submit(class_path))
    assert done["status"]["value"] == "SUCCESS", (done, windlass.messages(done))
    return done["result"]


def processes_with(word):
    """The programs that run with it in their command line."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = process.read_bytes().split(b"\0")
        except OSError:
            continue
        if any(os.fsencode(word) in part for part in command):
            found.append(process.parent.name)
    return found


def test_apps_that_need_contradicting_packages(windlass, wheels, tmp_path):
    pythons = {name: make_python(tmp_path / f"venv_{name}", wheels, name) for name in ("app_a", "app_b")}
    windlass.environment["WINDLASS_APPS"] = "app_a,app_b,app_c"
    windlass.environment["WINDLASS_PYTHONS"] = ",".join(
        [*(f"app:{name}={python}" for name, python in pythons.items()), "app:app_c=/nowhere/python"]
    )
    windlass.write_job("here.py", PLAIN)
    process = windlass.start()
    for class_path in ("app_a.jobs.Tells", "app_b.jobs.Tells", "here.Plain"):
        windlass.enable(class_path)
    assert value_of(windlass, "app_a.jobs.Tells") == ["1.0", False]
    assert value_of(windlass, "app_b.jobs.Tells") == ["2.0", False]
    assert value_of(windlass, "here.Plain") == "fine"
    job = windlass.job("app_b.jobs.Tells")
    assert job["source"] == "app:app_b" and job["source_version"].startswith("3.1 ")
    sources = {source["name"]: source for source in windlass.get("/api/extras/job-sources/")}
    assert "app:app_c needs the interpreter /nowhere/python" in str(sources["app:app_c"]["errors"])
    for python in pythons.values():
        assert processes_with(str(python))
    assert windlass.stop(process) == 0
    for python in pythons.values():
        assert not processes_with(str(python))


def test_an_upgrade_in_one_environment_reaches_that_one_alone(windlass, wheels, tmp_path):
    pythons = {name: make_python(tmp_path / f"venv_{name}", wheels, name) for name in ("app_a", "app_b")}
    windlass.environment["WINDLASS_APPS"] = "app_a,app_b"
    windlass.environment["WINDLASS_PYTHONS"] = ",".join(
        f"app:{name}={python}" for name, python in pythons.items()
    )
    windlass.start()
    before = windlass.wait_for_job("app_b.jobs.Tells")["source_version"]
    build_wheel(
        wheels,
        "app_a",
        "3.2",
        {"app_a/__init__.py": APP.format(name="app_a"), "app_a/jobs.py": APP_JOBS.format(other="app_b")},
        ["dependency==2.0"],
    )
    subprocess.run(
        [
            pythons["app_a"],
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--find-links",
            wheels,
            "app_a==3.2",
        ],
        check=True,
    )
    wait_until(
        lambda: windlass.job("app_a.jobs.Tells")["source_version"].startswith("3.2 "),
        20,
        "the upgrade serves",
    )
    windlass.enable("app_a.jobs.Tells")
    assert value_of(windlass, "app_a.jobs.Tells") == ["2.0", False]
    assert windlass.job("app_b.jobs.Tells")["source_version"] == before


# What repositories require ----------------------------------------------------------------------


def sync(windlass, status="SUCCESS"):
    answer = windlass.post(f"{REPOSITORIES}net/sync/", {}, 200)
    done = windlass.wait(answer["job_result"])
    assert done["status"]["value"] == status, (done, windlass.messages(done))
    return done


def test_a_repository_runs_with_what_it_requires(windlass, wheels, tmp_path):
    remote = Remote(tmp_path / "remote")
    windlass.environment["WINDLASS_GIT_REQUIREMENTS"] = "yes"
    windlass.environment["PIP_NO_INDEX"] = "1"
    windlass.environment["PIP_FIND_LINKS"] = str(wheels)
    windlass.write_job("here.py", PLAIN)
    process = windlass.start()
    windlass.post(REPOSITORIES, {"name": "net", "remote_url": remote.url})
    good = remote.commit({"__init__.py": "", "jobs.py": JOBS, "requirements.txt": "dependency==1.0\n"})
    done = sync(windlass)
    text = "\n".join(windlass.messages(done))
    assert "Successfully installed dependency-1.0" in text, text
    windlass.enable("net.jobs.Tells")
    windlass.enable("here.Plain")
    version, python = value_of(windlass, "net.jobs.Tells")
    assert version == "1.0"
    assert pathlib.Path(python).is_relative_to(windlass.home / "venvs")
    assert value_of(windlass, "here.Plain") == "fine"

    # What cannot be installed is an error of the sync; the last good commit goes on with its own.
    remote.commit({"requirements.txt": "dependency==9.9\n"})
    failed = sync(windlass, "FAILURE")
    assert "requirements.txt" in failed["reason"] and "dependency==9.9" in failed["reason"]
    stored = windlass.get(f"{REPOSITORIES}net/")
    assert stored["current_head"] == good
    assert "dependency==9.9" in stored["sync_error"]
    assert value_of(windlass, "net.jobs.Tells") == ["1.0", python]

    # Neither the remote nor an index is needed by a restart.
    assert windlass.stop(process) == 0
    windlass.environment["PIP_FIND_LINKS"] = str(tmp_path / "nothing")
    remote.folder.rename(tmp_path / "away")
    process = windlass.start()
    windlass.wait_for_job("net.jobs.Tells", installed=True)
    assert value_of(windlass, "net.jobs.Tells") == ["1.0", python]
    assert windlass.stop(process) == 0

    windlass.environment["PIP_FIND_LINKS"] = str(wheels)
    (tmp_path / "away").rename(remote.folder)
    windlass.start()
    remote.commit(
        {
            "requirements.txt": None,
            "pyproject.toml": "[project]\nname = 'net'\nversion = '1'\ndependencies = ['dependency>=2']\n",
        }
    )
    sync(windlass)
    windlass.wait_for_job("net.jobs.Tells", description="with dependency 2.0")
    assert value_of(windlass, "net.jobs.Tells")[0] == "2.0"
    wait_until(lambda: not pathlib.Path(python).exists(), 20, "the environment that nothing uses is removed")


def test_an_install_can_be_cancelled(windlass, tmp_path):
    remote = Remote(tmp_path / "remote")
    windlass.environment["WINDLASS_GIT_REQUIREMENTS"] = "yes"
    windlass.start()
    windlass.post(REPOSITORIES, {"name": "net", "remote_url": remote.url})
    # A package whose build says so and hangs.
    setup = f"""
        import pathlib, time
        pathlib.Path({str(tmp_path / "building")!r}).write_text("")
        time.sleep(3600)
    """
    remote.commit(
        {
            "__init__.py": "",
            "jobs.py": PLAIN,
            "requirements.txt": "./hangs\n",
            "hangs/pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'hangs'\nbackend-path = ['.']\n",
            "hangs/hangs.py": setup,
        }
    )
    result = windlass.post(f"{REPOSITORIES}net/sync/", {}, 200)["job_result"]
    wait_until((tmp_path / "building").exists, 60, "the package is being built")
    windlass.command("results", "cancel", result["id"], check=0)
    done = windlass.wait(result)
    assert done["status"]["value"] == "REVOKED", done
    assert not processes_with(str(windlass.home / "venvs"))
    assert windlass.get(f"{REPOSITORIES}net/")["sync_error"] == ""
