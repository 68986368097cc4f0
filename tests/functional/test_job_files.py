"""What authors do at the command line before anybody runs a job: a starter file, and a check."""

import json
import re
import shutil
import signal
import subprocess

from tests.support.server import BINARY, REPOSITORY, processes_with, wait_until

EXAMPLES = REPOSITORY / "examples/jobs"


def check(windlass, *arguments, status):
    return windlass.command("jobs", "check", *arguments, check=status)


def test_a_new_job_runs_as_it_is(windlass):
    made = windlass.command("jobs", "new", "Weekly report", check=0)
    file = windlass.jobs / "weekly_report.py"
    assert made.stdout.startswith(f"Wrote {file}\n")
    for command in (
        "windlass runjob --local weekly_report.WeeklyReport",
        "windlass jobs check",
        "windlass jobs enable",
    ):
        assert command in made.stdout
    check(windlass, file, status=0)

    windlass.start()
    job = windlass.wait_for_job("weekly_report.WeeklyReport")
    assert (job["name"], job["grouping"]) == ("Weekly Report", "My Jobs")
    result = windlass.run("weekly_report.WeeklyReport", {"times": 2})
    assert result["status"]["value"] == "SUCCESS"
    assert result["result"] == {"greeting": "Hello", "times": 2}
    assert result["progress"]["done"] == 2
    assert "Greeting 2 times" in windlass.messages(result)
    assert windlass.console(result) == ["Hello, number 1", "Hello, number 2"]


def test_a_new_job_runs_with_no_server(windlass):
    windlass.command("jobs", "new", "my-job", check=0)
    done = windlass.command("runjob", "--local", "--json", "my_job.MyJob", check=0)
    assert json.loads(done.stdout)["result"] == {"greeting": "Hello", "times": 3}


def test_a_new_job_in_cpp_runs_as_it_is(windlass):
    made = windlass.command("jobs", "new", "--cpp", "Weekly report", check=0)
    file = windlass.jobs / "weekly_report.cpp"
    assert made.stdout.startswith(f"Wrote {file}\n")
    for command in (
        "windlass runjob --local weekly_report.WeeklyReport",
        f"windlass jobs check {file}",
        "windlass jobs enable weekly_report.WeeklyReport",
    ):
        assert command in made.stdout.replace(f"{BINARY}", "windlass"), made.stdout
    done = windlass.command("runjob", "--local", "--json", "weekly_report.WeeklyReport", check=0)
    assert json.loads(done.stdout)["result"] == {"greeting": "Hello", "times": 3}

    windlass.start()
    job = windlass.wait_for_job("weekly_report.WeeklyReport", timeout=60)
    assert (job["name"], job["grouping"]) == ("Weekly Report", "My Jobs")
    result = windlass.run("weekly_report.WeeklyReport", {"times": 2})
    assert result["status"]["value"] == "SUCCESS"
    assert result["result"] == {"greeting": "Hello", "times": 2}
    assert "Greeting 2 times" in windlass.messages(result)
    assert windlass.console(result) == ["Hello, number 1", "Hello, number 2"]


def test_a_new_job_in_cpp_takes_no_place_that_is_taken(windlass):
    kept = windlass.write_job("mine.py", "kept = True\n")
    native = windlass.write_job("fast.cpp", "// kept\n")
    for name, why in (
        ("Mine", "mine.py is there already"),
        ("fast", "fast.cpp is there already"),
        ("1st", "cannot name a job"),
        ("a.b", "cannot name a job"),
        ("Job", "cannot be compiled and loaded: "),
        ("string var", "cannot be compiled and loaded: "),
    ):
        refused = windlass.command("jobs", "new", "--cpp", name, check=2)
        assert why in refused.stderr, (name, refused.stderr)
    refused = windlass.command("jobs", "new", "Fast", check=2)
    assert "fast.cpp is there already" in refused.stderr
    refused = windlass.command("--compiler", "no-such-compiler", "jobs", "new", "--cpp", "other", check=2)
    assert "there is no compiler no-such-compiler" in refused.stderr
    assert (kept.read_text(), native.read_text()) == ("kept = True\n", "// kept\n")
    assert sorted(entry.name for entry in windlass.jobs.iterdir()) == ["fast.cpp", "mine.py"]


