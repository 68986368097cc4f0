"""What a job knows of its run, reads and asks."""

from tests.support.server import wait_until


def test_a_job_knows_its_run(sdk):
    done = sdk.run("asks.Knows", {"address": "192.0.2.1"})
    names = {"It knows", "It knows (2)"}  # the server tells two jobs of one name apart
    assert done["result"].pop("job") in names
    assert done["result"] == {
        "task": done["id"],
        "attempt": 1,
        "queue": "default",
        "user": "admin",
        "path": sdk.path("asks.Knows"),
        "inputs": {"word": "a word", "address": "192.0.2.1"},
    }


def test_a_job_reads_json_beside_its_source_and_its_edits_are_in_force(sdk):
    assert sdk.value("asks.Reads") == 90
    file = sdk.windlass.write_job(f"{sdk.language}_only.json", '{"disk": 1}')
    before = sdk.job("asks.Reads")["installed"] and sdk.value("asks.Knows")["attempt"]
    assert before == 1
    wait_until(lambda: sdk.run("asks.Reads", {"file": file.name})["result"] == 1, 20, "it is there")
    sdk.windlass.write_job(file.name, '{"disk": 2}')
    wait_until(lambda: sdk.run("asks.Reads", {"file": file.name})["result"] == 2, 20, "it is edited")
    missing = sdk.run("asks.Reads", {"file": "nowhere.json"})
    assert missing["status"]["value"] == "FAILURE" and "nowhere.json" in missing["traceback"]


def test_a_job_asks_the_server(sdk):
    assert sdk.value("asks.Asks") == {
        "count": 1,
        "exists": False,
        "name": "default",
        "status": "STARTED",
        "user": "admin",
        "who": "admin",
        "wrong": "refused",
    }
    assert sdk.value("asks.Validates") == ["trimmed", "192.0.2.1", ["address"]]
