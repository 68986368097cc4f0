"""What a newcomer does first: the seed's job by REST, runjob and runjob --local."""

import json
import shutil
import signal
import subprocess
import uuid

from tests.support.server import BINARY, REPOSITORY, processes_with, read_line, wait_until

EXAMPLE = REPOSITORY / "examples/jobs/my_group.py"


def test_the_seeds_job_runs_by_rest(windlass):
    shutil.copy(EXAMPLE, windlass.jobs / "my_group.py")
    windlass.start()
    job = windlass.wait_for_job("my_group.MyNewJob")
    assert (job["grouping"], job["name"], job["enabled"]) == ("My Group Of Jobs", "My New Job", False)
    refusal = windlass.post(f"/api/extras/jobs/{job['id']}/run/", {"data": {"some_text_input": "x"}}, 403)
    assert refusal["detail"].startswith("This job is not enabled to be run.")
    assert "windlass jobs enable my_group.MyNewJob" in refusal["detail"]

    result = windlass.run("my_group.MyNewJob", {"some_text_input": "hello"})
    assert result["status"] == {"value": "SUCCESS", "label": "SUCCESS"}
    assert result["task_kwargs"] == {}  # sensitive by default
    assert result["source_version"]
    assert windlass.messages(result) == ["Running job", "some_text_input: hello", "Job completed"]
    levels = [(entry["log_level"], entry["grouping"]) for entry in windlass.logs(result)]
    assert levels == [("info", "initialization"), ("info", "run"), ("success", "post_run")]


def test_the_seeds_job_runs_by_runjob(windlass):
    shutil.copy(EXAMPLE, windlass.jobs / "my_group.py")
    windlass.start()
    windlass.wait_for_job("my_group.MyNewJob")
    refused = windlass.command("runjob", "my_group.MyNewJob", check=2)
    assert "windlass jobs enable my_group.MyNewJob" in refused.stderr
    windlass.command("jobs", "enable", "my_group.MyNewJob", check=0)
    done = windlass.command("runjob", "--data", '{"some_text_input": "there"}', "My New Job", check=0)
    assert "some_text_input: there" in done.stdout
    assert "SUCCESS" in done.stdout
    unset = windlass.command("runjob", "my_group.MyNewJob", check=2)
    assert "some_text_input: This field is required." in unset.stderr
    as_json = windlass.command(
        "runjob", "--json", "--data", "@-", "my_group.MyNewJob", input='{"some_text_input": "in"}', check=0
    )
    assert json.loads(as_json.stdout)["status"] == "SUCCESS"


def test_the_seeds_job_runs_locally_without_a_server(windlass):
    shutil.copy(EXAMPLE, windlass.jobs / "my_group.py")
    done = windlass.command(
        "runjob", "--local", "--data", '{"some_text_input": "alone"}', "my_group.MyNewJob", check=0
    )
    assert "some_text_input: alone" in done.stdout
    kept = windlass.command("results", "list", "--json", check=0)
    (record,) = json.loads(kept.stdout)
    assert record["status"] == "SUCCESS"
    assert record["worker"].startswith("local:")


def test_without_a_worker_runjob_says_what_to_start(windlass):
    shutil.copy(EXAMPLE, windlass.jobs / "my_group.py")
    windlass.command("migrate", check=0)
    windlass.create_superuser()
    windlass.command("jobs", "enable", "--all", check=0)
    refused = windlass.command("runjob", "--data", '{"some_text_input": "x"}', "my_group.MyNewJob", check=2)
    assert "windlass start" in refused.stderr
    assert "--local" in refused.stderr


def test_runserver_and_worker_are_two_processes_on_one_home(windlass):
    shutil.copy(EXAMPLE, windlass.jobs / "my_group.py")
    windlass.spawn("runserver")
    windlass.create_superuser()
    windlass.spawn("worker")
    windlass.enable("my_group.MyNewJob")
    result = windlass.wait(windlass.submit("my_group.MyNewJob", {"some_text_input": "two"}))
    assert result["status"]["value"] == "SUCCESS"


def test_a_second_start_on_one_home_is_refused(windlass):
    windlass.start()
    refused = windlass.command("start", check=2)
    assert "Another windlass process serves the home" in refused.stderr


def test_a_file_anywhere_runs_locally_by_its_path(windlass, tmp_path):
    windlass.write_job("kept.py", EXAMPLE.read_text().replace("MyNewJob", "Kept"))
    windlass.command("migrate", check=0)
    file = tmp_path / "elsewhere.py"
    file.write_text(EXAMPLE.read_text())
    (tmp_path / "broken.py").write_text("import nothing_of_this_name\n")
    done = windlass.command("runjob", "--local", "--data", '{"some_text_input": "x"}', file, check=0)
    assert "some_text_input: x" in done.stdout
    states = {
        job["class_path"]: job["installed"]
        for job in json.loads(windlass.command("jobs", "--json", "list", check=0).stdout)
    }
    assert states == {"kept.Kept": True, "elsewhere.MyNewJob": False}


def test_ctrl_c_stops_a_local_run_with_all_it_started(windlass):
    mark = "mark" + uuid.uuid4().hex
    windlass.write_job(
        "endless.py",
        f"""
        import subprocess, sys, time
        from windlass import jobs
        class Endless(jobs.Job):
            def run(self):
                subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)  # {mark}"], start_new_session=True)
                print("spawned")
                time.sleep(600)
        jobs.register_jobs(Endless)
        """,
    )
    process = subprocess.Popen(
        [str(BINARY), "runjob", "--local", "--json", "endless.Endless"],
        env=windlass.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: processes_with(mark), 20, "the spawned process")
    process.send_signal(signal.SIGINT)
    line = read_line(process.stdout, 30, "{")
    assert json.loads(line)["status"] == "REVOKED"
    assert process.wait(20) == 1
    process.stdout.close()
    assert processes_with(mark) == []
