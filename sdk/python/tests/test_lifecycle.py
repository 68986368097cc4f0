"""What happens in which order in a run, and what its result says."""

import json

import pytest

JOB = """
from windlass import jobs
from windlass.jobs import JobResultStatusChoices as Status

class Base(jobs.Job):
    def before_start(self, task_id, args, kwargs):
        self.logger.info("before_start %s %s %s", task_id == self.request.id, args, kwargs)
    def on_success(self, retval, task_id, args, kwargs):
        self.logger.info("on_success %s", retval)
    def on_failure(self, exc, task_id, args, kwargs, einfo):
        self.logger.info("on_failure %r %s", exc, einfo is None)
    def after_return(self, status, retval, task_id, args, kwargs, einfo):
        same = status is Status.STATUS_SUCCESS or status is Status.STATUS_FAILURE
        self.logger.info("after_return %s %s %r %s", status, same, retval, einfo is None)
"""


def define(body):
    return JOB + body + "\njobs.register_jobs(J)\n"


def messages(frames):
    return [frame["message"] for frame in frames if frame["type"] == "log"]


def test_a_success_calls_everything_in_order(child):
    one = child(
        define(
            """
class J(Base):
    text = jobs.StringVar()
    def run(self, *, text):
        self.logger.info("run %s", text)
        return {"got": text}
"""
        )
    )
    one.run("mod.J", text="hi")
    frames = one.frames()
    assert messages(frames) == [
        "before_start True () {'text': 'hi'}",
        "run hi",
        "on_success {'got': 'hi'}",
        "after_return SUCCESS True {'got': 'hi'} True",
    ]
    assert frames[-1] == {
        "type": "result",
        "status": "SUCCESS",
        "result": {"got": "hi"},
        "traceback": None,
        "reason": None,
        "reusable": True,
    }


def test_an_exception_fails_the_run_with_the_authors_frames_only(child):
    one = child(
        define(
            """
class J(Base):
    def run(self):
        helper()

def helper():
    raise ValueError("no such thing")
"""
        ),
        root="/root/of/the/author",
    )
    one.run("mod.J")
    frames = one.frames()
    assert messages(frames)[1:] == [
        "on_failure ValueError('no such thing') False",
        "after_return FAILURE True ValueError('no such thing') False",
    ]
    result = frames[-1]
    assert (result["status"], result["reason"]) == ("FAILURE", "exception")
    assert result["result"] == {
        "exc_type": "ValueError",
        "exc_message": "no such thing",
        "exc_module": "builtins",
    }
    lines = result["traceback"].splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1].strip() == 'File "/root/of/the/author/mod.py", line 18, in run'
    assert lines[2].strip() == "helper()"
    assert lines[-1] == "ValueError: no such thing"
    assert "windlass/_" not in result["traceback"]


def test_einfo_is_the_traceback(child):
    one = child(
        define(
            """
class J(Base):
    def run(self):
        raise ValueError("x")
    def on_failure(self, exc, task_id, args, kwargs, einfo):
        self.logger.info(str(einfo))
        self.logger.info("%s %s", einfo.exception is exc, einfo.traceback == str(einfo))
"""
        )
    )
    one.run("mod.J")
    frames = one.frames()
    assert messages(frames)[1] == frames[-1]["traceback"]
    assert messages(frames)[2] == "True True"


def test_einfo_is_of_billiards_class_where_that_is_installed(child, vendor):
    package = vendor / "billiard"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text("")
    (package / "einfo.py").write_text(
        "import traceback\nclass ExceptionInfo:\n    def __init__(self, info): self.info = info\n"
        "    def __str__(self): return ''.join(traceback.format_exception(*self.info))\n"
    )
    one = child(
        define(
            """
class J(jobs.Job):
    def run(self): raise ValueError("x")
    def on_failure(self, exc, task_id, args, kwargs, einfo):
        self.logger.info("%s %s", type(einfo).__module__, str(einfo).count("File "))
"""
        )
    )
    one.run("mod.J")
    assert messages(one.frames()) == ["billiard.einfo 1"]
    (package / "einfo.py").unlink()


def test_fail_goes_on_and_leaves_no_traceback(child):
    one = child(
        define(
            """
class J(Base):
    def run(self):
        self.fail("bad %s", "thing")
        self.logger.info("still here")
        return "partial"
"""
        )
    )
    one.run("mod.J")
    frames = one.frames()
    assert messages(frames)[1:] == [
        "bad thing",
        "still here",
        "on_failure 'partial' True",
        "after_return FAILURE True 'partial' True",
    ]
    assert [frame["level"] for frame in frames if frame.get("message") == "bad thing"] == [
        "failure"
    ]
    assert frames[1]["grouping"] == "run"
    result = frames[-1]
    assert (result["status"], result["reason"], result["result"]) == ("FAILURE", "fail", "partial")
    assert result["traceback"] is None


