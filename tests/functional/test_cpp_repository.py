"""A Git repository that brings jobs in C++, alone and beside Python."""

import pytest

from tests.support.remote import Remote
from tests.support.server import REPOSITORY

EXAMPLE = (REPOSITORY / "examples/cpp/my_group.cpp").read_text()
RETURNS = EXAMPLE.replace("return {};", "return kAnswer;").replace(
    "using namespace", '#include "answer.h"\nusing namespace'
)
PYTHON = """
from windlass import jobs

class Say(jobs.Job):
    def run(self):
        return "python"

jobs.register_jobs(Say)
"""


@pytest.fixture
def remote(tmp_path):
    return Remote(tmp_path / "remote")


def test_a_sync_compiles_refuses_what_does_not_compile_and_takes_what_does(windlass, remote):
    first = remote.commit({"jobs/my_group.cpp": RETURNS, "jobs/answer.h": "inline int kAnswer = 1;\n"})
    windlass.start()
    windlass.post("/api/extras/git-repositories/", {"name": "net", "remote_url": remote.url})

    def sync(status):
        answer = windlass.post("/api/extras/git-repositories/net/sync/", status=200)
        done = windlass.wait(answer["job_result"], timeout=120)
        assert done["status"]["value"] == status, (done["result"], windlass.messages(done))
        return done

    sync("SUCCESS")
    windlass.wait_for_job("net.jobs.my_group.MyNewJob", source="git:net", source_version=first)
    data = {"some_text_input": "x"}
    assert windlass.run("net.jobs.my_group.MyNewJob", data)["result"] == 1

    remote.commit({"jobs/my_group.cpp": RETURNS.replace("kAnswer", "kQuestion")})
    failed = sync("FAILURE")
    told = windlass.messages(failed)
    gist = "goes on serving: net/jobs/my_group.cpp:16:12: error: ‘kQuestion’ was not declared in this scope"
    assert any(gist in message.replace("'kQuestion'", "‘kQuestion’") for message in told), told
    assert windlass.run("net.jobs.my_group.MyNewJob", data)["result"] == 1

    remote.commit({"jobs/my_group.cpp": RETURNS, "jobs/answer.h": "inline int kAnswer = 2;\n"})
    sync("SUCCESS")
    assert windlass.run("net.jobs.my_group.MyNewJob", data)["result"] == 2

    remote.commit(
        {"__init__.py": "", "jobs/__init__.py": "from . import say\n", "jobs/say.py": PYTHON}, "Add Python"
    )
    sync("SUCCESS")
    assert windlass.run("net.jobs.say.Say")["result"] == "python"
    assert windlass.run("net.jobs.my_group.MyNewJob", data)["result"] == 2

    reads = RETURNS.replace("kAnswer", 'load_json("data/answer.json")["answer"]')
    for answer in (3, 4):
        remote.commit({"jobs/my_group.cpp": reads, "jobs/data/answer.json": f'{{"answer": {answer}}}'})
        sync("SUCCESS")
        assert windlass.run("net.jobs.my_group.MyNewJob", data)["result"] == answer
