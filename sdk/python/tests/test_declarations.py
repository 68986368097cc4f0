"""Job classes, their metadata and variables, without a process of their own."""

import re
from enum import Enum
from pathlib import Path

import pytest

from windlass import _registry, jobs
from windlass._mistakes import warnings


def declared(cls):
    jobs.register_jobs(cls)
    return _registry.declaration_of(cls.__module__ + "." + cls.__name__)


def test_the_public_names_are_the_documented_ones():
    page = Path(__file__).resolve().parents[3] / "docs" / "python-api.md"
    documented = re.findall(r"^\| `([A-Za-z_]+)[(`]", page.read_text(), re.MULTILINE)
    assert sorted(documented) == sorted(jobs.__all__)
    assert all(hasattr(jobs, name) for name in jobs.__all__)


def test_every_public_name_has_a_docstring_with_an_example():
    for name in jobs.__all__:
        thing = getattr(jobs, name)
        assert thing.__doc__, name
        if not name.startswith("Job") and not name.endswith("Choices"):
            assert ">>>" in thing.__doc__, name


def test_class_attributes():
    class Nice(jobs.Job):
        class Meta:
            name = "Nice job"
            description = """
                First line.

                    Indented.
                """
            soft_time_limit = 5
            task_queues = ("a", "b")

        dryrun = jobs.DryRunVar()

        def run(self, *, dryrun): ...

    path = __name__ + ".Nice"
    assert (Nice.name, Nice.description) == ("Nice job", "First line.\n\n    Indented.")
    assert (Nice.description_first_line, Nice.grouping) == ("First line.", __name__)
    assert (Nice.class_path, Nice.class_path_dotted, Nice.registered_name) == (path, path, path)
    assert Nice.file_path == str(Path(__file__).resolve())
    assert (Nice.soft_time_limit, Nice.time_limit, Nice.task_queues) == (5.0, 0.0, ["a", "b"])
    assert (Nice.supports_dryrun, Nice.has_sensitive_variables, Nice.hidden) == (True, True, False)
    assert (Nice().name, Nice().supports_dryrun) == ("Nice job", True)
    assert Nice.properties_dict["grouping"] == __name__
    assert Nice.properties_dict["soft_time_limit"] == 5.0
    assert declared(Nice)["supports_dryrun"] is True
    assert jobs.get_job(path) is Nice
    assert jobs.get_jobs()[path] is Nice
    assert jobs.is_job(Nice) and not jobs.is_job(jobs.Job) and not jobs.is_job(Nice())


def test_the_line_is_that_of_the_class_statement():
    class Meta(type):
        def __new__(mcs, *args):
            return super().__new__(mcs, *args)

    class Base(jobs.Job):
        def __init_subclass__(cls, **kwargs):
            super().__init_subclass__(**kwargs)

        def run(self): ...

    class Derived(Base, metaclass=Meta): ...  # this line

    lines = Path(__file__).read_text().splitlines()
    assert lines[declared(Derived)["line"] - 1].endswith("# this line")


def test_a_subclass_without_meta_has_its_parents_and_its_own_replaces_it():
    class Parent(jobs.Job):
        class Meta:
            name = "Parent"
            hidden = True

        def run(self): ...

    class Heir(Parent): ...

    class Own(Parent):
        class Meta:
            read_only = True

    class Derived(Parent):
        class Meta(Parent.Meta):
            read_only = True

    assert (Heir.name, Heir.hidden) == ("Parent", True)
    assert (Own.name, Own.hidden, Own.read_only) == ("Own", False, True)
    assert (Derived.name, Derived.hidden, Derived.read_only) == ("Parent", True, True)


def test_metadata_beside_meta_counts_and_wins():
    class Beside(jobs.Job):
        name = "Beside"
        description = "  Text. "
        hidden = True
        time_limit = 7

        class Meta:
            name = "In Meta"

        def run(self): ...

    class Heir(Beside): ...

    for cls in (Beside, Heir):
        meta = declared(cls)["meta"]
        assert (meta["name"], meta["description"], meta["hidden"], meta["time_limit"]) == (
            "Beside",
            "Text.",
            True,
            7.0,
        )


def test_variables_methods_and_properties_of_metadata_names_are_the_authors():
    class Names(jobs.Job):
        name = jobs.StringVar()
        description = jobs.TextVar()

        def hidden(self): ...

        @property
        def read_only(self): ...

        def run(self, **inputs): ...

    declaration = declared(Names)
    assert [variable["name"] for variable in declaration["variables"]] == ["name", "description"]
    assert (declaration["meta"]["name"], declaration["meta"]["description"]) == ("Names", "")


