"""What a second command on a home did to the jobs of the server that runs there."""

import json
import sqlite3

JOB = """
from windlass import jobs
class Work(jobs.Job):
    def run(self):
        return "done"
jobs.register_jobs(Work)
"""


def states(windlass):
    found = json.loads(windlass.command("jobs", "--json", "list", check=0).stdout)
    return {job["class_path"]: job["installed"] for job in found}


def test_a_local_run_with_another_jobs_root_leaves_the_servers_jobs_installed(windlass, tmp_path):
    windlass.write_job("kept.py", JOB)
    windlass.command("migrate", check=0)
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.py").write_text(JOB)
    windlass.command("--jobs_root", other, "runjob", "--local", "mine.Work", check=0)
    assert states(windlass)["kept.Work"] is True


def test_a_killed_local_run_of_a_file_leaves_no_job_to_a_server(windlass, tmp_path):
    file = tmp_path / "left.py"
    file.write_text(JOB)
    windlass.command("runjob", "--local", file, check=0)
    with sqlite3.connect(windlass.home / "windlass.sqlite3") as database:  # as the kill leaves it
        database.execute("UPDATE job SET installed = 1, enabled = 1")
    database.close()
    windlass.create_superuser()
    refused = windlass.command("runjob", "left.Work", check=2)
    assert "runjob --local" in refused.stderr
    windlass.spawn("start")
    assert states(windlass) == {"left.Work": False}
