"""Failures in each of the methods around run(), and inside of their handling."""

import pytest
from test_lifecycle import define, messages

METHODS = {
    "before_start": "task_id, args, kwargs",
    "run": "",
    "on_success": "retval, task_id, args, kwargs",
    "on_failure": "exc, task_id, args, kwargs, einfo",
    "after_return": "status, retval, task_id, args, kwargs, einfo",
}
STEPS = """
class J(jobs.Job):
    step, do = "%s", "%s"
    done = False
    def act(self, name, text):
        self.logger.info("%%s %%s", name, text)
        if name == self.step and not self.done:
            self.done = True
            exec(self.do, globals(), {"self": self})
"""


def steps(step, do):
    """A job that logs each call, and does something in one of them, the first time."""
    source = STEPS % (step, do)
    for name, arguments in METHODS.items():
        told = {"on_failure": "(repr(exc), einfo is None)", "after_return": "(status, repr(retval), einfo is None)"}  # fmt: skip
        source += "    def %s(self%s):\n        self.act(%r, %s)\n        return %r\n" % (
            name,
            ", " + arguments if arguments else "",
            name,
            told.get(name, "()"),
            name,
        )
    return define(source)


@pytest.mark.parametrize(
    "step, calls",
    [
        ("before_start", ["on_failure", "after_return FAILURE"]),
        ("run", ["run", "on_failure", "after_return FAILURE"]),
        ("on_success", ["run", "on_success", "after_return FAILURE"]),
        # It learnt of a success, and has the last word.
        ("after_return", ["run", "on_success", "after_return SUCCESS"]),
    ],
)
def test_fail_in_each_method(child, step, calls):
    one = child(steps(step, "self.fail('bad')"))
    one.run("mod.J")
    frames = one.frames()
    value = "before_start" if step == "before_start" else "run"
    told = {
        "on_failure": "on_failure %r" % ((repr(value), True),),
        "after_return FAILURE": "after_return %r" % (("FAILURE", repr(value), True),),
        "after_return SUCCESS": "after_return %r" % (("SUCCESS", repr(value), True),),
    }
    expected = ["before_start ()", *(told.get(call, call + " ()") for call in calls)]
    assert [text for text in messages(frames) if text != "bad"] == expected
    result = frames[-1]
    assert (result["status"], result["reason"]) == ("FAILURE", "fail")
    assert (result["result"], result["traceback"]) == (value, None)


def test_fail_in_on_failure_changes_nothing_more(child):
    one = child(define(
        """
class J(Base):
    def run(self): raise ValueError("x")
    def on_failure(self, *args): self.fail("also")
"""
    ))  # fmt: skip
    one.run("mod.J")
    frames = one.frames()
    assert messages(frames)[1:] == ["also", "after_return FAILURE True ValueError('x') False"]
    assert (frames[-1]["reason"], frames[-1]["result"]["exc_type"]) == ("exception", "ValueError")


@pytest.mark.parametrize("kind", ["ValueError", "SystemExit", "KeyboardInterrupt", "GeneratorExit"])
@pytest.mark.parametrize(
    "step, calls",
    [
        ("before_start", ["on_failure", "after_return"]),
        ("run", ["run", "on_failure", "after_return"]),
        ("on_success", ["run", "on_success", "on_failure", "after_return"]),
        ("after_return", ["run", "on_success", "after_return", "on_failure", "after_return"]),
    ],
)
def test_an_exception_in_each_method(child, step, calls, kind):
    one = child(steps(step, "raise %s(5)" % kind))
    one.run("mod.J")
    frames = one.frames()
    told = [text.split(" ", 1) for text in messages(frames)]
    assert [name for name, _ in told] == ["before_start", *calls]
    assert told[-2][1] == repr(("%s(5)" % kind, False)) or step == "after_return"
    assert told[-1][1] == repr(("FAILURE", "%s(5)" % kind, False))
    result = frames[-1]
    assert (result["status"], result["reason"]) == ("FAILURE", "exception")
    assert result["result"] == {"exc_type": kind, "exc_message": "5", "exc_module": "builtins"}
    assert kind in result["traceback"]


@pytest.mark.parametrize("first", ["run", "on_success", "after_return"])
def test_an_exception_in_on_failure_ends_without_a_further_after_return(child, first):
    one = child(
        steps(first, "raise ValueError(1)").replace(
            "self.act('on_failure'", "raise KeyError(2); self.act('on_failure'"
        )
    )
    one.run("mod.J")
    frames = one.frames()
    names = [text.split(" ", 1)[0] for text in messages(frames)]
    assert names.count("after_return") == (1 if first == "after_return" else 0)
    assert frames[-1]["status"] == "FAILURE"
    assert frames[-1]["result"]["exc_type"] == "KeyError"
    assert "ValueError: 1" in frames[-1]["traceback"]


def test_an_exception_in_after_return_of_a_failed_run_is_told_and_called_again_once(child):
    one = child(
        define(
            """
class J(Base):
    def run(self): raise ValueError("x")
    def after_return(self, status, retval, *args):
        self.logger.info("after %r", retval)
        raise KeyError("y")
"""
        )
    )
    one.run("mod.J")
    frames = one.frames()
    assert messages(frames)[1:] == [
        "on_failure ValueError('x') False",
        "after ValueError('x')",
        "on_failure KeyError('y') False",
        "after KeyError('y')",
    ]
    assert "ValueError: x" in frames[-1]["traceback"]


def test_the_methods_get_no_arguments_but_the_serialised_inputs(child):
    one = child(
        define(
            """
class J(Base):
    text = jobs.StringVar()
    def run(self, *, text): return text
    def on_success(self, retval, task_id, args, kwargs):
        self.logger.info("%s %s %s", task_id == self.request.id, args == self.request.args == (), kwargs)
"""
        )
    )
    one.run("mod.J", text="hi")
    assert messages(one.frames())[1] == "True True {'text': 'hi'}"


def test_a_record_of_the_run_is_a_json_value(child):
    one = child(define("class J(jobs.Job):\n    def run(self): return self.job_result"))
    one.run("mod.J")
    result = one.result()["result"]
    assert (result["queue"], result["user"]["username"], result["attempt"]) == (
        "default",
        "admin",
        1,
    )


def test_what_a_method_does_to_its_inputs_is_not_seen_by_others(child):
    one = child(
        define(
            """class J(jobs.Job):
    data = jobs.JSONVar()
    def before_start(self, task_id, args, kwargs):
        kwargs["more"] = 1
        kwargs["data"]["rows"].append(2)
        self.request.kwargs["data"]["rows"].append(3)
    def run(self, *, data):
        data["rows"].append(4)
        return [data, self.request.kwargs]
    def after_return(self, status, retval, task_id, args, kwargs, einfo):
        self.logger.info("%s", kwargs)
"""
        )
    )
    one.run("mod.J", data={"rows": [1]})
    frames = one.frames()
    assert frames[-1]["result"] == [{"rows": [1, 4]}, {"data": {"rows": [1]}}]
    assert messages(frames) == ["{'data': {'rows': [1]}}"]