@pytest.mark.parametrize(
    "attribute, value, told",
    [
        ("name", 5, "Meta.name wants str, got int (5)"),
        ("description", None, "Meta.description wants str, got NoneType (None)"),
        ("hidden", 1, "Meta.hidden wants bool, got int (1)"),
        (
            "has_sensitive_variables",
            "no",
            "Meta.has_sensitive_variables wants bool, got str ('no')",
        ),
        ("soft_time_limit", "5", "Meta.soft_time_limit wants int or float, got str ('5')"),
        ("time_limit", True, "Meta.time_limit wants int or float, got bool (True)"),
        ("time_limit", -1, "Meta.time_limit wants seconds from 0 on, got -1"),
        ("time_limit", float("nan"), "Meta.time_limit wants seconds from 0 on, got nan"),
        ("field_order", "abc", "Meta.field_order wants list of str, got str ('abc')"),
        ("task_queues", ["a", 5], "Meta.task_queues wants list of str, got int in the list (5)"),
    ],
)
def test_wrong_types_are_refused_at_registration(attribute, value, told):
    wrong = type(
        "Wrong",
        (jobs.Job,),
        {"Meta": type("Meta", (), {attribute: value}), "run": lambda self: None},
    )
    with pytest.raises((TypeError, ValueError)) as refused:
        jobs.register_jobs(wrong)
    assert str(refused.value) == "%s.Wrong: %s" % (wrong.__module__, told)
    beside = type("Wrong", (jobs.Job,), {attribute: value, "run": lambda self: None})
    with pytest.raises((TypeError, ValueError), match=re.escape("Wrong.%s" % told[len("Meta.") :])):
        jobs.register_jobs(beside)


@pytest.mark.parametrize(
    "thing, told",
    [
        (5, "takes job classes, got an object of type int"),
        (dict, "dict is no job class: inherit from windlass.jobs.Job"),
        (jobs.Job, "Job itself cannot be registered"),
        (type("Idle", (jobs.Job,), {}), "Idle has no run() method"),
        (type("Idle", (jobs.Job,), {"run": 5}), "Idle has no run() method"),
        (type("Idle", (jobs.JobHookReceiver,), {}), "Idle has no receive_job_hook() method"),
        (type("Idle", (jobs.JobButtonReceiver,), {}), "Idle has no receive_job_button() method"),
    ],
)
def test_what_cannot_be_registered(thing, told):
    with pytest.raises(TypeError, match=re.escape(told)):
        jobs.register_jobs(thing)


def test_receivers_are_marked():
    class Hook(jobs.JobHookReceiver):
        def receive_job_hook(self, change, action, changed_object): ...

    class Button(jobs.JobButtonReceiver):
        def receive_job_button(self, obj): ...

    marks = [
        (d["is_job_hook_receiver"], d["is_job_button_receiver"])
        for d in map(declared, (Hook, Button))
    ]
    assert marks == [(True, False), (False, True)]


def test_variables_stand_parents_first_and_field_order_first_of_all():
    class Mixin:
        mixed = jobs.StringVar()

    class Parent(Mixin, jobs.Job):
        first = jobs.StringVar()
        second = jobs.StringVar(label="old")
        gone = jobs.StringVar()

    class Heir(Parent):
        third = jobs.StringVar()
        second = jobs.StringVar(label="new")
        gone = None

        class Meta:
            field_order = ["third", "nothing"]

        def run(self, **inputs): ...

    warnings.clear()
    variables = declared(Heir)["variables"]
    assert [variable["name"] for variable in variables] == ["third", "mixed", "first", "second"]
    assert variables[3]["label"] == "new"
    assert list(Heir._get_vars()) == ["third", "mixed", "first", "second"]
    assert [warning["message"] for warning in warnings] == [
        "Meta.field_order names nothing, which is no variable of the class"
    ]


def test_members_of_all_variables():
    class Level(Enum):
        LOW = 1

    class All(jobs.Job):
        string = jobs.StringVar(
            min_length=0, max_length=9, regex=r"^\d+$", label="L", description="D", default="1"
        )
        compiled = jobs.StringVar(regex=re.compile("x"), required=False)
        text = jobs.TextVar(widget="big")
        integer = jobs.IntegerVar(min_value=0, max_value=0, default=0)
        boolean = jobs.BooleanVar(default=False, required=True)
        dryrun = jobs.DryRunVar()
        choice = jobs.ChoiceVar(
            choices=(("a", "A"), (None, "–"), ("Group", [(1, "One"), (True, "Yes")])), default=1
        )
        widget = jobs.StringVar(widget=Level)

        def run(self, **inputs): ...

    found = {variable.pop("name"): variable for variable in declared(All)["variables"]}
    common = {
        "label": "",
        "description": "",
        "required": True,
        "has_default": False,
        "default": None,
        "widget": None,
        "visible_if": None,
    }
    text = {"min_length": None, "max_length": None, "regex": None, "sensitive": False}
    assert found == {
        "string": {
            **common,
            **text,
            **{"type": "StringVar", "min_length": 0, "max_length": 9, "regex": r"^\d+$"},
            **{"label": "L", "description": "D", "has_default": True, "default": "1"},
        },
        "compiled": {**common, **text, "type": "StringVar", "regex": "x", "required": False},
        "text": {**common, "type": "TextVar", "widget": "big", "sensitive": False},
        "integer": {
            **common,
            "type": "IntegerVar",
            "min_value": 0,
            "max_value": 0,
            "has_default": True,
            "default": 0,
        },
        "boolean": {
            **common,
            "type": "BooleanVar",
            "required": False,
            "has_default": True,
            "default": False,
        },
        "dryrun": {
            **common,
            **{
                "type": "DryRunVar",
                "required": False,
                "description": "Check the run without making changes",
            },
        },
        "choice": {
            **common,
            **{"type": "ChoiceVar", "has_default": True, "default": "1"},
            "choices": [["a", "A"], ["", "–"], ["Group", [["1", "One"], ["True", "Yes"]]]],
            "choices_method": None,
        },
        "widget": {**common, **text, "type": "StringVar", "widget": "Level"},
    }


