"""Measures a Git repository of 100 jobs in 20 modules: a sync that finds nothing new, and a push until it is in force."""

import hashlib
import hmac
import json
import statistics
import time

from client import Client, seconds

from tests.support.remote import Remote
from tests.support.server import Windlass

PATH = "/api/extras/git-repositories/"
SECRET = "of the benchmark"
MODULES, CLASSES = 20, 5
CLASS = """
class Job{number}(Job):
    class Meta:
        description = "Number {number} of many"
        has_sensitive_variables = False
    device = StringVar(max_length=80, required=False)
    port = IntegerVar(min_value=1, max_value=65535, default=22)

    def run(self, *, device, port):
        return {answer}

"""
#: The job whose answer the pushes change, and its file.
CHANGED, CHANGED_FILE = "net.jobs.module_0.Job0", "jobs/module_0.py"


def module(number, answer):
    """Text of a module with five jobs that return the answer."""
    numbers = range(number * CLASSES, (number + 1) * CLASSES)
    return (
        "from nautobot.apps.jobs import IntegerVar, Job, StringVar, register_jobs\n"
        + "\n".join(CLASS.format(number=each, answer=answer) for each in numbers)
        + f"\nregister_jobs({', '.join(f'Job{each}' for each in numbers)})\n"
    )


class Repository:
    """`windlass start` on a new home, with the repository synced once."""

    def __init__(self, folder):
        self.remote = Remote(folder / "remote")
        files = {f"jobs/module_{number}.py": module(number, 0) for number in range(MODULES)}
        files["jobs/__init__.py"] = "from . import " + ", ".join(f"module_{n}" for n in range(MODULES))
        self.remote.commit({"__init__.py": "", **files})
        self.windlass = Windlass(folder / "home", git_file_roots=self.remote.folder)
        self.windlass.start()
        self.windlass.wait_for_job("nautobot.core.jobs.GitRepositorySync")
        added = {"name": "net", "remote_url": self.remote.url, "webhook_secret": SECRET}
        self.windlass.post(PATH, added)
        self.client = Client(self.windlass.url)
        assert self.sync()["result"]["jobs"] == MODULES * CLASSES
        self.windlass.run(CHANGED)

    def sync(self):
        queued = self.client.post(PATH + "net/sync/", "{}", 200)["job_result"]
        done = self.windlass.wait(queued)
        assert done["status"]["value"] == "SUCCESS", done
        return done

    def sync_of_nothing(self):
        """Seconds from the start of such a run to its end, and from the request to having seen the end."""
        begin = time.perf_counter()
        done = self.sync()
        whole = time.perf_counter() - begin
        assert done["result"]["changed"] is False, done
        return seconds(done["date_done"]) - seconds(done["date_started"]), whole

    def push(self, answer):
        """Seconds from the announcement of a commit until a run of its job has returned the new answer."""
        commit = self.remote.commit({CHANGED_FILE: module(0, answer)})
        body = json.dumps({"ref": "refs/heads/main", "after": commit})
        signature = hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
        begin = time.perf_counter()
        self.client.post(PATH + "net/webhook/", body, 202, X_Hub_Signature_256="sha256=" + signature)
        while self.windlass.wait({"id": self.client.submit(CHANGED)})["result"] != answer:
            pass
        return time.perf_counter() - begin

    def close(self):
        self.windlass.close()


def measure(folder, rounds):
    """Medians: figures by name, in seconds."""
    repository = Repository(folder)
    within, whole = zip(*(repository.sync_of_nothing() for _ in range(rounds)))
    pushes = [repository.push(number + 1) for number in range(rounds)]
    repository.close()
    return {
        "sync_of_nothing": statistics.median(within),
        "sync_of_nothing_asked": statistics.median(whole),
        "push": statistics.median(pushes),
    }
