"""jobs.testing: runs in the process of the test."""

import logging
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import host as host_side
from windlass import _registry, jobs
from windlass.jobs import testing

DOCS = Path(__file__).resolve().parents[3] / "docs" / "python-api.md"


class Everything(jobs.Job):
    """Says and does a bit of everything."""

    class Meta:
        name = "Every thing"
        dryrun_default = True

    text = jobs.StringVar()
    note = jobs.TextVar(required=False)
    count = jobs.IntegerVar(default=3)
    level = jobs.IntegerVar(required=False)
    force = jobs.BooleanVar()
    dryrun = jobs.DryRunVar()
    colour = jobs.ChoiceVar(choices=[("r", "Red")], required=False)

    def before_start(self, task_id, args, kwargs):
        self.logger.debug("starting", extra={"grouping": "before"})

    def run(self, **inputs):
        print("out")
        print("err", file=sys.stderr)
        self.logger.info("text %s", inputs["text"], extra={"object": self.user})
        logging.getLogger("some.library").warning("careful")
        logging.getLogger("some.library").debug("not seen")
        self.create_file("a.bin", b"\x00\xff")
        self.create_file("b.txt", "é")
        self.progress(1, 2, "half")
        for _ in jobs.track([1, 2]):
            pass
        return inputs

    def on_success(self, retval, task_id, args, kwargs):
        self.logger.success("%s %s", self.job_model.name, self.request.retries)


def test_a_run_that_succeeds():
    run = testing.run_job(Everything, text="x", _user="ada", _attempt=3)
    assert (run.status, run.failed, run.traceback, run.reason) == ("SUCCESS", False, None, None)
    assert run.exception is None
    assert run.result == {
        **{"text": "x", "note": "", "count": 3, "level": None, "force": False},
        **{"dryrun": True, "colour": ""},
    }
    created = [entry.message for entry in run.logs if entry.message.startswith("Created file [")]
    assert len(created) == 2
    (address,) = [entry.url for entry in run.logs if entry.url]
    assert address.startswith("/api/users/users/")
    assert [entry for entry in run.logs if entry.message not in created] == [
        testing.LogEntry("debug", "before", "starting"),
        testing.LogEntry("info", "run", "text x", object="ada", url=address),
        testing.LogEntry("warning", "run", "careful"),
        testing.LogEntry("success", "on_success", "Every thing 2"),
    ]
    assert run.files == {"a.bin": b"\x00\xff", "b.txt": "é".encode()}
    assert run.progress[0] == testing.Progress(1, 2, "half")
    assert run.progress[-1] == testing.Progress(2, 2, "")
    assert run.console == testing.Console("out\n", "err\n")


def test_a_run_leaves_nothing_behind():
    root = logging.getLogger()
    before = (list(root.handlers), root.level, sys.stdout, sys.stderr, _registry.paths())
    first = testing.run_job(Everything, text="x")
    second = testing.run_job(Everything, text="x")
    assert [entry.message for entry in first.logs if "Created" not in entry.message] == [
        entry.message for entry in second.logs if "Created" not in entry.message
    ]
    assert before == (list(root.handlers), root.level, sys.stdout, sys.stderr, _registry.paths())


def test_the_run_works_in_another_thread():
    runs = []
    thread = threading.Thread(target=lambda: runs.append(testing.run_job(Everything, text="x")))
    thread.start()
    thread.join()
    assert runs[0].status == "SUCCESS" and sorted(runs[0].files) == ["a.bin", "b.txt"]


def test_other_handlers_see_the_log_too(caplog):
    testing.run_job(Everything, text="seen by caplog")
    assert "text seen by caplog" in caplog.messages


class Fails(jobs.Job):
    how = jobs.StringVar()

    def run(self, *, how):
        if how == "raise":
            raise KeyError("gone")
        if how == "interrupt":
            raise KeyboardInterrupt
        if how == "exit":
            sys.exit(3)
        if how == "value":
            return object()
        self.fail("not good: %s", how)
        return "kept"

    def on_failure(self, exc, task_id, args, kwargs, einfo):
        self.logger.info("told of %s", type(exc).__name__)


def test_a_run_that_raises():
    run = testing.run_job(Fails, how="raise")
    assert (run.status, run.failed, run.reason) == ("FAILURE", True, "exception")
    assert isinstance(run.exception, KeyError) and run.exception.args == ("gone",)
    assert run.result == {
        "exc_type": "KeyError",
        "exc_message": "'gone'",
        "exc_module": "builtins",
    }
    assert run.traceback.startswith("Traceback (most recent call last):\n")
    assert run.traceback.endswith("KeyError: 'gone'\n")
    assert run.logs == [testing.LogEntry("info", "on_failure", "told of KeyError")]


