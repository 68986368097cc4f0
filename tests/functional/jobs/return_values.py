"""Any JSON, and what the original's encoder takes; anything else is a failure that names type and path."""

import datetime
import decimal
import uuid

from nautobot.apps import jobs

VALUES = {
    "null": None,
    "nested": {"list": [1, 2.5, True, None, "text"]},
    "set": {1},
    "tuple": (1, (2,)),
    "datetime": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
    "date": datetime.date(2026, 1, 2),
    "time": datetime.time(3, 4),
    "timedelta": datetime.timedelta(minutes=1),
    "decimal": decimal.Decimal("1.50"),
    "uuid": uuid.UUID(int=5),
    "bytes": b"bytes",
    "exception": ValueError("as text"),
    "object": {"deep": [object()]},
    "nan": float("nan"),
}


class Returns(jobs.Job):
    class Meta:
        has_sensitive_variables = False

    which = jobs.ChoiceVar(choices=[(name, name) for name in VALUES] + [("user", "user")])

    def run(self, *, which):
        return self.user if which == "user" else VALUES[which]


jobs.register_jobs(Returns)