def test_a_new_job_takes_no_place_that_is_taken(windlass):
    kept = windlass.write_job("mine.py", "kept = True\n")
    (windlass.jobs / "group").mkdir()
    for name, why in (
        ("Mine", "is there already"),
        ("group", "is there already"),
        ("json", "is taken by the module"),
        ("yaml", "is taken by the module"),
        ("../outside", "cannot name a job"),
        ("", "cannot name a job"),
        ("1st", "cannot name a job"),
        ("a.b", "cannot name a job"),
        ("grün", "cannot name a job"),
        ("x" * 101, "cannot name a job"),
    ):
        refused = windlass.command("jobs", "new", name, check=2)
        assert why in refused.stderr, (name, refused.stderr)
    assert kept.read_text() == "kept = True\n"
    assert sorted(entry.name for entry in windlass.jobs.iterdir()) == ["group", "mine.py"]


def test_a_check_that_finds_nothing(windlass, tmp_path):
    nowhere = tmp_path / "no-home"
    done = windlass.command("--home", nowhere, "jobs", "check", EXAMPLES, check=0)
    assert done.stdout == ""
    assert re.fullmatch(r"Checked \d+ modules with \d+ jobs: nothing found\.\n", done.stderr)
    assert not nowhere.exists()
    one = check(windlass, EXAMPLES / "my_group.py", status=0)
    assert one.stderr == "Checked 1 module with 1 job: nothing found.\n"
    assert list(windlass.home.iterdir()) == [windlass.jobs]


def test_a_check_tells_file_line_code_and_traceback(windlass, tmp_path):
    folder = tmp_path / "jobs"
    folder.mkdir()
    (folder / "broken.py").write_text("import sys\n\nimport nothing_of_this_name\n")
    (folder / "misspelt.py").write_text(
        (EXAMPLES / "my_group.py").read_text().replace("        name = ", "        nmae = ")
    )
    done = check(windlass, folder, status=1)
    lines = done.stdout.splitlines()
    message = "import.failed: ModuleNotFoundError: No module named 'nothing_of_this_name'"
    assert lines[0] == f"{folder}/broken.py:3: {message}"
    assert lines[1] == "    Traceback (most recent call last):"
    assert re.fullmatch(rf"{folder}/misspelt\.py:\d+: meta\.unknown: .*nmae.*", lines[-1])
    assert "2 to look at" in done.stderr

    report = json.loads(check(windlass, "--json", folder, status=1).stdout)
    assert (report["modules"], report["jobs"]) == (2, 1)
    broken, misspelt = report["findings"]
    assert (broken["file"], broken["line"], broken["code"]) == (str(folder / "broken.py"), 3, "import.failed")
    assert "nothing_of_this_name" in broken["traceback"]
    assert (misspelt["class_path"], misspelt["traceback"]) == ("misspelt.MyNewJob", "")


def test_a_check_of_one_file_is_about_that_file(windlass, tmp_path):
    (tmp_path / "broken.py").write_text("1 / 0\n")
    shutil.copy(EXAMPLES / "my_group.py", tmp_path / "fine.py")
    check(windlass, tmp_path / "fine.py", status=0)
    package = tmp_path / "group"
    package.mkdir()
    (package / "__init__.py").write_text("from . import inner\n")
    (package / "inner.py").write_text("from . import nothing\n")
    for path in (package, package / "inner.py"):
        done = check(windlass, path, status=1)
        assert done.stdout.startswith(f"{package}/inner.py:1: import.failed: ImportError: ")
        assert "1 to look at" in done.stderr


