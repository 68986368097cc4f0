"""An installation that serves the job files of jobs/, one a behaviour."""

import pathlib
import shutil

import pytest

from tests.support.server import Windlass, wait_until

JOBS = pathlib.Path(__file__).parent / "jobs"


@pytest.fixture(scope="session")
def authoring(tmp_path_factory):
    """Started with every file of jobs/, each job enabled."""
    instance = Windlass(tmp_path_factory.mktemp("authoring") / "home")
    shutil.copytree(JOBS, instance.jobs, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    instance.start()
    wait_until(lambda: instance.job("visible_if.Cable"), 20, "the jobs are known")
    instance.command("jobs", "enable", "--all", check=0)
    yield instance
    instance.close()


@pytest.fixture
def outcome(authoring):
    """Runs a job and returns what it returned; anything but SUCCESS fails the test."""

    def run(class_path, data=None, **body):
        done = authoring.wait(authoring.submit(class_path, data, **body))
        assert done["status"]["value"] == "SUCCESS", (
            done["result"],
            done["traceback"],
            authoring.messages(done),
        )
        return done["result"]

    return run
