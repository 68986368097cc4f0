"""What the manifest says of variables of every kind, and what is refused at registration."""

import re
from pathlib import Path

import pytest

from windlass import _model, _models, _registry, jobs
from windlass._model import TYPES


def make(name="Made", **members):
    """A job class with these attributes, not registered."""
    return type(name, (jobs.Job,), {"run": lambda self, **inputs: None, **members})


def declared(**members):
    """The manifest's variables of such a class, by name."""
    cls = make(**members)
    jobs.register_jobs(cls)
    variables = _registry.declaration_of(cls.class_path)["variables"]
    return {variable["name"]: variable for variable in variables}


def refusal(**members):
    with pytest.raises(TypeError) as refused:
        jobs.register_jobs(make("Wrong", **members))
    return str(refused.value)


COMMON = {"name", "type", "label", "description", "required", "has_default", "default", "widget"}
ALL = {
    "StringVar": (jobs.StringVar(), {"min_length", "max_length", "regex", "sensitive"}),
    "TextVar": (jobs.TextVar(), {"sensitive"}),
    "JSONVar": (jobs.JSONVar(), {"sensitive"}),
    "FileVar": (jobs.FileVar(), {"sensitive"}),
    "IntegerVar": (jobs.IntegerVar(), {"min_value", "max_value"}),
    "ChoiceVar": (jobs.ChoiceVar(()), {"choices", "choices_method"}),
    "MultiChoiceVar": (jobs.MultiChoiceVar(()), {"choices", "choices_method"}),
    "ObjectVar": (
        jobs.ObjectVar("extras.job"),
        {"model", "display_field", "query_params", "null_option"},
    ),
    "MultiObjectVar": (
        jobs.MultiObjectVar("extras.job"),
        {"model", "display_field", "query_params"},
    ),
    "IPNetworkVar": (jobs.IPNetworkVar(), {"min_prefix_length", "max_prefix_length"}),
    "IPAddressVar": (jobs.IPAddressVar(), set()),
    "IPAddressWithMaskVar": (jobs.IPAddressWithMaskVar(), set()),
    "BooleanVar": (jobs.BooleanVar(), set()),
    "DryRunVar": (jobs.DryRunVar(), set()),
}


@pytest.mark.parametrize("kind", sorted(ALL))
def test_each_type_has_the_members_of_the_protocol(kind):
    variable, members = ALL[kind]
    found = declared(x=variable)["x"]
    assert found["type"] == kind
    assert set(found) == COMMON | {"visible_if"} | members


def test_all_types_are_known_here():
    classes = (getattr(jobs, name) for name in jobs.__all__ if name.endswith("Var"))
    assert {cls.__name__ for cls in classes} == set(ALL)


def test_options_may_be_given_as_in_the_original():
    found = declared(
        a=jobs.ChoiceVar([("x", "X")], label="A", description="D", default="x", widget="w"),
        b=jobs.StringVar(1, 9, "x", "B", "D", "xx", False),
        c=jobs.TextVar("C", "D"),
        d=jobs.ObjectVar("extras.Job", "name", None, "none", "E"),
    )
    assert (found["a"]["choices"], found["a"]["label"], found["a"]["default"]) == (
        [["x", "X"]],
        "A",
        "x",
    )
    assert (found["b"]["label"], found["b"]["default"], found["b"]["required"]) == (
        "B",
        "xx",
        False,
    )
    assert (found["c"]["label"], found["c"]["description"]) == ("C", "D")
    assert (found["d"]["null_option"], found["d"]["label"]) == ("none", "E")


def test_the_kinships_of_the_original_hold():
    assert issubclass(jobs.MultiChoiceVar, jobs.ChoiceVar)
    assert issubclass(jobs.MultiObjectVar, jobs.ObjectVar)
    assert issubclass(jobs.DryRunVar, jobs.BooleanVar)
    assert all(jobs.is_variable(variable) for variable, _ in ALL.values())


def test_visible_if_maps_names_to_lists_of_values():
    found = declared(
        mode=jobs.ChoiceVar([(1, "One"), (2, "Two")]),
        flag=jobs.BooleanVar(),
        one=jobs.StringVar(visible_if={"mode": 1}),
        both=jobs.StringVar(visible_if={"mode": (1, "2"), "flag": True}),
        never=jobs.StringVar(visible_if={}),
    )
    # A choice arrives as text, so it is text that is compared.
    assert found["one"]["visible_if"] == {"mode": ["1"]}
    assert found["both"]["visible_if"] == {"mode": ["1", "2"], "flag": [True]}
    assert found["never"]["visible_if"] is None


