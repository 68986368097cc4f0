"""Input variables of every kind, and what run() gets for them."""

from nautobot.apps import jobs

COLOURS = [("red", "Red"), ("Cold", [("blue", "Blue"), (7, "Seven")])]
SITES = {"emea": ["lisbon", "berlin"], "apac": ["tokyo"]}


def seen(value):
    """An input as JSON: a record by its name, a file by name and content."""
    if hasattr(value, "chunks"):
        return [value.name, value.read().decode()]
    if isinstance(value, (type(None), bool, int, str, list, dict)):
        return value
    if hasattr(value, "values_list"):
        return sorted(value.values_list("name", flat=True))
    return getattr(value, "name", None) or str(value)


class Takes(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    def run(self, **inputs):
        return {name: seen(value) for name, value in inputs.items()}


class Required(Takes):
    class Meta(Takes.Meta):
        description = "All kinds, each required"
        field_order = ["upload"]

    string = jobs.StringVar(label="Text", min_length=2, max_length=12, regex="^[a-z ]+$")
    text = jobs.TextVar(description="Many lines")
    integer = jobs.IntegerVar(min_value=0, max_value=10)
    boolean = jobs.BooleanVar()
    choice = jobs.ChoiceVar(choices=COLOURS)
    choices = jobs.MultiChoiceVar(choices=COLOURS)
    queue = jobs.ObjectVar(model="extras.jobqueue", display_field="name", query_params={"name": "default"})
    queues = jobs.MultiObjectVar(model="extras.jobqueue")
    document = jobs.JSONVar()
    address = jobs.IPAddressVar()
    interface = jobs.IPAddressWithMaskVar()
    network = jobs.IPNetworkVar(min_prefix_length=8, max_prefix_length=28)
    upload = jobs.FileVar()


class Optional(Takes):
    string = jobs.StringVar(required=False)
    text = jobs.TextVar(required=False)
    integer = jobs.IntegerVar(required=False)
    boolean = jobs.BooleanVar()
    choice = jobs.ChoiceVar(choices=COLOURS, required=False)
    choices = jobs.MultiChoiceVar(choices=COLOURS, required=False)
    queue = jobs.ObjectVar(model="extras.jobqueue", required=False, null_option="None of them")
    queues = jobs.MultiObjectVar(model="extras.jobqueue", required=False)
    document = jobs.JSONVar(required=False)
    address = jobs.IPAddressVar(required=False)
    interface = jobs.IPAddressWithMaskVar(required=False)
    network = jobs.IPNetworkVar(required=False)
    upload = jobs.FileVar(required=False)


class Defaults(Takes):
    string = jobs.StringVar(default="words")
    integer = jobs.IntegerVar(default=0, min_value=0)
    boolean = jobs.BooleanVar(default=True)
    choice = jobs.ChoiceVar(choices=COLOURS, default="blue")
    choices = jobs.MultiChoiceVar(choices=COLOURS, default=["red", "7"])
    queue = jobs.ObjectVar(model="extras.jobqueue", default="default")
    document = jobs.JSONVar(default={"deep": [1, None]})
    phrase = jobs.JSONVar(default="a text")
    address = jobs.IPAddressVar(default="2001:DB8::0:1")


class Hides(Takes):
    mode = jobs.ChoiceVar(choices=[("a", "A"), ("b", "B"), ("c", "C")])
    express = jobs.BooleanVar(default=False)
    name = jobs.StringVar(visible_if={"mode": ["a", "b"]})
    courier = jobs.StringVar(visible_if={"express": True, "mode": "a"})


class Computes(Takes):
    region = jobs.ChoiceVar(choices=[(name, name.upper()) for name in SITES])
    site = jobs.ChoiceVar(choices="site_choices")

    @classmethod
    def site_choices(cls, form):
        return [(name, name.title()) for name in SITES.get(form.get("region"), ())]


class Seals(Takes):
    token = jobs.StringVar(sensitive=True)
    note = jobs.TextVar()

    def run(self, *, token, note):
        self.logger.info("with %s", token)
        return len(token)


class Rehearses(Takes):
    class Meta(Takes.Meta):
        dryrun_default = True
        read_only = True

    dryrun = jobs.DryRunVar()


class Unregistered(Takes):
    name = jobs.StringVar()


jobs.register_jobs(Required, Optional, Defaults, Hides, Computes, Seals, Rehearses)
