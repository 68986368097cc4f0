"""How the measurements ask: a client that costs little, and medians."""

import http.client
import json
import pathlib
import statistics
import sys
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from tests.support.server import TOKEN  # noqa: E402


def median(measure, rounds):
    return statistics.median(measure() for _ in range(rounds))


def seconds(text):
    """Seconds since 1970 of an answered time."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    return (
        time.mktime(time.strptime(whole, "%Y-%m-%dT%H:%M:%S"))
        - time.timezone
        + float("0." + (fraction or "0"))
    )


class Client:
    """A raw keep-alive client: the requests library costs more than the server does."""

    def __init__(self, url):
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)

    def post(self, path, body, status, **headers):
        """Posts JSON text and returns what was answered; headers beside the token and the type."""
        sent = {"Authorization": "Token " + TOKEN, "Content-Type": "application/json"}
        sent.update((name.replace("_", "-"), value) for name, value in headers.items())
        self.connection.request("POST", path, body, sent)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status == status, text
        return json.loads(text)

    def submit(self, class_path, data="{}"):
        """Queues a run and returns the id of its result."""
        path = f"/api/extras/jobs/{class_path}/run/"
        return self.post(path, '{"data": %s}' % data, 201)["job_result"]["id"]