@pytest.mark.parametrize("given", ["mode", {"mode": []}, {1: 2}, {"mode": object()}, {"m": [{}]}])
def test_visible_if_of_another_form_is_refused(given):
    with pytest.raises(TypeError, match=r"StringVar\(visible_if=…\) wants "):
        jobs.StringVar(visible_if=given)


def test_visible_if_may_go_in_no_circle():
    told = refusal(
        a=jobs.StringVar(visible_if={"b": "x"}),
        b=jobs.StringVar(visible_if={"c": "x", "d": "x"}),
        c=jobs.StringVar(),
        d=jobs.StringVar(visible_if={"a": "x"}),
    )
    assert told.endswith("Wrong: visible_if goes in a circle: a → b → d → a")
    assert "circle: a → a" in refusal(a=jobs.StringVar(visible_if={"a": "x"}))


def test_two_ways_to_one_variable_are_no_circle():
    declared(
        a=jobs.StringVar(visible_if={"b": "x", "c": "x"}),
        b=jobs.StringVar(visible_if={"d": "x"}),
        c=jobs.StringVar(visible_if={"d": "x"}),
        d=jobs.StringVar(),
    )


def test_everything_wrong_is_told_at_once_with_class_and_attribute():
    path = __name__.rpartition(".")[2] + ".Wrong"
    told = refusal(
        __module__=__name__,
        a=jobs.StringVar(visible_if={"nobody": "x"}),
        b=jobs.ChoiceVar("site_choices"),
        c=jobs.ObjectVar("dcim.device"),
        d=jobs.JSONVar(default=object()),
    ).splitlines()
    assert told[0] == path + ".a: visible_if names nobody, which is no variable of the class"
    assert told[1].startswith(path + ".b: its choices name the class method site_choices, which")
    assert told[2].startswith(
        path + ".c: model wants one of extras.fileproxy, extras.gitrepository, "
    )
    assert told[2].endswith("got 'dcim.device'")
    assert told[3] == path + ".d: the default wants a JSON value, got object"
    assert len(told) == 4


@pytest.mark.parametrize(
    "model",
    [
        "extras.Job",
        "extras.jobresult",
        "EXTRAS.JOBQUEUE",
        "extras.GitRepository",
        _models.GitRepository,
        _models.User,
    ],
)
def test_models_by_class_or_text_in_any_case(model):
    found = declared(x=jobs.ObjectVar(model=model), y=jobs.MultiObjectVar(model=model))
    assert found["x"]["model"] == found["y"]["model"] == _models.object_type_of(model)
    assert found["x"]["model"] in TYPES


@pytest.mark.parametrize("model", [None, "", "job", 5, jobs.Job, _model.Model])
def test_other_models_are_refused(model):
    assert "x: model wants one of extras.fileproxy, " in refusal(x=jobs.ObjectVar(model=model))


def test_choices_by_the_name_of_a_class_method():
    def class_method(cls, form):
        return []

    class Base:
        choose = classmethod(class_method)

    found = declared(x=jobs.ChoiceVar("choose"), choose=classmethod(class_method))
    assert (found["x"]["choices"], found["x"]["choices_method"]) == ([], "choose")
    cls = type("Inherits", (Base, jobs.Job), {"x": jobs.MultiChoiceVar("choose"), "run": print})
    jobs.register_jobs(cls)
    assert "write `@classmethod` and `def choose(cls, form):`" in refusal(
        x=jobs.ChoiceVar("choose"), choose=lambda self, form: []
    )


def test_defaults_are_told_as_somebody_would_send_them():
    job = _models.Job._at("0190")
    found = declared(
        days=jobs.MultiChoiceVar([(1, "Mo"), (2, "Tu")], default=(1, 2)),
        day=jobs.MultiChoiceVar([(1, "Mo")], default=1),
        job=jobs.ObjectVar("extras.job", default=job),
        named=jobs.ObjectVar("extras.job", default={"name": "Back up"}),
        jobs=jobs.MultiObjectVar("extras.job", default=[job, "0191"]),
        date=jobs.StringVar(default=__import__("datetime").date(2024, 1, 2)),
        address=jobs.IPAddressVar(default=Path("192.0.2.1")),
    )
    defaults = {name: variable["default"] for name, variable in found.items()}
    assert defaults == {
        "days": ["1", "2"],
        "day": ["1"],
        "job": "0190",
        "named": {"name": "Back up"},
        "jobs": ["0190", "0191"],
        "date": "2024-01-02",
        "address": "192.0.2.1",
    }


