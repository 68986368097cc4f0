"""The examples that are there in Python and in C++ have the same form and come to the same result."""

import contextlib
import json
import re
import shutil
import socket

import pytest

from tests.support.server import REPOSITORY, Windlass, wait_until

PAIRS = {
    "my_group": "MyNewJob",
    "reachability": "Sweep",
    "log_analysis": "AnalyseLog",
    "address_plan": "PlanAddresses",
}
LANGUAGES = ("in_cpp", "in_python")

LOG = """\
2026-01-31T12:00:00Z INFO Served /a/17 in 12 ms
2026-01-31T12:00:01Z INFO Served /a/18 in 900 ms\r
2026-01-31T12:00:02Z WARNING Disk 3 is 91 % full
    at frame 1 of a traceback
2026-01-31T12:00:03Z ERROR Lost größe in -5 ms
2026-01-31T12:00:03Z NOTICE is no level
2026-01-31T12:00:04Z CRITICAL  in 900 ms
 2026-01-31T12:00:05Z DEBUG blank before it
2026-01-31T12:00:05Z DEBUG
2026-01-31T12:00:06Z DEBUG in 7 ms

2026-01-31T12:00:07Z INFO Served /b in 8 ms"""


def path_of(language, module):
    return f"{language}_{module}.{PAIRS[module]}"


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A server with each example in both languages, its module called by the language."""
    windlass = Windlass(tmp_path_factory.mktemp("both") / "home")
    for module in PAIRS:
        shutil.copy(REPOSITORY / f"examples/cpp/{module}.cpp", windlass.jobs / f"in_cpp_{module}.cpp")
        shutil.copy(REPOSITORY / f"examples/jobs/{module}.py", windlass.jobs / f"in_python_{module}.py")
    windlass.start()
    for module in PAIRS:
        for language in LANGUAGES:
            windlass.wait_for_job(path_of(language, module), timeout=90)
    windlass.command("jobs", "enable", "--all", check=0)
    yield windlass
    windlass.close()


def ran(both, module, data=None, files=None):
    """What the two runs have in common: result, log without what differs, files. They are equal, or the test fails."""
    found = []
    for language in LANGUAGES:
        if files is None:
            submitted = both.submit(path_of(language, module), data)
        else:
            path = f"/api/extras/jobs/{path_of(language, module)}/run/"
            answer = both.request("POST", path, data=data, files=files)
            assert answer.status_code == 201, answer.text
            submitted = answer.json()["job_result"]
        done = both.wait(submitted)
        entries = [
            (entry["log_level"], entry["grouping"], entry["log_object"], entry["message"])
            for entry in both.logs(done)
            # Those of the server name the job's record, and links the file's.
            if entry["grouping"] != "initialization" and "](" not in entry["message"]
        ]
        content = {
            file["name"]: both.request("GET", f"/api/extras/file-proxies/{file['id']}/download/").content
            for file in done["files"]
        }
        found.append((done["status"]["value"], done["result"], sorted(entries), content))
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize("module", PAIRS)
def test_forms_and_metadata_are_the_same(both, module):
    forms, records = [], []
    shown = ("name", "description", "grouping", "soft_time_limit", "time_limit", "has_sensitive_variables")
    for language in LANGUAGES:
        path = path_of(language, module)
        forms.append(both.get(f"/api/extras/jobs/{path}/variables/"))
        job = both.job(path)
        # The server tells two jobs of one name apart.
        records.append({name: job[name] for name in shown} | {"name": job["name"].removesuffix(" (2)")})
    assert json.loads(json.dumps(forms[0]).replace("in_cpp", "in_python")) == forms[1]
    assert records[0] == records[1]


def test_the_seeds_example(both):
    status, result, entries, _ = ran(both, "my_group", {"some_text_input": "hello {}"})
    assert (status, result) == ("SUCCESS", None)
    assert ("info", "run", "", "some_text_input: hello {}") in entries
    lines = [
        len((REPOSITORY / f"examples/{name}").read_text().splitlines())
        for name in ("cpp/my_group.cpp", "jobs/my_group.py")
    ]
    assert lines[0] <= lines[1]


def test_log_analysis(both):
    status, result, entries, _ = ran(
        both, "log_analysis", {"top": "2"}, {"log": ("service.log", LOG.encode())}
    )
    assert status == "SUCCESS", result
    assert result == {
        "lines": 12,
        "unreadable": 5,
        "levels": {"INFO": 3, "WARNING": 1, "ERROR": 1, "CRITICAL": 1, "DEBUG": 1},
        "messages": [
            {"message": "Served /a/# in # ms", "count": 2},
            {"message": " in # ms", "count": 1},
        ],
        "slowest": [
            {"ms": 900, "line": 2, "message": "Served /a/18 in 900 ms"},
            {"ms": 900, "line": 7, "message": " in 900 ms"},
        ],
    }
    assert ("warning", "run", "", "5 of 12 lines are no entries") in entries
    assert ran(both, "log_analysis", {"top": "1"}, {"log": ("short.log", b"no entry")})[1]["lines"] == 1


def test_address_plan(both):
    data = {"network": "10.9.0.0/16", "prefix_length": 24, "sites": ["south", 'no"rth, 1']}
    status, result, _, files = ran(both, "address_plan", data)
    assert (status, result) == ("SUCCESS", {"parts": 256, "hosts": {"south": 32512, 'no"rth, 1': 32512}})
    rows = files["plan.csv"].decode().splitlines()
    assert rows[:3] == [
        "part,site,gateway,last,hosts",
        "10.9.0.0/24,south,10.9.0.1,10.9.0.254,254",
        '10.9.1.0/24,"no""rth, 1",10.9.1.1,10.9.1.254,254',
    ]
    assert len(rows) == 257
    assert files["plan.md"].decode().startswith("# 10.9.0.0/16 in parts of /24\n")
    for wrong, why in (
        ({"prefix_length": 15}, "has no parts of /15"),
        ({"network": "10.0.0.0/8", "prefix_length": 30}, "has more than 200000 parts of /30"),
        ({"sites": [1]}, "sites has to be a list of names"),
        ({"network": "2001::/20"}, "has no parts of /24"),
    ):
        for language in LANGUAGES:
            done = both.wait(both.submit(path_of(language, "address_plan"), {**data, **wrong}))
            assert done["status"]["value"] == "FAILURE"
            assert why in done["result"]["exc_message"], (language, done["result"])


@contextlib.contextmanager
def ports(*kinds):
    """TCP ports of all addresses of this machine: "open", "refused", or "silent", which lets attempts run into their limit."""
    with contextlib.ExitStack() as stack:
        numbers = []
        for kind in kinds:
            listener = stack.enter_context(socket.socket())
            listener.bind(("", 0))
            numbers.append(listener.getsockname()[1])
            if kind != "refused":
                listener.listen(0 if kind == "silent" else 1000)
            # Two fill its queue; what comes later gets no answer.
            for _ in range(4 if kind == "silent" else 0):
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(("127.0.0.1", numbers[-1]))
        yield numbers


def test_reachability(both):
    with ports("open", "refused", "open", "silent") as numbers:
        data = {"network": "127.0.0.1/32", "ports": ",".join(map(str, numbers)), "timeout": 300}
        status, result, entries, _ = ran(both, "reachability", data)
        places = [f"127.0.0.1 port {number}" for number in sorted((numbers[0], numbers[2]))]
        assert (status, result) == (
            "SUCCESS",
            {
                "tried": 4,
                "outcomes": {"open": 2, "refused": 1, "silent": 1, "unreachable": 0},
                "open": places,
            },
        )
        assert {(level, object_) for level, group, object_, _ in entries if group == "open"} == {
            ("success", place) for place in places
        }
        wide = {"network": "127.0.3.0/26", "ports": f"{numbers[0]}-{numbers[0]},{numbers[1]}", "at_once": 7}
        _, result, _, _ = ran(both, "reachability", wide)
        assert (result["tried"], result["outcomes"]["open"], result["outcomes"]["refused"]) == (124, 62, 62)
        assert result["open"][0] == f"127.0.3.1 port {numbers[0]}"
    for language in LANGUAGES:
        done = both.wait(both.submit(path_of(language, "reachability"), {"ports": "90-80"}))
        assert "ports are numbers from 1 to 65535" in done["result"]["exc_message"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sweep_is_cancelled_while_it_waits(both, language):
    with ports("silent") as numbers:
        data = {"network": "127.0.0.0/24", "ports": str(numbers[0]), "timeout": 60000, "at_once": 3}
        queued = both.submit(path_of(language, "reachability"), data)
        wait_until(lambda: both.result(queued)["progress"], 20, "the sweep shows progress")
        both.post(f"/api/extras/job-results/{queued['id']}/cancel/", status=200)
        done = both.wait(queued)
    assert done["status"]["value"] == "REVOKED"


def test_the_docs_show_the_example_as_it_is():
    text = (REPOSITORY / "docs/cpp-jobs.md").read_text()
    for fence, file in (("cpp", "cpp/my_group.cpp"), ("python", "jobs/my_group.py")):
        block = re.search(rf"^```{fence}\n(.*?)^```$", text, re.M | re.S)[1]
        assert block == (REPOSITORY / "examples" / file).read_text(), f"docs/cpp-jobs.md is not {file}"


def test_the_docs_example_runs_as_written(windlass):
    block = re.search(r"^```cpp\n(.*?)^```$", (REPOSITORY / "docs/cpp-jobs.md").read_text(), re.M | re.S)[1]
    windlass.start()
    (windlass.jobs / "my_group.cpp").write_text(block)
    windlass.wait_for_job("my_group.MyNewJob", timeout=60)
    done = windlass.run("my_group.MyNewJob", {"some_text_input": "copied"})
    assert done["status"]["value"] == "SUCCESS"
    assert "some_text_input: copied" in windlass.messages(done)