def test_a_variable_class_of_the_authors_is_what_it_derives_from():
    class HostVar(jobs.StringVar):
        def __init__(self, **options):
            super().__init__(max_length=63, **options)

    class Uses(jobs.Job):
        host = HostVar(label="Host")

        def run(self, *, host): ...

    (variable,) = declared(Uses)["variables"]
    assert (variable["type"], variable["max_length"], variable["label"]) == (
        "StringVar",
        63,
        "Host",
    )


@pytest.mark.parametrize(
    "make, told",
    [
        (
            lambda: jobs.StringVar(min_length="1"),
            "StringVar(min_length=…) wants int, got str ('1')",
        ),
        (
            lambda: jobs.StringVar(max_length=True),
            "StringVar(max_length=…) wants int, got bool (True)",
        ),
        (lambda: jobs.StringVar(label=5), "StringVar(label=…) wants str, got int (5)"),
        (lambda: jobs.StringVar(regex=5), "StringVar(regex=…) wants str, got int (5)"),
        (lambda: jobs.StringVar(regex="("), "StringVar(regex='(')"),
        (lambda: jobs.TextVar(required="no"), "TextVar(required=…) wants bool, got str ('no')"),
        (
            lambda: jobs.IntegerVar(max_value=1.5),
            "IntegerVar(max_value=…) wants int, got float (1.5)",
        ),
        (lambda: jobs.ChoiceVar(choices="a b"), "wants (value, label) pairs, got str ('a b')"),
        (lambda: jobs.ChoiceVar(choices=["ab"]), "wants (value, label) pairs, got 'ab' among them"),
        (lambda: jobs.ChoiceVar(choices=5), "wants (value, label) pairs, got int"),
    ],
)
def test_options_of_the_wrong_type_are_refused(make, told):
    with pytest.raises((TypeError, ValueError), match=re.escape(told)):
        make()


def test_a_default_that_is_no_json_is_refused():
    wrong = type(
        "Wrong", (jobs.Job,), {"x": jobs.TextVar(default=object()), "run": lambda self, x: None}
    )
    with pytest.raises(TypeError, match=r"Wrong\.x: the default wants a JSON value, got object"):
        jobs.register_jobs(wrong)


def test_a_dry_run_variable_of_another_name_is_warned_of():
    warnings.clear()
    cls = type("Dry", (jobs.Job,), {"check": jobs.DryRunVar(), "run": lambda self, check: None})
    assert declared(cls)["supports_dryrun"] is False
    assert "only under the name dryrun" in warnings[0]["message"]


def test_the_module_attribute_name_is_the_grouping(monkeypatch):
    class Grouped(jobs.Job):
        def run(self): ...

    monkeypatch.setitem(globals(), "name", "A group")
    assert Grouped.grouping == "A group"
    monkeypatch.setitem(globals(), "name", 5)
    assert Grouped.grouping == __name__


def test_status_constants_are_plain_text():
    status = jobs.JobResultStatusChoices
    assert status.values() == ["FAILURE", "PENDING", "RETRY", "REVOKED", "STARTED", "SUCCESS"]
    assert status.STATUS_SUCCESS in status.READY_STATES
    assert jobs.LogLevelChoices.as_dict()["failure"] == "Failure"


def test_the_package_ships_no_nautobot_and_needs_nothing():
    root = Path(__file__).resolve().parents[1]
    assert not (root / "nautobot").exists()
    assert (root / "windlass" / "py.typed").exists()
    assert "dependencies = []" in (root / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    "name, told",
    [
        ("", "wants names of queues, got a blank one ('')"),
        (" \t", r"wants names of queues, got a blank one (' \t')"),
        ("q" * 256, "wants names of at most 255 characters, got one of 256 ('qqq"),
    ],
)
def test_a_queue_needs_a_name_that_can_be_kept(name, told):
    class Wrong(jobs.Job):
        class Meta:
            task_queues = ["good", "q" * 255, name]

        def run(self): ...

    with pytest.raises(ValueError, match=re.escape("Wrong: Meta.task_queues " + told)):
        jobs.register_jobs(Wrong)


def test_all_wrong_metadata_is_told_at_once():
    class Wrong(jobs.Job):
        class Meta:
            name = 5
            time_limit = -1
            task_queues = "a"

        def run(self): ...

    with pytest.raises(TypeError) as refused:
        jobs.register_jobs(Wrong)
    assert [line.rpartition(": ")[2] for line in str(refused.value).splitlines()] == [
        "Meta.name wants str, got int (5)",
        "Meta.time_limit wants seconds from 0 on, got -1",
        "Meta.task_queues wants list of str, got str ('a')",
    ]