@pytest.mark.parametrize(
    "make_variable, told",
    [
        (lambda: jobs.StringVar(sensitive="yes"), "StringVar(sensitive=…) wants bool, got str"),
        (lambda: jobs.FileVar(sensitive=None), "FileVar(sensitive=…) wants bool, got NoneType"),
        (lambda: jobs.IPNetworkVar(max_prefix_length="8"), "IPNetworkVar(max_prefix_length=…) wan"),
        (lambda: jobs.IPNetworkVar("8"), "IPNetworkVar(min_prefix_length=…) wants int, got str"),
        (lambda: jobs.ObjectVar("extras.job", 5), "ObjectVar(display_field=…) wants str, got int"),
        (lambda: jobs.ObjectVar(query_params="x"), "ObjectVar(query_params=…) wants dict, got str"),
        (lambda: jobs.MultiObjectVar(null_option=1), "MultiObjectVar(null_option=…) wants str"),
        (lambda: jobs.MultiChoiceVar(5), "MultiChoiceVar(choices=…) wants (value, label) pairs"),
        (lambda: jobs.IntegerVar(sensitive=True), "sensitive"),
    ],
)
def test_options_of_the_wrong_type_are_refused(make_variable, told):
    with pytest.raises(TypeError, match=re.escape(told)):
        make_variable()


def test_retries_are_metadata():
    class Declares(jobs.Job):
        class Meta:
            max_retries = 5
            retry_delay = 2
            retry_backoff = True

    class Beside(jobs.Job):
        max_retries = 0
        retry_backoff = 1.5

    found = [(c.max_retries, c.retry_delay, c.retry_backoff) for c in (Declares, Beside, jobs.Job)]
    assert found == [(5, 2.0, 2.0), (0, 10.0, 1.5), (None, 10.0, 1.0)]
    assert (Declares().max_retries, Beside().retry_backoff) == (5, 1.5)


@pytest.mark.parametrize(
    "attribute, value, told",
    [
        ("max_retries", "5", "Meta.max_retries wants int or None, got str ('5')"),
        ("max_retries", True, "Meta.max_retries wants int or None, got bool (True)"),
        ("max_retries", -1, "Meta.max_retries wants a number from 0 on, got -1"),
        ("retry_delay", -1, "Meta.retry_delay wants seconds from 0 on, got -1"),
        ("retry_backoff", "2", "Meta.retry_backoff wants bool, int or float, got str ('2')"),
        ("retry_backoff", 0.5, "Meta.retry_backoff wants a factor from 1 on, got 0.5"),
        ("retry_backoff", float("nan"), "Meta.retry_backoff wants a factor from 1 on, got nan"),
    ],
)
def test_wrong_values_of_retries_are_refused(attribute, value, told):
    with pytest.raises((TypeError, ValueError), match=re.escape(told)):
        jobs.register_jobs(make(Meta=type("Meta", (), {attribute: value})))


ATTRIBUTES = {
    "name": "Named",
    "description": "One.\nTwo.",
    "description_first_line": "One.",
    "grouping": __name__,
    "class_path": __name__ + ".Full",
    "class_path_dotted": __name__ + ".Full",
    "registered_name": __name__ + ".Full",
    "file_path": str(Path(__file__).resolve()),
    "approval_required": False,
    "console_log_default": False,
    "dryrun_default": True,
    "hidden": False,
    "field_order": ["dryrun"],
    "read_only": True,
    "soft_time_limit": 1.0,
    "time_limit": 2.0,
    "has_sensitive_variables": False,
    "supports_dryrun": True,
    "task_queues": ["slow"],
    "is_singleton": True,
    "template_name": "t.html",
    "max_retries": None,
    "retry_delay": 10.0,
    "retry_backoff": 1.0,
    "job_model": None,
    "job_result": None,
    "user": None,
    "celery_kwargs": {},
}


def test_every_attribute_is_readable_on_class_and_instance():
    class Full(jobs.Job):
        class Meta:
            name = "Named"
            description = "One.\nTwo."
            dryrun_default = read_only = is_singleton = True
            field_order = ("dryrun",)
            soft_time_limit, time_limit = 1, 2
            has_sensitive_variables = False
            task_queues = ("slow",)
            template_name = "t.html"

        dryrun = jobs.DryRunVar()

    for holder in (Full, Full()):
        assert {name: getattr(holder, name) for name in ATTRIBUTES} == ATTRIBUTES
        assert holder.logger is jobs.get_task_logger(__name__)
        request = holder.request
        assert (request.id, request.args, request.kwargs, request.retries) == (None, (), {}, 0)
        assert holder.properties_dict["name"] == "Named"


@pytest.mark.parametrize(
    "default, sent",
    [
        ("text", '"text"'),
        ("", '""'),
        ('{"a": 1}', r'"{\"a\": 1}"'),
        (5, 5),
        ({"a": "b"}, {"a": "b"}),
    ],
)
def test_a_text_as_the_default_of_a_json_variable_is_a_value(default, sent):
    variable = declared(one=jobs.JSONVar(default=default))["one"]
    assert (variable["has_default"], variable["default"]) == (True, sent)