def test_fail_in_before_start_skips_run(child):
    one = child(
        define(
            """
class J(Base):
    def before_start(self, task_id, args, kwargs):
        self.fail("not today")
        return 42
    def run(self):
        self.logger.info("run")
"""
        )
    )
    one.run("mod.J")
    frames = one.frames()
    assert messages(frames) == [
        "not today",
        "on_failure 42 True",
        "after_return FAILURE True 42 True",
    ]
    assert (frames[-1]["result"], frames[-1]["reason"]) == (42, "fail")


def test_an_exception_in_before_start_skips_run(child):
    one = child(
        define(
            """
class J(Base):
    def before_start(self, task_id, args, kwargs):
        raise OSError("no")
    def run(self):
        self.logger.info("run")
"""
        )
    )
    one.run("mod.J")
    frames = one.frames()
    assert messages(frames) == [
        "on_failure OSError('no') False",
        "after_return FAILURE True OSError('no') False",
    ]
    assert frames[-1]["reason"] == "exception"


@pytest.mark.parametrize("method", ["on_success(self, *args)", "after_return(self, status, *args)"])
def test_an_exception_after_run_makes_it_a_failure_and_is_told(child, method):
    guard = "if status is Status.STATUS_SUCCESS: " if "status" in method else ""
    one = child(
        define(
            """
class J(Base):
    def run(self):
        return 1
    def %s:
        %sraise KeyError("late")
        super().after_return(status, *args)
"""
            % (method, guard)
        )
    )
    one.run("mod.J")
    frames = one.frames()
    assert messages(frames)[1:] == (["on_success 1"] if guard else []) + [
        "on_failure KeyError('late') False",
        "after_return FAILURE True KeyError('late') False",
    ]
    assert frames[-1]["status"] == "FAILURE"
    assert frames[-1]["result"]["exc_type"] == "KeyError"


def test_after_return_that_always_raises_is_called_twice_at_most(child):
    one = child(
        define(
            """
class J(Base):
    def run(self): pass
    def after_return(self, status, *args):
        self.logger.info("after")
        raise KeyError("late")
"""
        )
    )
    one.run("mod.J")
    frames = one.frames()
    assert messages(frames).count("after") == 2
    assert frames[-1]["status"] == "FAILURE"


def test_an_exception_in_on_failure_ends_without_after_return_and_shows_both(child):
    one = child(
        define(
            """
class J(Base):
    def run(self):
        raise ValueError("first")
    def on_failure(self, *args):
        raise KeyError("second")
"""
        )
    )
    one.run("mod.J")
    frames = one.frames()
    assert len(messages(frames)) == 1
    assert frames[-1]["result"]["exc_type"] == "KeyError"
    assert "ValueError: first" in frames[-1]["traceback"]
    assert "windlass/_" not in frames[-1]["traceback"]


@pytest.mark.parametrize(
    "statement, kind",
    [
        ("import sys; sys.exit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise type('Mine', (BaseException,), {})()", "Mine"),
        ("raise jobs.RunJobTaskFailed('x')", "RunJobTaskFailed"),
        ("f = lambda: f(); f()", "RecursionError"),
    ],
)
def test_every_exception_is_a_failure_like_any_other(child, statement, kind):
    one = child(define("class J(Base):\n    def run(self):\n        " + statement))
    one.run("mod.J")
    frames = one.frames()
    assert (frames[-1]["result"]["exc_type"], frames[-1]["reason"]) == (kind, "exception")
    assert messages(frames)[-1].startswith("after_return FAILURE")


def test_an_exception_whose_text_fails_is_told_all_the_same(child):
    one = child(
        define(
            """
class Bad(Exception):
    def __str__(self): raise RuntimeError("no text")
class J(jobs.Job):
    def run(self): raise Bad()
"""
        )
    )
    one.run("mod.J")
    result = one.result()
    assert result["result"]["exc_message"] == "<unprintable Bad>"
    assert "Bad" in result["traceback"]


def test_a_constructor_that_raises_fails_the_run(child):
    one = child(define("class J(Base):\n    def __init__(self): 1 / 0\n    def run(self): pass"))
    one.run("mod.J")
    assert one.result()["result"]["exc_type"] == "ZeroDivisionError"


