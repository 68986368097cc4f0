"""What run() receives for each kind of variable."""

from nautobot.apps.jobs import (
    BooleanVar,
    ChoiceVar,
    FileVar,
    IntegerVar,
    IPAddressVar,
    IPAddressWithMaskVar,
    IPNetworkVar,
    Job,
    JSONVar,
    MultiChoiceVar,
    MultiObjectVar,
    ObjectVar,
    StringVar,
    TextVar,
    register_jobs,
)
from nautobot.extras.models import JobQueue

COLOURS = (("red", "Red"), ("blue", "Blue"), ("7", "Seven"))


def described(value):
    if hasattr(value, "values_list"):
        return ["collection", sorted(value.values_list("name", flat=True)), value.count()]
    if hasattr(value, "read"):
        return ["file", value.name, value.read().decode()]
    if isinstance(value, (type(None), bool, int, str, list, dict)):
        return [type(value).__name__, value]
    return ["%s.%s" % (type(value).__module__.partition(".")[0], type(value).__name__), str(value)]


class Declares(Job):
    class Meta:
        has_sensitive_variables = False

    def run(self, **inputs):
        return {name: described(value) for name, value in inputs.items()}


class Required(Declares):
    string = StringVar(min_length=2, max_length=12, regex=r"^[a-z ]+$")
    text = TextVar()
    integer = IntegerVar(min_value=0, max_value=10)
    boolean = BooleanVar()
    choice = ChoiceVar(choices=COLOURS)
    choices = MultiChoiceVar(choices=COLOURS)
    queue = ObjectVar(model=JobQueue)
    queues = MultiObjectVar(model=JobQueue)
    document = JSONVar()
    address = IPAddressVar()
    interface = IPAddressWithMaskVar()
    network = IPNetworkVar(min_prefix_length=8, max_prefix_length=28)
    upload = FileVar()


class Optional(Declares):
    string = StringVar(required=False)
    text = TextVar(required=False)
    integer = IntegerVar(required=False)
    boolean = BooleanVar()
    choice = ChoiceVar(choices=COLOURS, required=False)
    choices = MultiChoiceVar(choices=COLOURS, required=False)
    queue = ObjectVar(model=JobQueue, required=False)
    queues = MultiObjectVar(model=JobQueue, required=False)
    document = JSONVar(required=False)
    address = IPAddressVar(required=False)
    interface = IPAddressWithMaskVar(required=False)
    network = IPNetworkVar(required=False)
    upload = FileVar(required=False)


class Defaults(Declares):
    string = StringVar(default="words")
    integer = IntegerVar(default=0, min_value=0)
    boolean = BooleanVar(default=True)
    choice = ChoiceVar(choices=COLOURS, default="blue")
    choices = MultiChoiceVar(choices=COLOURS, default=["red", "7"])
    document = JSONVar(default={"deep": [1, None]})
    address = IPAddressVar(default="2001:DB8::0:1")


register_jobs(Required, Optional, Defaults)
