"""What run() and the other methods get for the inputs of a run frame."""

import os

import pytest

JOB = """
import csv, io, os
from windlass import jobs

class Call(jobs.Job):
    code = jobs.TextVar(required=False)
    value = jobs.{kind}
    other = jobs.FileVar(required=False)
    def before_start(self, task_id, args, kwargs):
        self.logger.info("%s %s", kwargs["value"], kwargs == self.request.kwargs)
    def run(self, *, value, code="", other=None):
        scope = dict(globals(), self=self, value=value, other=other, answer=None)
        exec(code, scope)
        return scope["answer"]

jobs.register_jobs(Call)
"""
IDS = ["0190a000-0000-7000-8000-00000000000%d" % number for number in range(3)]


def ran(one, **inputs):
    """(what run() said, what before_start was told)."""
    one.run("mod.Call", **inputs)
    frames = one.frames()
    assert frames[-1]["status"] == "SUCCESS", frames[-1]
    return frames[-1]["result"], frames[0]["message"]


@pytest.mark.parametrize(
    "kind, sent, code, said",
    [
        ("IPAddressVar()", "192.0.2.1", "str(value + 1)", "192.0.2.2"),
        ("IPAddressVar()", "2001:db8::1", "value.version", 6),
        ("IPAddressWithMaskVar()", "192.0.2.1/24", "[str(value.ip), str(value.cidr)]", None),
        ("IPNetworkVar()", "192.0.2.0/24", "type(value).__name__", "IPNetwork"),
    ],
)
def test_addresses_are_netaddrs(child, kind, sent, code, said):
    one = child(JOB.format(kind=kind))
    answer, told = ran(one, value=sent, code="answer = " + code)
    assert answer == (said or ["192.0.2.1", "192.0.2.0/24"])
    assert told == sent + " True"


@pytest.mark.parametrize("kind", ["IPAddressVar()", "ObjectVar('extras.job')", "FileVar()"])
def test_what_is_left_out_is_none(child, kind):
    one = child(JOB.format(kind=kind))
    code = "import sys; answer = [value, 'netaddr' in sys.modules]"
    assert ran(one, value=None, code=code) == ([None, False], "None True")


@pytest.mark.parametrize(
    "kind, sent",
    [
        ("MultiChoiceVar([('a', 'A'), ('b', 'B')])", ["b", "a"]),
        ("JSONVar()", {"name": "x", "size": 1, "descriptor": 0}),
        ("JSONVar()", [1, None]),
        ("TextVar(sensitive=True)", "x\ny"),
    ],
)
def test_plain_values_arrive_as_they_are(child, kind, sent):
    one = child(JOB.format(kind=kind))
    assert ran(one, value=sent, code="answer = value") == (sent, "%s True" % (sent,))


def test_an_object_is_a_record_that_loads_when_it_is_read(child):
    one = child(JOB.format(kind="ObjectVar('extras.job')"))
    one.run("mod.Call", value=IDS[1], code="answer = [value.id, value.name, str(value)]")
    assert one.receive()["message"] == IDS[1] + " True"
    asked = one.answer({"count": 1, "objects": [{"id": IDS[1], "display": "D", "name": "N"}]})
    assert asked == {
        **{"type": "ask", "ask": 1, "question": "objects", "object_type": "extras.job"},
        **{"filters": {"id": [IDS[1]]}, "limit": 1000, "offset": 0},
    }
    assert one.result()["result"] == [IDS[1], "N", "D"]


def test_an_object_that_is_gone_says_so(child):
    one = child(JOB.format(kind="ObjectVar('extras.job')"))
    one.run("mod.Call", value=IDS[1], code="value.name")
    one.answer({"count": 0, "objects": []})
    result = one.result()["result"]
    assert result["exc_type"] == "DoesNotExist"
    assert result["exc_message"] == "There is no Job with the id %s." % IDS[1]


def test_several_objects_are_a_collection(child):
    one = child(JOB.format(kind="MultiObjectVar('extras.job')"))
    code = "answer = [value.count(), value.exists(), [r.name for r in value], value.filter(name='b').first()]"
    one.run("mod.Call", value=IDS[:2], code=code)
    assert one.receive()["message"] == "%s True" % IDS[:2]
    for _ in range(2):
        assert one.answer({"count": 2, "objects": []})["limit"] == 0
    objects = [{"id": id, "name": name} for id, name in zip(IDS, "ab")]
    assert one.answer({"count": 2, "objects": objects})["filters"] == {"id": IDS[:2]}
    narrowed = one.answer({"count": 1, "objects": objects[1:]})
    assert narrowed["filters"] == {"id": IDS[:2], "name": ["b"]}
    reference = {"id": IDS[1], "object_type": "extras.job", "url": "/api/extras/jobs/%s/" % IDS[1]}
    assert one.result()["result"] == [2, True, ["a", "b"], reference]


def test_no_objects_are_an_empty_collection_without_a_question(child):
    one = child(JOB.format(kind="MultiObjectVar('extras.job')"))
    code = "answer = [len(value), value.count(), value.exists(), bool(value), list(value.all()), value.first()]"
    answer, told = ran(one, value=[], code=code)
    assert (answer, told) == ([0, 0, False, False, [], None], "[] True")


