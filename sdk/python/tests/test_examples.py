"""The example jobs import, register and run."""

from pathlib import Path

import pytest

import host as host_side

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "jobs"


@pytest.fixture
def examples(shared_host):
    zygote = shared_host.zygote_of(host_side.jobs_root(EXAMPLES), "examples")
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
