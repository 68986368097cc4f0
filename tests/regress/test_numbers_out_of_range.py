"""A number beyond the range of floating point was stored as Infinity, and no list or worker could read the database again."""

JOB = """
from windlass import jobs

class Keeps(jobs.Job):
    class Meta:
        has_sensitive_variables = False
    document = jobs.JSONVar()

    def run(self, *, document):
        return document

jobs.register_jobs(Keeps)
"""


def test_it_is_refused_and_everything_goes_on(windlass):
    windlass.write_job("keeps.py", JOB)
    windlass.start()
    windlass.enable("keeps.Keeps")
    path = "/api/extras/jobs/keeps.Keeps/run/"
    headers = {"Content-Type": "application/json"}
    answer = windlass.request("POST", path, data='{"data": {"document": [1e400]}}', headers=headers)
    assert answer.status_code == 400, answer.text
    answer = windlass.request("POST", path, data='{"data": {"document": "[1e400]"}}', headers=headers)
    assert answer.json()["errors"] == {"document": ["Enter a valid JSON."]}
    assert windlass.run("keeps.Keeps", {"document": [1e300]})["result"] == [1e300]
    assert windlass.get("/api/extras/job-results/")["count"] == 1