CONTENT = b"name;x\r\nweb-1;1\r\nweb-2;2"


def file_input(name="../hosts.csv", descriptor=0):
    return {"name": name, "size": 1, "descriptor": descriptor}


@pytest.mark.parametrize(
    "code, said",
    [
        ("[value.name, value.size, str(value)]", ["../hosts.csv", len(CONTENT), "../hosts.csv"]),
        ("[value.read().decode(), value.read().decode()]", [CONTENT.decode(), ""]),
        ("[value.read(4).decode(), value.tell(), value.seek(1), value.read(1).decode()]", ["name", 4, 1, "a"]),
        ("[line.decode() for line in value]", ["name;x\r\n", "web-1;1\r\n", "web-2;2"]),
        ("list(csv.reader(io.TextIOWrapper(value), delimiter=';'))[1]", ["web-1", "1"]),
        ("[len(piece) for piece in value.chunks(10)]", [10, 10, len(CONTENT) - 20]),
        ("[value.multiple_chunks(), value.multiple_chunks(4)]", [False, True]),
        ("[value.readable(), value.writable(), value.closed, value.mode]", [True, False, False, "rb"]),
        ("[value.read(2).decode(), value.open().read(2).decode()]", ["na", "na"]),
        ("type(value.read()).__name__", "bytes"),
    ],
)  # fmt: skip
def test_a_file_is_like_djangos_uploads(child, code, said):
    one = child(JOB.format(kind="FileVar()"))
    one.run_with_files([CONTENT], "mod.Call", value=file_input(), code="answer = " + code)
    frames = one.frames()
    assert frames[0]["message"] == "../hosts.csv True"
    assert frames[-1]["result"] == said


def test_a_file_closes_with_its_block(child):
    one = child(JOB.format(kind="FileVar()"))
    code = "with value as f: answer = [f.read(1).decode()]\nanswer.append(f.closed)"
    one.run_with_files([CONTENT], "mod.Call", value=file_input(), code=code)
    assert one.result()["result"] == ["n", True]


def test_files_are_closed_after_the_run_and_belong_to_it_alone(child):
    one = child(JOB.format(kind="FileVar()"))
    descriptors = "answer = sorted(os.listdir('/proc/self/fd'), key=int)"
    before, _ = ran(one, value=None, code=descriptors)
    for number in range(3):
        content = b"%d" % number
        one.run_with_files(
            [content, b"other"],
            "mod.Call",
            value=file_input("a", 1),
            other=file_input("b", 0),
            code="os.kept = value; answer = [value.read().decode(), other.read().decode()]",
        )
        assert one.result()["result"] == ["other", str(number)]
        code = descriptors + "; answer = [os.kept.closed, answer]"
        assert ran(one, value=None, code=code)[0] == [True, before]


def test_sixteen_files_at_once(child):
    one = child(JOB.format(kind="FileVar()"))
    contents = [b"%d" % number for number in range(16)]
    one.run_with_files(
        contents,
        "mod.Call",
        value=file_input("a", 15),
        other=file_input("b", 7),
        code="answer = [value.read().decode(), other.read().decode()]",
    )
    assert one.result()["result"] == ["15", "7"]


def test_a_large_file_arrives_whole(child, tmp_path):
    one = child(JOB.format(kind="FileVar()"))
    content = os.urandom(1 << 20) * 8
    code = "import zlib; answer = [value.size, zlib.crc32(value.read())]"
    one.run_with_files([content], "mod.Call", value=file_input(), code=code)
    assert one.result()["result"] == [len(content), __import__("zlib").crc32(content)]


@pytest.mark.parametrize("descriptor", [1, -1, None, "0"])
def test_a_file_that_did_not_come_is_told(child, descriptor):
    one = child(JOB.format(kind="FileVar()"))
    one.run_with_files([CONTENT], "mod.Call", value=file_input("x.csv", descriptor))
    result = one.result()
    assert (result["status"], result["result"]["exc_message"]) == (
        "FAILURE",
        "The uploaded file x.csv did not reach the run.",
    )


def test_a_job_may_close_the_descriptors_of_its_files(child):
    one = child(JOB.format(kind="FileVar()"))
    one.run_with_files(
        [CONTENT], "mod.Call", value=file_input(), code="os.close(value.fileno()); answer = 1"
    )
    assert one.result()["result"] == 1
    assert ran(one, value=None, code="answer = 2")[0] == 2


def test_inputs_go_to_json_and_back(child):
    one = child(
        JOB.format(kind="IPNetworkVar()")
        + """
class Both(Call):
    job = jobs.ObjectVar("extras.job")
    results = jobs.MultiObjectVar("extras.jobresult")
    def run(self, *, job, results, value, **others):
        data = self.serialize_data({"job": job, "results": results, "value": value, **others})
        back = self.deserialize_data(data)
        same = back["job"] == job, back["results"].ids() == results.ids(), back["value"] == value
        return [data, same, back["code"]]

jobs.register_jobs(Both)
"""
    )
    inputs = {
        "job": IDS[0],
        "results": IDS[1:],
        "value": "192.0.2.0/24",
        "code": "x",
        "other": None,
    }
    one.run("mod.Both", **inputs)
    assert one.result()["result"] == [inputs, [True, True, True], "x"]