def test_a_check_of_a_repository_imports_its_jobs(windlass, tmp_path):
    clone = tmp_path / "addresses"
    shutil.copytree(REPOSITORY / "examples/git", clone)
    (tmp_path / "beside.py").write_text("1 / 0\n")
    for part in (clone, clone / "jobs", clone / "jobs" / "overlaps.py", clone / "networks.py"):
        done = check(windlass, part, status=0)
        assert done.stderr == "Checked 1 module with 1 job: nothing found.\n"
    (clone / "jobs" / "forgotten.py").write_text(
        "from nautobot.apps.jobs import Job\n\n\nclass Forgotten(Job):\n    pass\n"
    )
    (clone / "tests.py").write_text("import nautobot.core.testing\n")
    done = check(windlass, clone, status=1)
    assert done.stdout.startswith(f"{clone}/jobs/forgotten.py:4: class.unregistered: Forgotten is")
    assert len(done.stdout.splitlines()) == 1


def test_a_check_survives_hostile_files(windlass, tmp_path):
    (tmp_path / "quits.py").write_text("import os\nos._exit(3)\n")
    (tmp_path / "json.py").write_text("")
    (tmp_path / "not-a-name.py").write_text("")
    (tmp_path / "loops.py").write_text("while True: pass\n")
    done = windlass.command("--import-timeout", "1", "jobs", "check", "--json", tmp_path, check=1)
    found = {
        (finding["file"].rpartition("/")[2], finding["code"]): finding["message"]
        for finding in json.loads(done.stdout)["findings"]
    }
    assert "exit status 3" in found["quits.py", "import.failed"]
    assert "longer than 1 seconds" in found["loops.py", "import.failed"]
    assert "The name json is taken" in found["json.py", "import.failed"]
    assert any(
        "not-a-name.py" in message for (_, code), message in found.items() if code == "source.left_out"
    )


