"""An edited, added, removed, broken or mended file counts for the next run, with no restart."""

import os
import time

SOURCE = """
from windlass import jobs
class Version(jobs.Job):
    class Meta:
        description = "number {number}"
    def run(self):
        return {number}
jobs.register_jobs(Version)
"""


def write(windlass, number, name="version.py"):
    return windlass.write_job(name, SOURCE.format(number=number))


def test_an_edit_is_what_the_next_run_executes(windlass):
    write(windlass, 1)
    windlass.start()
    first = windlass.run("version.Version")
    assert first["result"] == 1
    write(windlass, 2)
    windlass.wait_for_job("version.Version", timeout=5, description="number 2")
    second = windlass.wait(windlass.submit("version.Version"))
    assert second["result"] == 2
    assert second["source_version"] != first["source_version"]


def test_a_run_claimed_after_a_change_was_seen_runs_the_new_code(windlass):
    write(windlass, 0)
    windlass.start()
    windlass.run("version.Version")
    for number in range(1, 6):
        write(windlass, number)
        windlass.wait_for_job("version.Version", timeout=5, description=f"number {number}")
        assert windlass.wait(windlass.submit("version.Version"))["result"] == number


def test_two_saves_of_equal_size_within_a_second_both_take_effect(windlass):
    path = write(windlass, 3)
    windlass.start()
    windlass.run("version.Version")
    stamp = time.time()
    for number in (4, 5):
        path.write_text(SOURCE.format(number=number))
        os.utime(path, (stamp, stamp))
        windlass.wait_for_job("version.Version", timeout=5, description=f"number {number}")
        assert windlass.wait(windlass.submit("version.Version"))["result"] == number


def test_added_and_removed_files(windlass):
    windlass.start()
    path = write(windlass, 1)
    windlass.wait_for_job("version.Version", installed=True, enabled=False)
    windlass.enable("version.Version")
    path.unlink()
    windlass.wait_for_job("version.Version", installed=False)
    refused = windlass.post("/api/extras/jobs/version.Version/run/", {"data": {}}, 403)
    assert "install" in refused["detail"]
    write(windlass, 1)
    windlass.wait_for_job("version.Version", installed=True, enabled=True)
    assert windlass.wait(windlass.submit("version.Version"))["result"] == 1


def test_a_broken_file_keeps_its_last_good_version_serving(windlass):
    path = write(windlass, 1)
    windlass.write_job("other.py", SOURCE.format(number=7).replace("Version", "Other"))
    windlass.start()
    windlass.run("version.Version")
    path.write_text("import nothing_of_this_name\n")
    job = windlass.wait_for_job("version.Version", installed=True)

    def broken():
        record = windlass.job("version.Version")
        return record if "nothing_of_this_name" in record["import_error"] else None

    from tests.support.server import wait_until

    job = wait_until(broken, 5, "the import error on the record")
    assert str(path) in job["import_error"]
    assert windlass.wait(windlass.submit("version.Version"))["result"] == 1
    assert windlass.run("other.Other")["result"] == 7
    write(windlass, 2)
    windlass.wait_for_job("version.Version", timeout=5, description="number 2", import_error="")
    assert windlass.wait(windlass.submit("version.Version"))["result"] == 2


def test_last_good_survives_a_restart(windlass):
    path = write(windlass, 1)
    process = windlass.start()
    windlass.run("version.Version")
    assert windlass.stop(process) == 0
    path.write_text("def broken(:\n")
    windlass.spawn("start")
    assert windlass.wait(windlass.submit("version.Version"))["result"] == 1
    assert "SyntaxError" in windlass.job("version.Version")["import_error"]


def test_a_file_seen_half_written_never_makes_a_job_vanish(windlass):
    path = write(windlass, 1)
    windlass.start()
    windlass.run("version.Version")
    text = SOURCE.format(number=2)
    with path.open("w") as file:
        for at in range(0, len(text), 20):
            file.write(text[at : at + 20])
            file.flush()
            job = windlass.job("version.Version")
            assert job["installed"] is True
            assert windlass.wait(windlass.submit("version.Version"))["status"]["value"] == "SUCCESS"
    windlass.wait_for_job("version.Version", timeout=5, description="number 2")


def test_a_running_job_finishes_on_the_code_it_began_with(windlass):
    gate = windlass.home / "gate"
    source = """
    import os
    from windlass import jobs
    class Slow(jobs.Job):
        class Meta:
            description = "number {number}"
        def run(self):
            self.logger.info("begun")
            os.open({gate!r}, os.O_RDONLY)
            import helper
            return [{number}, helper.VALUE]
    jobs.register_jobs(Slow)
    """
    os.mkfifo(gate)
    windlass.write_job("helper.py", "VALUE = 'old'\n")
    windlass.write_job("slow.py", source.format(number=1, gate=str(gate)))
    windlass.start()
    windlass.enable("slow.Slow")
    result = windlass.submit("slow.Slow")
    stream = windlass.events(result)
    for event, _, data in stream:
        if event == "log" and data["message"] == "begun":
            break
    windlass.write_job("helper.py", "VALUE = 'new'\n")
    windlass.write_job("slow.py", source.format(number=2, gate=str(gate)))
    windlass.wait_for_job("slow.Slow", timeout=5, description="number 2")
    os.close(os.open(gate, os.O_WRONLY))
    for _ in stream:
        pass
    assert windlass.result(result)["result"] == [1, "old"]


def test_imports_that_end_hang_or_crash_the_interpreter_harm_no_other(windlass):
    windlass.environment["WINDLASS_IMPORT_TIMEOUT"] = "2"
    write(windlass, 1)
    windlass.write_job("exits.py", "import sys\nsys.exit(4)\n")
    windlass.write_job("exits_hard.py", "import os\nos._exit(4)\n")
    windlass.write_job("crashes.py", "import ctypes\nctypes.string_at(0)\n")
    windlass.write_job("hangs.py", "import time\ntime.sleep(600)\n")
    windlass.write_job("json.py", "VALUE = 1\n")
    windlass.write_job(
        "wrong_base.py",
        """
        from nautobot.extras.models import Job
        from nautobot.apps.jobs import register_jobs
        class Wrong(Job):
            pass
        register_jobs(Wrong)
        """,
    )
    done = windlass.command("migrate", check=0)
    report = {
        line.strip().partition(":")[0]: line for line in done.stdout.splitlines() if line.startswith("  ")
    }
    assert "SystemExit" in report["exits"]
    assert "4" in report["exits_hard"]
    assert "SIGSEGV" in report["crashes"] or "signal 11" in report["crashes"]
    assert "2" in report["hangs"]
    assert "taken" in report["json"]
    assert "nautobot.apps.jobs.Job" in report["wrong_base"]
    listed = windlass.command("jobs", "list", check=0).stdout
    broken = [line.split()[0] for line in listed.splitlines() if " broken " in line]
    assert broken == ["crashes", "exits", "exits_hard", "hangs", "json", "wrong_base"]
    windlass.start()
    assert windlass.run("version.Version")["result"] == 1


def test_a_module_that_starts_threads_at_import_still_runs(windlass):
    windlass.write_job(
        "threaded.py",
        """
        import threading, time
        threading.Thread(target=lambda: time.sleep(3600), daemon=True).start()
        from windlass import jobs
        class Threaded(jobs.Job):
            def run(self):
                return threading.active_count()
        jobs.register_jobs(Threaded)
        """,
    )
    windlass.start()
    result = windlass.run("threaded.Threaded")
    assert result["result"] == 2
    assert "thread" in windlass.job("threaded.Threaded")["warning"]
