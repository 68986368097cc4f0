"""A good value for a variable of each kind, and how a form sends values."""

import json

GOOD = {
    "string": "  some words ",
    "text": "line\nline",
    "integer": "5",
    "boolean": "true",
    "choice": 7,
    "choices": ["red", "blue"],
    "queue": "default",
    "queues": ["default"],
    "document": {"a": [1, None]},
    "address": "2001:DB8:0:0::1",
    "interface": "192.0.2.1/24",
    "network": "192.0.2.0/24",
}


def multipart(data, files):
    """A run's form: a list is its field several times."""
    fields = []
    for name, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            fields.append((name, json.dumps(one) if isinstance(one, dict) else str(one)))
    return {"data": fields, "files": files}
