"""Choices that a class method computes for a form."""

import os
import signal

import pytest

import host as host_side

JOB = """
import os, sys, threading
from nautobot.extras.models import Job
from windlass import jobs

class Region(jobs.Job):
    region = jobs.StringVar(required=False)
    site = jobs.ChoiceVar(choices="site_choices", required=False)
    @classmethod
    def site_choices(cls, form):
        return eval(form["code"], globals(), {"form": form, "cls": cls})
    @staticmethod
    def static(form):
        return [(form["x"], "X")]
    def run(self, *, region, site):
        return site

def say(what):
    Region().logger.info(what)
    print(what)
    jobs.get_task_logger("x").warning(what)
    Region.site_choices({"code": "[('a', 'A')]"})
    return [("said", what)]

jobs.register_jobs(Region)
"""


def ask(one, code="[]", method="site_choices", **members):
    frame = {"type": "choices", "class_path": "mod.Region", "method": method}
    one.send({**frame, "form": {"code": code, "x": 5}, **members})
    frames = one.frames()
    assert len(frames) == 1, frames
    return frames[0]


@pytest.mark.parametrize(
    "code, choices",
    [
        ("[('a', 'A'), ['b', 'B']]", [["a", "A"], ["b", "B"]]),
        ("[(1, 2), (None, '–'), (True, 'Yes')]", [["1", "2"], ["", "–"], ["True", "Yes"]]),
        ("[('G', [(1, 'One')]), ('x', 'X')]", [["G", [["1", "One"]]], ["x", "X"]]),
        ("((n, n * 2) for n in 'ab')", [["a", "aa"], ["b", "bb"]]),
        ("{'a': 'A'}.items()", [["a", "A"]]),
        ("[(form['x'], cls.name)]", [["5", "Region"]]),
        ("[]", []),
    ],
)
def test_the_answer_is_as_declared_choices_are(child, code, choices):
    assert ask(child(JOB), code) == {
        **{"type": "result", "status": "SUCCESS", "result": choices},
        **{"traceback": None, "reason": None, "reusable": False},
    }


def test_a_static_method_is_called_too(child):
    assert ask(child(JOB), method="static")["result"] == [["5", "X"]]


def test_what_it_says_meanwhile_is_heard_by_nobody(child):
    one = child(JOB)
    assert ask(one, "say('hello')")["result"] == [["said", "hello"]]
    assert one.read_err() == b""


@pytest.mark.parametrize(
    "code, kind, told",
    [
        ("1 / 0", "ZeroDivisionError", "division by zero"),
        ("sys.exit(3)", "SystemExit", "3"),
        ("(_ for _ in ()).throw(KeyboardInterrupt)", "KeyboardInterrupt", ""),
        ("None", "TypeError", "mod.Region.site_choices() wants (value, label) pairs, got NoneType"),
        ("'abc'", "TypeError", "wants (value, label) pairs, got str ('abc')"),
        ("['ab']", "TypeError", "wants (value, label) pairs, got 'ab' among them"),
        ("[(1, 2, 3)]", "TypeError", "wants (value, label) pairs, got (1, 2, 3) among them"),
    ],
)
def test_an_error_is_a_failure(child, code, kind, told):
    result = ask(child(JOB), code)
    assert (result["status"], result["reason"]) == ("FAILURE", "exception")
    assert result["result"]["exc_type"] == kind
    assert told in result["result"]["exc_message"]
    assert kind in result["traceback"]


def test_a_method_that_is_not_there_is_a_failure(child):
    result = ask(child(JOB), method="nope")
    assert (result["status"], result["result"]["exc_type"]) == ("FAILURE", "AttributeError")


def test_an_unknown_class_is_told(child):
    result = ask(child(JOB), class_path="mod.Gone")
    assert (result["status"], result["reason"]) == ("FAILURE", "unknown_class")
    assert "no job class mod.Gone" in result["result"]["exc_message"]


def test_a_cancel_interrupts_it(child):
    one = child(JOB)
    frame = {"type": "choices", "class_path": "mod.Region", "method": "site_choices"}
    code = "[os.write(1, b'up'), __import__('select').select([], [], [])]"
    one.send({**frame, "form": {"code": code}})
    one.wait_out()
    one.cancel()
    result = one.result()
    assert (result["status"], result["reason"]) == ("FAILURE", "cancelled")


def test_a_process_that_it_forks_gives_no_second_answer(child):
    one = child(JOB)
    assert ask(one, "[(str(os.fork() > 0), 'x')]")["result"] == [["True", "x"]]
    os.kill(one.pid, signal.SIGKILL)
    one.zygote.exited(one)
    with pytest.raises(host_side.Ended):
        one.receive()


def test_records_are_there_to_choose_from(child):
    one = child(JOB)
    form = {"code": "[(job.class_path, job.name) for job in Job.objects.filter(enabled=True)]"}
    one.send(
        {"type": "choices", "class_path": "mod.Region", "method": "site_choices", "form": form}
    )
    found = {"id": "0190", "display": "Nine", "name": "Nine", "class_path": "a.Nine"}
    asked = one.answer({"count": 1, "objects": [found]})
    assert (asked["question"], asked["object_type"]) == ("objects", "extras.job")
    assert one.result()["result"] == [["a.Nine", "Nine"]]