def test_a_run_that_fails_cleanly():
    run = testing.run_job(Fails, how="so")
    assert (run.status, run.result, run.reason) == ("FAILURE", "kept", "fail")
    assert (run.exception, run.traceback) == (None, None)
    assert run.logs[0] == testing.LogEntry("failure", "run", "not good: so")


def test_other_ways_to_fail():
    assert isinstance(testing.run_job(Fails, how="exit").exception, SystemExit)
    run = testing.run_job(Fails, how="value")
    assert run.reason == "return_value" and "of type object" in str(run.exception)
    with pytest.raises(KeyboardInterrupt):
        testing.run_job(Fails, how="interrupt")
    assert testing.run_job(Fails, how="so").status == "FAILURE"


@pytest.mark.parametrize(
    "inputs, told",
    [
        ({}, "Everything has other inputs; missing: text"),
        ({"text": "", "txet": 1, "x": 2}, "Everything has other inputs; unknown: txet, x"),
        ({"txet": ""}, "Everything has other inputs; unknown: txet; missing: text"),
    ],
)
def test_inputs_of_other_names_are_refused(inputs, told):
    with pytest.raises(TypeError) as refused:
        testing.run_job(Everything, **inputs)
    assert str(refused.value) == told


def test_inputs_are_given_as_they_are_and_defaults_are_nobody_elses():
    class Keeps(jobs.Job):
        thing = jobs.StringVar()
        names = jobs.ScriptVariable(default=["a"])

        def run(self, *, thing, names):
            names.append("b")
            return [thing is marker, names]

    marker = {"any": "object"}
    assert [testing.run_job(Keeps, thing=marker).result for _ in range(2)] == [
        [True, ["a", "b"]],
        [True, ["a", "b"]],
    ]


def test_a_class_that_cannot_be_registered_is_refused():
    class Hook(jobs.JobHookReceiver):
        def receive_job_hook(self, change, action, changed_object): ...

    with pytest.raises(TypeError, match=r"Idle has no run\(\) method"):
        testing.run_job(type("Idle", (jobs.Job,), {}))
    with pytest.raises(TypeError, match="Hook is a receiver"):
        testing.run_job(Hook)
    assert not {__name__ + ".Idle", __name__ + ".Hook"} & set(_registry.paths())


def test_a_run_within_a_run_is_refused():
    class Nested(jobs.Job):
        def run(self):
            testing.run_job(Everything, text="x")

    assert "is for tests" in str(testing.run_job(Nested).exception)


def test_a_class_of_the_same_path_is_the_one_that_is_given():
    def make(value):
        class Same(jobs.Job):
            def run(self):
                return value

        return Same

    first, second = make(1), make(2)
    jobs.register_jobs(first)
    assert testing.run_job(second).result == 2
    assert jobs.get_job(first.class_path) is first


def test_a_file_that_is_too_large_is_refused_as_in_a_real_run():
    class Large(jobs.Job):
        def run(self):
            self.create_file("a", b"x" * (11 << 20))

    assert "has 11534336 bytes" in str(testing.run_job(Large).exception)


def test_streams_that_the_job_closes_lose_nothing():
    class Closes(jobs.Job):
        def run(self):
            sys.stdout.buffer.write(b"bytes\n")
            print("said")
            sys.stdout.close()

    run = testing.run_job(Closes)
    assert (run.status, run.console.stdout) == ("SUCCESS", "bytes\nsaid\n")


def snippets():
    """The files of the documentation's example."""
    found = re.findall(r"<!-- (\w+\.py) -->\n```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    return dict(found)


def test_the_documented_example_runs_under_plain_pytest(tmp_path):
    files = snippets()
    assert sorted(files) == ["report.py", "test_report.py"]
    for name, source in files.items():
        (tmp_path / name).write_text(source)
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = . %s\n" % host_side.SDK)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(tmp_path)],
        cwd=str(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()
    assert b"2 passed" in done.stdout


def test_it_is_loaded_when_it_is_asked_for():
    code = (
        "import sys; from windlass import jobs; assert 'windlass.jobs.testing' not in sys.modules; "
        "jobs.testing.run_job; import windlass.jobs.testing; from nautobot.apps import jobs as same; "
        "assert same.Job is jobs.Job; assert not hasattr(jobs, 'nothing')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=str(host_side.SDK))


def test_the_public_names_are_the_documented_ones():
    documented = re.findall(r"^\| testing\.(\w+)", DOCS.read_text(), re.MULTILINE)
    assert sorted(documented) == testing.__all__
    assert all(">>>" in getattr(testing, name).__doc__ for name in testing.__all__)
