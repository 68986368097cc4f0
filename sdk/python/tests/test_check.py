"""What a version's authors are told beyond what its imports refuse."""

import textwrap

import pytest

import host as host_side


@pytest.fixture
def check(shared_host, write):
    """check({name: source}) → (the warnings without their files, the manifest) in check mode."""
    opened = []

    def run(files, check=True):
        files = {name: textwrap.dedent(source) for name, source in files.items()}
        version = dict(host_side.jobs_root(write(files), root="/r"), check=check)
        opened.append(shared_host.zygote_of(version))
        manifest = opened[-1].manifest
        found = {}
        for warning in manifest["warnings"]:
            assert sorted(warning) == ["class_path", "code", "file_path", "line", "message"]
            name = warning["file_path"].replace("/r/", "", 1)
            line = warning["line"]
            text = files[name].splitlines()[line - 1] if line else ""
            found.setdefault(warning["code"], []).append(
                (warning["class_path"], name, text.strip(), warning["message"])
            )
        run.manifest = manifest
        return found

    yield run
    for one in opened:
        one.close()


HEAD = "from nautobot.apps.jobs import *\n"


def job(body, name="J"):
    return "%sclass %s(Job):\n%s\nregister_jobs(%s)\n" % (
        HEAD,
        name,
        textwrap.indent(textwrap.dedent(body), "    "),
        name,
    )


def test_a_good_folder_has_no_warnings(check):
    source = job(
        """
        class Meta:
            name = "Good"
            field_order = ["b"]
            soft_time_limit = 5
            time_limit = 10
        a = StringVar(default="x")
        b = JSONVar(default=[]) if "JSONVar" in globals() else TextVar()
        def before_start(self, task_id, args, kwargs): ...
        def run(self, /, a, *, b, extra=None): ...
        def on_success(self, *args): ...
        def after_return(self, status, retval, task_id, args, kwargs, einfo): ...
        """
    )
    assert check({"m.py": source}) == {}
    assert [cls["class_path"] for cls in run_classes(check)] == ["m.J"]


def run_classes(check):
    return [cls for module in check.manifest["modules"] for cls in module["classes"]]


@pytest.mark.parametrize(
    "body, code, line, message",
    [
        (
            "class Meta:\n    hiden = True\ndef run(self): ...",
            "meta.unknown",
            "hiden = True",
            "Meta.hiden is not known and has no effect; did you mean hidden?",
        ),
        (
            "class Meta:\n    zzz = 1\ndef run(self): ...",
            "meta.unknown",
            "zzz = 1",
            "Meta.zzz is not known and has no effect",
        ),
        (
            "class Meta:\n    field_order = ['hots']\nhost = StringVar()\ndef run(self, host): ...",
            "meta.field_order",
            "field_order = ['hots']",
            "Meta.field_order names hots, which is no variable of the class; did you mean host?",
        ),
        (
            "class Meta:\n    template_name = 'x.html'\ndef run(self): ...",
            "meta.template_name",
            "template_name = 'x.html'",
            "Meta.template_name has no effect",
        ),
        (
            "host = StringVar()\ndef run(self, *, hots=None): ...",
            "run.missing_argument",
            "host = StringVar()",
            "run() has no argument for the variable host",
        ),
        (
            "host: StringVar = StringVar()\ndef run(self, **inputs): ...\n"
            "def on_failure(self, exc): ...",
            "method.signature",
            "def on_failure(self, exc): ...",
            "on_failure() is called with the arguments exc, task_id, args, kwargs, einfo, which it "
            "does not take",
        ),
        (
            "def run(self, *, host): ...",
            "run.unknown_argument",
            "def run(self, *, host): ...",
            "run() wants host, which is no variable of the class",
        ),
        (
            "host = StringVar()\ndef run(self, host, /): ...",
            "run.positional_only",
            "def run(self, host, /): ...",
            "run() takes host by position only, and gets its inputs by name",
        ),
        (
            "async def run(self): ...",
            "run.deferred",
            "async def run(self): ...",
            "run() is a generator or a coroutine, whose body a call does not run",
        ),
        (
            "def run(self):\n    yield 1",
            "run.deferred",
            "def run(self):",
            "run() is a generator or a coroutine, whose body a call does not run",
        ),
        (
            "check = DryRunVar()\n@staticmethod\ndef run(check): ...",
            "variable.dryrun",
            "check = DryRunVar()",
            "a DryRunVar has an effect only under the name dryrun, not check",
        ),
        (
            "class Meta:\n    soft_time_limit = 20\n    time_limit = 20\ndef run(self): ...",
            "meta.time_limit",
            "time_limit = 20",
            "Meta.time_limit (20 s) is not above Meta.soft_time_limit (20 s), so the job is killed "
            "before it can tidy up",
        ),
        (
            "def run(self): ...\ndef collect(self, *, found=[]): ...",
            "method.mutable_default",
            "def collect(self, *, found=[]): ...",
            "The default of found in collect() is a list that all calls share; use None, and make "
            "one in the method",
        ),
    ],
)
def test_each_mistake_in_a_class(check, body, code, line, message):
    assert check({"m.py": "# first\n" + job(body)}) == {code: [("m.J", "m.py", line, message)]}


