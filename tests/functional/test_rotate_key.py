"""A new key while everything runs: what waits sealed can still be opened, and what comes later is sealed with the new key."""

from tests.support.server import wait_until

JOBS = """
import pathlib, time
from windlass import jobs

class Gate(jobs.Job):
    class Meta:
        has_sensitive_variables = False
    path = jobs.StringVar()
    def run(self, path):
        deadline = time.monotonic() + 60
        while not pathlib.Path(path).exists() and time.monotonic() < deadline:
            time.sleep(0.02)

class Secret(jobs.Job):
    pin = jobs.StringVar()
    def run(self, pin):
        return pin[::-1]

jobs.register_jobs(Gate, Secret)
"""


def keys_of(windlass):
    return (windlass.home / "secret.key").read_text().split()


def test_runs_that_wait_sealed_outlive_two_rotations(windlass, tmp_path):
    windlass.write_job("waiting.py", JOBS)
    windlass.start("--workers", "1")
    windlass.enable("waiting.Gate")
    windlass.enable("waiting.Secret")
    gate = tmp_path / "gate"
    holder = windlass.submit("waiting.Gate", {"path": str(gate)})
    wait_until(lambda: windlass.result(holder)["status"]["value"] == "STARTED", 30, "the only worker is busy")
    first = keys_of(windlass)
    before = windlass.submit("waiting.Secret", {"pin": "before"})
    for rotation in range(2):
        done = windlass.command("rotate-key", check=0)
        assert f"values sealed anew: {1 + rotation}" in done.stdout
        windlass.submit("waiting.Secret", {"pin": "between"})
    after = windlass.submit("waiting.Secret", {"pin": "after"})
    assert len(keys_of(windlass)) == 2 and not set(first) & set(keys_of(windlass))
    assert (windlass.home / "secret.key").stat().st_mode & 0o777 == 0o600
    gate.touch()
    for result, answer in ((before, "erofeb"), (after, "retfa")):
        ended = windlass.wait(result)
        assert (ended["status"]["value"], ended["result"]) == ("SUCCESS", answer)


def test_patterns_that_cannot_be_used_are_refused_at_start(windlass):
    refused = windlass.command("migrate", environment={"WINDLASS_SANITISER_PATTERNS": "fine\n(broken"})
    assert refused.returncode == 2
    assert '"(broken"' in refused.stderr and '"fine"' not in refused.stderr
