"""Files that jobs write and read, and progress."""

import base64

import pytest

JOB = """
from windlass import jobs

class Call(jobs.Job):
    code = jobs.TextVar()
    def run(self, *, code):
        scope = dict(globals(), self=self)
        exec(code, scope)
        return scope.get("value")

jobs.register_jobs(Call)
"""


def created(frame, number=1):
    return {
        "type": "file_created",
        "file": frame["file"],
        "id": "f%d" % number,
        "url": "/files/f%d/" % number,
    }


def test_a_file_is_sent_logged_and_returned_as_a_record(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="f = self.create_file('re[po]rt.csv', 'a,é\\n'); value = [f.id, f.name, f.url, str(f), f]",
    )
    frame = one.receive()
    assert frame == {
        "type": "file",
        "file": 1,
        "name": "re[po]rt.csv",
        "data": base64.b64encode("a,é\n".encode()).decode(),
    }
    one.send(created(frame))
    entry = one.receive()
    assert (entry["level"], entry["message"]) == (
        "info",
        r"Created file [re\[po\]rt.csv](/files/f1/)",
    )
    assert entry["grouping"] == "<module>"
    record = {"id": "f1", "name": "re[po]rt.csv", "url": "/files/f1/"}
    assert one.result()["result"] == ["f1", "re[po]rt.csv", "/files/f1/", "re[po]rt.csv", record]


def test_a_large_file_of_bytes_comes_in_parts(child):
    one = child(JOB)
    one.run("mod.Call", code="self.create_file('big', bytes(range(256)) * 4096)")
    frame = one.receive()
    assert base64.b64decode(frame["data"]) == bytes(range(256)) * 4096
    one.send(created(frame))
    assert one.result()["status"] == "SUCCESS"


def test_a_file_may_not_exceed_the_limit_of_the_run(child):
    one = child(JOB)
    frame = {"type": "run", "task_id": "t", "class_path": "mod.Call", "create_file_max_size": 3}
    one.send(dict(frame, inputs={"code": "self.create_file('a', 'éé')"}))
    result = one.result()["result"]
    assert (result["exc_type"], result["exc_message"]) == (
        "ValueError",
        "The file a has 4 bytes; at most 3 are kept of one file",
    )
    one.send(dict(frame, inputs={"code": "self.create_file('a', b'abc')"}))
    one.send(created(one.receive()))
    assert one.result()["status"] == "SUCCESS"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "/etc/passwd", "a\\\\b", "a\\nb", "\\0", "x" * 256]
)
def test_names_that_are_no_plain_file_names_are_refused(child, name):
    one = child(JOB)
    one.run("mod.Call", code="self.create_file('%s', '')" % name)
    result = one.result()["result"]
    assert result["exc_type"] == "ValueError"
    assert "no plain file name" in result["exc_message"]


@pytest.mark.parametrize("arguments", ["5, ''", "'a', 5", "'a', None"])
def test_other_types_are_refused(child, arguments):
    one = child(JOB)
    one.run("mod.Call", code="self.create_file(%s)" % arguments)
    assert one.result()["result"]["exc_type"] == "TypeError"


def test_a_refusal_by_the_host_is_an_oserror(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="try: self.create_file('a', '')\nexcept OSError as problem: value = str(problem)",
    )
    one.receive()
    one.send({"type": "file_refused", "file": 1, "message": "the disk is full"})
    assert one.result()["result"] == "The file a was not kept: the disk is full"


def test_threads_get_the_answers_to_their_own_files(child):
    one = child(JOB)
    one.run(
        "mod.Call",
        code="from concurrent.futures import ThreadPoolExecutor as T\n"
        "with T(4) as t: value = list(t.map(lambda n: [str(n), self.create_file(str(n), '').id], range(20)))",
    )
    for _ in range(20):
        frame = one.receive_type("file")
        one.send({"type": "file_created", "file": frame["file"], "id": frame["name"], "url": ""})
    assert all(name == answer for name, answer in one.result()["result"])


def test_a_forked_process_cannot_create_files(child):
    one = child(JOB)
    code = """
import os
if os.fork() == 0:
    try: self.create_file('a', '')
    except RuntimeError: os._exit(7)
value = os.wait()[1] >> 8
"""
    one.run("mod.Call", code=code)
    assert one.result()["result"] == 7


def test_load_json_and_yaml_read_beside_the_source(zygote):
    files = {
        "pkg/__init__.py": JOB,
        "pkg/limits.json": '{"disk": 1}',
        "pkg/limits.yaml": '{"disk": 2}',
    }
    one = zygote(files, root="/somewhere/else").fork()
    one.run(
        "pkg.Call", code="value = [self.load_json('limits.json'), self.load_yaml('limits.yaml')]"
    )
    assert one.result()["result"] == [{"disk": 1}, {"disk": 2}]


def test_progress_is_a_frame(child):
    one = child(JOB)
    one.run(
        "mod.Call", code="self.progress(3, 10, 'three'); self.progress(0.5, 1.5); self.progress(7)"
    )
    assert one.frames()[:-1] == [
        {"type": "progress", "done": 3, "total": 10, "message": "three"},
        {"type": "progress", "done": 0.5, "total": 1.5, "message": ""},
        {"type": "progress", "done": 7, "total": None, "message": ""},
    ]


@pytest.mark.parametrize(
    "arguments, kind",
    [
        ("'3', 10", "TypeError"),
        ("True", "TypeError"),
        ("-1", "ValueError"),
        ("1, float('nan')", "ValueError"),
    ],
)
def test_progress_takes_numbers(child, arguments, kind):
    one = child(JOB)
    one.run("mod.Call", code="self.progress(%s)" % arguments)
    assert one.result()["result"]["exc_type"] == kind


def test_track_shows_the_first_and_the_last_step(child):
    one = child(JOB)
    one.run("mod.Call", code="value = [n for n in jobs.track([5, 6, 7], message='m')]")
    frames = one.frames()
    assert frames[-1]["result"] == [5, 6, 7]
    assert frames[0] == {"type": "progress", "done": 0, "total": 3, "message": "m"}
    assert frames[-2] == {"type": "progress", "done": 3, "total": 3, "message": "m"}


def test_track_of_what_has_no_length(child):
    one = child(JOB)
    one.run("mod.Call", code="value = sum(jobs.track(iter([1, 2])))")
    frames = one.frames()
    assert (frames[0]["total"], frames[-2]["done"], frames[-2]["total"]) == (None, 2, 2)


def test_track_does_not_flood(child):
    one = child(JOB)
    one.run("mod.Call", code="for _ in jobs.track(range(100_000)): pass")
    assert len(one.frames()) < 50


def test_track_outside_of_a_run_only_iterates():
    from windlass import jobs

    assert list(jobs.track([1, 2])) == [1, 2]


def test_outside_of_a_run_there_is_nothing_to_report_to():
    from windlass import jobs

    with pytest.raises(RuntimeError, match="works only while the job runs"):
        jobs.Job().progress(1)
    with pytest.raises(RuntimeError, match="works only while the job runs"):
        jobs.Job().create_file("a", "")
    assert jobs.Job().user is None
    assert jobs.Job().request.id is None