def test_a_misspelt_argument_is_told_from_both_sides(check):
    found = check({"m.py": job("host = StringVar()\ndef run(self, *, hots): ...")})
    assert [text for *_, text in found["run.missing_argument"]] == [
        "run() has no argument for the variable host; did you mean hots?"
    ]
    assert [text for *_, text in found["run.unknown_argument"]] == [
        "run() wants hots, which is no variable of the class; did you mean host?"
    ]


def test_what_hides_the_signature_is_not_guessed_at(check):
    body = """
    import functools
    def loose(function):
        @functools.wraps(function)
        def call(self, *args, **kwargs): return function(self, *args, **kwargs)
        return call
    host = StringVar()
    @loose
    def run(self, *, host): ...
    before_start = functools.partial(print)
    """
    assert check({"m.py": job(body)}) == {}


def test_metadata_beside_meta_and_in_a_parent_of_another_file_is_found(check):
    found = check(
        {
            "base.py": HEAD
            + """
class Base(Job):
    class Meta:
        hiden = True
    host = StringVar()
""",
            "m.py": "from base import Base\nfrom nautobot.apps.jobs import register_jobs\n"
            "class J(Base):\n    time_limit = 1\n    soft_time_limit = 2\n    def run(self): ...\n"
            "register_jobs(J)\n",
        }
    )
    assert {code: [entry[:3] for entry in entries] for code, entries in found.items()} == {
        "meta.unknown": [("m.J", "base.py", "hiden = True")],
        "run.missing_argument": [("m.J", "base.py", "host = StringVar()")],
        "meta.time_limit": [("m.J", "m.py", "time_limit = 1")],
    }


def test_two_classes_of_one_name(check):
    body = 'class Meta:\n    name = "Same"\ndef run(self): ...'
    found = check({"a.py": job(body, "A"), "b.py": job(body, "B")})
    message = "The name 'Same' is that of a.A too; the record of one gets a suffix"
    assert found == {"meta.same_name": [("b.B", "b.py", 'name = "Same"', message)]}


def test_classes_that_nobody_registers(check):
    found = check(
        {
            "m.py": HEAD + "class Base(Job): ...\nclass Forgotten(Base):\n    def run(self): ...\n",
            "pkg/__init__.py": "",
            "pkg/lost.py": """
            from windlass import jobs as j
            import nautobot.apps.jobs
            from nautobot.extras.jobs import Job as Base
            class One(j.Job): ...
            class Two(nautobot.apps.jobs.JobHookReceiver): ...
            class Three(Base): ...
            class Four(Three): ...
            class Other(dict): ...
            """,
            "broken.py": "from windlass import jobs\nclass J(jobs.Job): ...\n1 / 0\n",
        }
    )
    lost = (
        "%s is never registered, because nothing imports this file: import it in the __init__.py of "
        "its package"
    )
    assert found == {
        "class.unregistered": [
            (
                "m.Forgotten",
                "m.py",
                "class Forgotten(Base):",
                "Forgotten is never registered: pass it to register_jobs()",
            ),
            ("", "pkg/lost.py", "class One(j.Job): ...", lost % "One"),
            ("", "pkg/lost.py", "class Two(nautobot.apps.jobs.JobHookReceiver): ...", lost % "Two"),
            ("", "pkg/lost.py", "class Three(Base): ...", lost % "Three"),
            ("", "pkg/lost.py", "class Four(Three): ...", lost % "Four"),
        ]
    }