RETURNS = [
    ("None", None),
    ("{'a': [1, 2.5, True, None, 'ü']}", {"a": [1, 2.5, True, None, "ü"]}),
    ("(1, {2}, frozenset([3]))", [1, [2], [3]]),
    ("__import__('datetime').datetime(2024, 1, 2, 3, 4, 5)", "2024-01-02T03:04:05"),
    ("__import__('datetime').date(2024, 1, 2)", "2024-01-02"),
    ("__import__('datetime').time(3, 4)", "03:04:00"),
    ("__import__('datetime').timedelta(minutes=1)", "60.0"),
    ("__import__('decimal').Decimal('1.50')", "1.50"),
    ("__import__('uuid').UUID(int=1)", "00000000-0000-0000-0000-000000000001"),
    ("b'caf\\xc3\\xa9 \\xff'", "café \ufffd"),
    ("ValueError('bad')", "ValueError: bad"),
    ("{1: 'a', None: 'b', True: 'c'}", {"1": "c", "null": "b"}),
    ("self.user", {"id": "01900000-0000-7000-8000-000000000002", "username": "admin"}),
    ("'\\ud800x'", "\ufffdx"),
    ("'\\ud83d\\ude00'", "😀"),
    ("type('E', (str, __import__('enum').Enum), {})('x') if False else 'x'", "x"),
]


def test_what_json_can_hold_comes_back(child):
    one = child(
        define(
            "class J(jobs.Job):\n    code = jobs.StringVar()\n    def run(self, *, code): return eval(code, globals(), {'self': self})"
        )
    )
    for code, expected in RETURNS:
        one.run("mod.J", code=code)
        result = one.result()
        assert (result["status"], result["result"]) == ("SUCCESS", expected), code


@pytest.mark.parametrize(
    "code, told",
    [
        ("{'rows': [1, 2, 3, {'x': object()}]}", "$.rows[3].x is of type object"),
        ("{'a b': J}", "$['a b'] is of type type"),
        ("float('nan')", "$ is nan"),
        ("[float('-inf')]", "$[0] is -inf"),
        ("{(1, 2): 3}", "a key of $ is of type tuple"),
        ("2 ** 64", "$ is an integer of more than 64 bits"),
        ("(lambda l: l.append(l) or l)([])", "$[0] contains itself"),
        (
            "__import__('functools').reduce(lambda a, _: [a], range(2000), 1)",
            "more than 50 levels",
        ),
        ("(n for n in [])", "$ is of type generator"),
    ],
)
def test_what_json_cannot_hold_is_a_failure_that_says_where(child, code, told):
    one = child(define("class J(Base):\n    def run(self): return " + code))
    one.run("mod.J")
    frames = one.frames()
    result = frames[-1]
    assert (result["status"], result["reason"], result["traceback"]) == (
        "FAILURE",
        "return_value",
        None,
    )
    assert told in result["result"]["exc_message"]
    assert not [text for text in messages(frames) if text.startswith("on_success")]
    assert messages(frames)[-1].startswith("after_return FAILURE")


def test_an_unknown_class_is_told(child):
    one = child(define("class J(Base):\n    def run(self): pass"))
    one.run("mod.Other")
    result = one.result()
    assert (result["status"], result["reason"]) == ("FAILURE", "unknown_class")
    one.run("mod.J")
    assert one.result()["status"] == "SUCCESS"


def test_what_a_job_knows_of_its_run(child):
    one = child(
        define(
            """
class J(jobs.Job):
    class Meta:
        name = "Nice"
    def run(self):
        try:
            self.user.username = "root"
        except AttributeError as refused:
            message = str(refused)
        run = [self.request.id, self.request.retries, self.user.username, str(self.user)]
        result = [self.job_model.name, self.job_result.id, self.job_result.queue]
        return run + result + [self.celery_kwargs, self.name, self.class_path, self.grouping, message]
"""
        )
    )
    one.run("mod.J")
    task = "01900000-0000-7000-8000-000000000001"
    assert one.result()["result"] == [
        task, 0, "admin", "admin", "J", task, "default", {"queue": "default"}, "Nice", "mod.J", "mod",
        "setting username: records are read-only from a job; change users.user through the REST interface, at /api/users/users/",
    ]  # fmt: skip


def test_a_large_result_comes_in_parts(child):
    one = child(define("class J(jobs.Job):\n    def run(self): return '\"ü\\n' * 100_000"))
    one.run("mod.J")
    assert one.result()["result"] == '"ü\n' * 100_000


def test_a_large_input_comes_in_parts(child):
    one = child(
        define(
            "class J(jobs.Job):\n    text = jobs.TextVar()\n    def run(self, *, text): return [len(text), text[-1]]"
        )
    )
    text = json.dumps(
        {
            "type": "run",
            "task_id": "t",
            "class_path": "mod.J",
            "inputs": {"text": "x" * 200_000 + "y"},
        }
    )
    slices = [text[start : start + 30_000] for start in range(0, len(text), 30_000)]
    for index, data in enumerate(slices):
        one.send({"type": "part", "frame": 1, "index": index, "count": len(slices), "data": data})
    assert one.result()["result"] == [200_001, "y"]


def test_a_coroutine_is_no_result(child):
    one = child(define("class J(jobs.Job):\n    async def run(self): pass"))
    one.run("mod.J")
    assert "coroutine" in one.result()["result"]["exc_message"]