def test_what_cannot_be_checked_is_refused(windlass, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.txt").write_text("")
    (tmp_path / "not-a-name.py").write_text("")
    for path, why in (
        (tmp_path / "missing", "cannot be found"),
        (tmp_path / "empty", "holds no Python or C++ file"),
        (tmp_path / "text.txt", "is no Python or C++ file"),
        (tmp_path / "not-a-name.py", "cannot be imported"),
    ):
        assert why in check(windlass, path, status=2).stderr
    done = windlass.command("--python", "/no/such/python", "jobs", "check", EXAMPLES, check=2)
    assert "/no/such/python" in done.stderr


def test_a_job_is_shown_with_every_rule(windlass):
    shutil.copy(EXAMPLES / "forms.py", windlass.jobs / "forms.py")
    windlass.command("migrate", check=0)
    shown = windlass.command("jobs", "show", "forms.OrderCable", check=0).stdout
    assert re.search(r"^  NAME +TYPE +REQUIRED +DEFAULT +RULES$", shown, re.MULTILINE)
    assert re.search(r"^  metres +IntegerVar +yes +2 +min_value 1, max_value 50$", shown, re.MULTILINE)
    assert re.search(
        r"^  size +ChoiceVar +yes +\"m\" +one of s \(Small\), m \(Medium\), l \(Large\)$", shown, re.MULTILINE
    )
    assert "      Label: Two letters and four digits\n" in shown


def test_files_of_a_run_are_looked_at_before_anything_runs(windlass, tmp_path):
    shutil.copy(EXAMPLES / "my_group.py", windlass.jobs / "my_group.py")
    large = tmp_path / "large"
    large.write_bytes(b"x" * 2000)
    for local in ((), ("--local",)):
        refused = windlass.command(
            "--request-body-limit", "1024", "runjob", *local,
            "--file", f"a={large}", "--file", f"b={tmp_path}", "--file", "c=/no/such/file", "--file", "d",
            "my_group.MyNewJob", check=2,
        )  # fmt: skip
        assert "a: " + str(large) + " is too large" in refused.stderr
        assert "setting request_body_limit" in refused.stderr
        assert f"b: {tmp_path} is not a file." in refused.stderr
        assert "c: /no/such/file cannot be found." in refused.stderr
        assert '"d" is not NAME=PATH' in refused.stderr
    listed = windlass.command("results", "list", "--json", check=0)
    assert json.loads(listed.stdout) == []


def test_the_log_of_one_attempt(windlass):
    shutil.copy(EXAMPLES / "my_group.py", windlass.jobs / "my_group.py")
    inputs = '{"some_text_input": "once"}'
    done = windlass.command("runjob", "--local", "--json", "--data", inputs, "my_group.MyNewJob", check=0)
    result = json.loads(done.stdout)["id"]
    first = windlass.command("results", "logs", "--attempt", "1", result, check=0)
    assert "some_text_input: once" in first.stdout
    assert windlass.command("results", "logs", "--attempt", "2", result, check=0).stdout == ""
    windlass.command("results", "logs", "--attempt", "0", result, check=2)


def test_ctrl_c_ends_a_check_and_leaves_nothing(windlass, tmp_path):
    folder, temporary, mark = tmp_path / "jobs", tmp_path / "temporary", tmp_path / "mark"
    folder.mkdir()
    temporary.mkdir()
    (folder / "loops.py").write_text(f"open({str(mark)!r}, 'w').close()\nwhile True: pass\n")
    process = subprocess.Popen(
        [str(BINARY), "jobs", "check", str(folder)],
        env={**windlass.environment, "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
    )
    wait_until(mark.exists, 20, "the import")
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 2
    assert b"stopped" in stderr
    assert list(temporary.iterdir()) == []
    assert processes_with(str(temporary)) == []


def test_uploads_are_looked_at_before_anything_runs(windlass):
    windlass.environment["WINDLASS_REQUEST_BODY_LIMIT"] = "4096"
    shutil.copy(EXAMPLES / "my_group.py", windlass.jobs / "my_group.py")
    windlass.start()
    windlass.enable("my_group.MyNewJob")
    path = "/api/extras/jobs/my_group.MyNewJob/run/"
    fields = {"some_text_input": "x", "_job_queue": "default"}
    twice = [("hosts", ("a.csv", b"1")), ("hosts", ("b.csv", b"2"))]
    refused = windlass.request("POST", path, data=fields, files=twice)
    assert (refused.status_code, refused.json()) == (400, {"errors": {"hosts": ["Send one file."]}})
    many = [(f"f{i}", (f"{i}.csv", b"1")) for i in range(17)]
    refused = windlass.request("POST", path, data=fields, files=many)
    assert (refused.status_code, refused.json()["code"]) == (400, "file.too_many")
    refused = windlass.request("POST", path, data=fields, files={"hosts": ("a.csv", b"x" * 5000)})
    assert refused.status_code == 413
    assert "setting request_body_limit" in refused.text
    assert windlass.get("/api/extras/job-results/")["count"] == 0


def test_markdown_comes_as_html_on_request(windlass):
    windlass.write_job(
        "says.py",
        """
        from windlass import jobs
        class Says(jobs.Job):
            class Meta:
                description = "Says *it*."
            def run(self):
                self.logger.info("**it** [x](javascript:alert(1)) <script>")
        jobs.register_jobs(Says)
        """,
    )
    windlass.start()
    result = windlass.run("says.Says")
    html = "<p><strong>it</strong> x &lt;script&gt;</p>\n"
    logs = windlass.get(f"/api/extras/job-results/{result['id']}/logs/?render=html")
    assert logs[1]["message_html"] == html
    job = windlass.get("/api/extras/jobs/says.Says/?render=html")
    assert job["description_html"] == "<p>Says <em>it</em>.</p>\n"
    stream = windlass.request("GET", f"/api/extras/job-results/{result['id']}/events/?render=html")
    assert json.dumps(html) in stream.text