def test_every_import_that_cannot_work_is_listed_with_its_line(check):
    lines = [
        "import nautobot.dcim.models",
        "from nautobot.apps.jobs import NoSuchVar, Job",
        "from nautobot.ipam import models",
        "from django.db import transaction",
        "from celery import chain",
        "import celery.app.task",
    ]
    wanted = [
        "nautobot.dcim.models does not exist in Windlass",
        "nautobot.apps.jobs.NoSuchVar does not exist in Windlass",
        "nautobot.ipam does not exist in Windlass",
        "django.db does not exist here: django is not installed for this Python",
        "celery.chain does not exist here",
        "celery.app.task does not exist here",
    ]
    good = """
    import json, nautobot, nautobot.apps
    from nautobot.apps import jobs
    from nautobot.apps.jobs import *
    from django.conf import settings
    from celery.exceptions import SoftTimeLimitExceeded
    from . import nautobot_things
    from typing import TYPE_CHECKING
    if TYPE_CHECKING:
        from nautobot.dcim.models import Device
    """
    found = check(
        {
            "fails.py": lines[0] + "\n",
            "pkg/__init__.py": "",
            "pkg/never_imported.py": "\n".join(
                ["def later():", *("    " + line for line in lines), textwrap.dedent(good)]
            ),
            ".git/hook.py": lines[0],
        }
    )
    assert list(found) == ["import.missing"]
    places = [entry[:3] for entry in found["import.missing"]]
    assert places == [
        ("", "fails.py", lines[0]),
        *(("", "pkg/never_imported.py", line) for line in lines),
    ]
    messages = [entry[3] for entry in found["import.missing"]]
    for message, start in zip(messages, [wanted[0], *wanted]):
        assert message.startswith(start)


def test_a_file_that_no_import_reached_and_that_is_no_python(check):
    found = check(
        {"pkg/__init__.py": "", "pkg/draft.py": "x = 1\ndef f(:\n", "bad.py": "def f(:\n"}
    )
    ((_, name, line, message),) = found["file.syntax"]
    assert (name, line, list(found)) == ("pkg/draft.py", "def f(:", ["file.syntax"])
    assert message.startswith("The file cannot be read as Python: ")


def test_without_check_mode_the_cheap_ones_are_told_at_the_class(check):
    body = """
    class Meta:
        hiden = True
        time_limit = 1
        soft_time_limit = 1
    host = StringVar()
    def run(self, more=[]): ...
    """
    found = check({"m.py": job(body) + "import nautobot.apps as never\n"}, check=False)
    assert {code: [entry[:3] for entry in entries] for code, entries in found.items()} == {
        "meta.unknown": [("m.J", "m.py", "class J(Job):")],
        "run.missing_argument": [("m.J", "m.py", "class J(Job):")],
    }


def test_a_class_that_is_registered_twice_is_warned_of_once(check):
    source = job("class Meta:\n    hiden = 1\ndef run(self): ...")
    found = check({"m.py": source + "register_jobs(J)\n"})
    assert len(found["meta.unknown"]) == 1


def test_sources_that_are_long_or_nested_deeply_are_read(check):
    chain = "if x == 0: import nautobot.dcim\n" + "".join(
        "elif x == %d: pass\n" % number for number in range(1, 300)
    )
    found = check(
        {
            "pkg/__init__.py": "",
            "pkg/chain.py": chain + "import nautobot.ipam\n",
            "pkg/deep.py": "x = " + "(" * 5000 + ")" * 5000,
            "pkg/null.py": "x = 1\0",
            "pkg/total.py": "x = " + " + ".join(["1"] * 600) + "\nimport nautobot.ipam\n",
        }
    )
    imports = [entry[1] for entry in found["import.missing"]]
    assert imports == ["pkg/chain.py", "pkg/chain.py", "pkg/total.py"]
    assert [entry[1] for entry in found["file.syntax"]] == ["pkg/deep.py", "pkg/null.py"]


def test_classes_that_answer_oddly_do_not_stop_the_check(check):
    source = """
    class Odd(type):
        def __subclasses__(cls): raise RuntimeError
    class J(Job, metaclass=Odd):
        properties_dict = StringVar()
        def run(self, *, properties_dict): ...
    register_jobs(J)
    class Lazy:
        def __getattr__(self, name): raise RuntimeError(name)
    import sys
    sys.modules["lazy"] = Lazy()
    """
    assert check({"m.py": HEAD + textwrap.dedent(source)}) == {}
    assert check.manifest["modules"][0]["error"] is None, check.manifest["modules"][0]["error"]


def test_classes_that_share_a_meta_are_told_apart(check):
    source = """
        from windlass import jobs

        class Parent(jobs.Job):
            class Meta:
                nome = "x"
            def run(self): ...

        class Child(Parent): ...

        jobs.register_jobs(Parent, Child)
    """
    told = check({"mod.py": source})["meta.unknown"]
    assert sorted((line, message.partition(" is not")[0]) for _, _, line, message in told) == [
        ('nome = "x"', "Child: Meta.nome"),
        ('nome = "x"', "Parent: Meta.nome"),
    ]
