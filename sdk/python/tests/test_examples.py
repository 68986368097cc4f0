"""The example jobs import, register and run."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import host as host_side

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.fixture
def examples(shared_host):
    zygote = shared_host.zygote_of(host_side.jobs_root(EXAMPLES / "jobs"), "examples")
    yield zygote
    zygote.close()


def test_every_example_registers_a_job(examples):
    for module in examples.manifest["modules"]:
        assert module["error"] is None, module["error"]["traceback"]
        assert module["classes"], module["name"]
    assert examples.manifest["warnings"] == []


def test_the_seeds_example_runs(examples):
    child = examples.fork()
    child.run("my_group.MyNewJob", some_text_input="hello")
    frames = child.frames()
    assert [frame["message"] for frame in frames[:-1]] == ["some_text_input: hello"]
    assert frames[-1]["status"] == "SUCCESS"


def test_the_repository_runs_under_any_slug(shared_host, tmp_path):
    (tmp_path / "addresses").symlink_to(EXAMPLES / "git")
    version = host_side.version_of(host_side.git(tmp_path, "addresses"), check=True)
    zygote = shared_host.zygote_of(version, "repository")
    (module,) = zygote.manifest["modules"]
    assert module["error"] is None, module["error"]["traceback"]
    assert zygote.manifest["warnings"] == []
    child = zygote.fork()
    child.run("addresses.jobs.overlaps.FindOverlaps", networks="192.0.2.0/24\n192.0.2.8/29\n::/0\n")
    frames = child.frames()
    assert [frame["message"] for frame in frames[:-1]] == [
        "192.0.2.0/24 overlaps 192.0.2.8/29",
        "1 pairs overlap",
    ]
    assert (frames[-1]["status"], frames[-1]["result"]) == ("FAILURE", 1)
    zygote.close()


def pip(*arguments):
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def python_with_app(tmp_path):
    """An interpreter of a virtual environment that has a wheel of the app installed."""
    pytest.importorskip("setuptools", minversion="70.1", reason="it builds wheels from then on")
    source, wheels, environment = tmp_path / "app", tmp_path / "wheels", tmp_path / "venv"
    shutil.copytree(EXAMPLES / "app", source)
    pip("wheel", "--no-index", "--no-deps", "--no-build-isolation", "-w", wheels, source)
    (wheel,) = wheels.iterdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    pip("--python", python, "install", "--no-index", "--no-deps", wheel)
    return python


def test_the_app_runs_when_its_wheel_is_installed(python_with_app):
    host = host_side.Host(python=str(python_with_app))
    try:
        zygote = host.zygote_of(host_side.version_of(host_side.app("example_app"), check=True))
        (module,) = zygote.manifest["modules"]
        assert module["error"] is None, module["error"]["traceback"]
        folder = str(Path(module["app"]["path"]).relative_to(python_with_app.parents[1]))
        assert folder.endswith("/site-packages/example_app")
        assert dict(module["app"], path=folder) == {
            "name": "example_app",
            "verbose_name": "Example App",
            "base_url": "example-app",
            "version": "1.0.0",
            "jobs": "example_app.jobs",
            "path": folder,
        }
        assert [cls["class_path"] for cls in module["classes"]] == [
            "example_app.jobs.free_space.FreeSpace"
        ]
        assert module["classes"][0]["variables"][0]["default"] == "/"
        assert zygote.manifest["warnings"] == []
        child = zygote.fork()
        child.run("example_app.jobs.free_space.FreeSpace", path="/")
        frames = child.frames()
        assert (frames[-1]["status"], len(frames)) == ("SUCCESS", 2), frames
        assert 0 <= frames[-1]["result"] <= 100
    finally:
        host.close()
