"""The client that existing scripts use, unchanged: lists jobs, runs them with inputs and a file, waits, reads the logs."""

import pynautobot
import pytest

from tests.support.server import TOKEN


@pytest.fixture
def client(authoring):
    return pynautobot.api(authoring.url, token=TOKEN)


def test_lists_jobs_and_finds_one(client, authoring):
    everything = client.extras.jobs.all()
    assert len(everything) == client.extras.jobs.count()
    job = client.extras.jobs.get(class_path="grouped_choices.Grouped")
    assert (job.name, job.grouping, job.enabled) == ("Grouped", "grouped_choices", True)
    assert [one.id for one in client.extras.jobs.filter(module_name="singleton")] == [
        authoring.job("singleton.Single")["id"]
    ]


def test_runs_a_job_waits_for_it_and_reads_its_logs(client):
    answer = client.extras.jobs.run_and_wait(
        job_name="Grouped", data={"colour": "red"}, interval=0, max_rechecks=100_000
    )
    result = answer.job_result
    assert (str(result.status), result.result) == ("SUCCESS", "red")
    entries = client.extras.job_logs.filter(job_result=result.id)
    assert [entry.message for entry in entries] == ["Running job", "Job completed"]
    assert client.extras.job_results.get(result.id).task_kwargs == {"colour": "red"}


def test_refusals_are_its_own_exception(client):
    with pytest.raises(pynautobot.RequestError) as refused:
        client.extras.jobs.run(job_name="Grouped", data={"colour": "green", "more": 1})
    assert refused.value.req.status_code == 400
    assert set(refused.value.req.json()["errors"]) == {"colour", "more"}


def test_runs_a_job_with_a_file(client):
    job = client.extras.jobs.get(class_path="upload.Upload")
    answer = client.http_session.post(
        f"{client.base_url}/extras/jobs/{job.id}/run/",
        headers={"Authorization": f"Token {TOKEN}"},
        data={"_job_queue": "default"},
        files={"table": ("hosts.csv", b"a\nb\nc\n")},
    )
    assert answer.status_code == 201, answer.text
    result = client.extras.job_results.get(answer.json()["job_result"]["id"])
    while str(result.status) in ("PENDING", "STARTED"):
        result.full_details()
    assert result.result["lines"] == ["a", "b", "c"]


def test_changes_and_deletes(client):
    job = client.extras.jobs.get(class_path="plain_attributes.Plain")
    assert job.update({"hidden": True})
    assert client.extras.jobs.get(job.id).hidden is True
    assert job.update({"hidden_override": False})
    answer = client.extras.jobs.run_and_wait(job_id=job.id, data={}, interval=0, max_rechecks=100_000)
    assert client.extras.job_results.get(answer.job_result.id).delete()
