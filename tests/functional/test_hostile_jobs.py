"""Jobs that do what no job should: each ends with the right status and reason, leaves nothing behind, and the next run is unaffected."""

import pathlib
import textwrap
import uuid

import pytest

from tests.support.server import Windlass, processes_with, wait_until

PREAMBLE = """
import ctypes, os, signal, subprocess, sys, threading, time
from windlass import jobs

class Base(jobs.Job):
    class Meta:
        has_sensitive_variables = False
        {meta}
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    windlass = Windlass(
        tmp_path_factory.mktemp("hostile") / "home",
        cancel_grace=1,
        memory_limit="200 MiB",
        log_entry_limit=5000,
        log_byte_limit="1 MiB",
    )
    windlass.write_job(
        "healthy.py",
        """
        from windlass import jobs
        class Healthy(jobs.Job):
            def run(self):
                return "fine"
        jobs.register_jobs(Healthy)
        """,
    )
    windlass.start()
    windlass.enable("healthy.Healthy")
    yield windlass
    windlass.close()


@pytest.fixture
def run_body(installation):
    """Runs a job whose run() has the given body and returns its result; then a healthy run must succeed."""

    def run(body, meta="", data_timeout=60):
        name = "hostile_" + uuid.uuid4().hex[:8]
        source = PREAMBLE.format(meta=meta)
        source += "\nclass Hostile(Base):\n    def run(self):\n"
        source += textwrap.indent(textwrap.dedent(body), " " * 8)
        source += "\njobs.register_jobs(Hostile)\n"
        installation.write_job(name + ".py", source)
        result = installation.run(f"{name}.Hostile", timeout=data_timeout)
        after = installation.wait(installation.submit("healthy.Healthy"))
        assert after["status"]["value"] == "SUCCESS"
        assert after["result"] == "fine"
        return result

    return run


def assert_failed(result, reason_code, *words):
    assert result["status"]["value"] == "FAILURE", result
    assert result["reason_code"] == reason_code, result["reason"]
    for word in words:
        assert word in result["reason"], result["reason"]


def last_entry(installation, result):
    entry = installation.logs(result)[-1]
    return entry["log_level"], entry["message"]


def assert_gone(mark):
    """Every process that carries the mark in its command line or environment has ended by now."""
    assert processes_with(mark) == []


def test_a_return_value_that_is_not_json(run_body):
    result = run_body("return {'rows': [1, object()]}")
    assert_failed(result, "return_value")
    assert "object" in str(result["result"]) + result["reason"]
    assert "rows" in str(result["result"]) + result["reason"]


def test_os_exit(installation, run_body):
    result = run_body("os._exit(3)")
    assert_failed(result, "exited", "3")
    assert last_entry(installation, result) == ("failure", result["reason"])


def test_sys_exit_is_a_failure_like_any_other(run_body):
    assert_failed(run_body("sys.exit(0)"), "exception", "SystemExit")


def test_a_segmentation_fault(installation, run_body):
    result = run_body("ctypes.string_at(0)")
    assert_failed(result, "killed", "SIGSEGV")
    assert last_entry(installation, result) == ("failure", result["reason"])


def test_it_kills_itself(run_body):
    assert_failed(run_body("os.kill(os.getpid(), signal.SIGKILL)"), "killed", "SIGKILL")


def test_it_closes_all_descriptors(run_body):
    result = run_body("os.closerange(0, 1000)\ntime.sleep(600)", data_timeout=30)
    assert_failed(result, "channel_closed")


def test_it_eats_memory(installation, run_body):
    result = run_body("hoard = []\nwhile True:\n    hoard.append(bytearray(10_000_000))")
    assert_failed(result, "memory_limit", "200")
    assert result["peak_memory"] > 150 << 20
    assert last_entry(installation, result) == ("failure", result["reason"])


def test_its_children_count_for_the_memory_limit(run_body):
    result = run_body(
        """
        code = "x = bytearray(150_000_000); import time; time.sleep(600)"
        for _ in range(2):
            subprocess.Popen([sys.executable, "-c", code])
        time.sleep(600)
        """
    )
    assert_failed(result, "memory_limit")


def test_a_daemon_that_left_its_session_is_ended(installation, run_body):
    mark = "mark" + uuid.uuid4().hex
    result = run_body(
        f"""
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)  # {mark}"])
            os._exit(0)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not any(
            {mark!r} in open(f"/proc/{{p}}/cmdline", errors="replace").read()
            for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid() and os.path.exists(f"/proc/{{p}}/cmdline")
        ):
            pass
        return "daemonised"
        """
    )
    assert result["status"]["value"] == "SUCCESS", result
    assert result["result"] == "daemonised"
    assert_gone(mark)
    assert any("left" in message for message in installation.messages(result))


def test_children_of_a_job_that_crashes_are_ended(run_body):
    mark = "mark" + uuid.uuid4().hex
    result = run_body(
        f"""
        for _ in range(5):
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)  # {mark}"], start_new_session=True)
        ctypes.string_at(0)
        """
    )
    assert_failed(result, "killed")
    assert_gone(mark)


def test_it_ignores_every_signal_and_hangs_until_the_hard_limit(installation, run_body):
    result = run_body(
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(60)
        """,
        meta="soft_time_limit = 0.5\n        time_limit = 1.5",
    )
    assert_failed(result, "time_limit", "1.5")
    assert last_entry(installation, result) == ("failure", result["reason"])


def test_the_soft_limit_raises_in_the_job(run_body):
    result = run_body("time.sleep(60)", meta="soft_time_limit = 0.3\n        time_limit = 20")
    assert_failed(result, "soft_time_limit")
    assert result["result"]["exc_type"] == "SoftTimeLimitExceeded"


def test_a_job_may_clean_up_after_the_soft_limit(run_body):
    result = run_body(
        """
        try:
            time.sleep(60)
        except jobs.SoftTimeLimitExceeded:
            return "cleaned up"
        """,
        meta="soft_time_limit = 0.3\n        time_limit = 20",
    )
    assert result["status"]["value"] == "SUCCESS"
    assert result["result"] == "cleaned up"


def test_it_logs_a_hundred_megabytes(installation, run_body):
    result = run_body(
        """
        text = "x" * 10_000
        for number in range(10_000):
            self.logger.info(text)
        return "done"
        """,
        data_timeout=120,
    )
    assert result["status"]["value"] == "SUCCESS", result
    assert result["dropped_log_count"] > 9000
    kept = installation.messages(result)
    assert len(kept) < 300
    assert any("dropped" in message for message in kept)


def test_it_prints_without_end_and_without_newline(installation, run_body):
    result = run_body(
        """
        for _ in range(100):
            os.write(1, b"y" * 1_000_000)
        os.write(2, b"no newline")
        """,
        data_timeout=120,
    )
    assert result["status"]["value"] == "SUCCESS", result
    assert result["dropped_log_count"] > 0


def test_invalid_utf8_everywhere(installation, run_body):
    result = run_body(
        r"""
        os.write(1, b"caf\xe9 \xff\xfe\n")
        self.logger.info("half \ud800 surrogate \x00 and NUL")
        return "\udc80"
        """
    )
    assert result["status"]["value"] == "SUCCESS", result
    assert result["result"] == "\ufffd"
    assert any("half \ufffd surrogate" in message for message in installation.messages(result))
    assert any(line.startswith("caf\ufffd") for line in installation.console(result))


def test_prints_are_console_entries(installation, run_body):
    result = run_body("print('to stdout')\nprint('to stderr', file=sys.stderr)\nsys.stdout.write('open end')")
    assert result["status"]["value"] == "SUCCESS"
    assert sorted(installation.console(result)) == ["open end", "to stderr", "to stdout"]


def test_a_fork_bomb_is_ended(run_body):
    mark = "mark" + uuid.uuid4().hex
    result = run_body(
        f"""
        os.environ["MARK"] = {mark!r}
        for _ in range(6):
            os.fork()
        time.sleep(600)
        """,
        meta="soft_time_limit = 1\n        time_limit = 2",
    )
    assert result["status"]["value"] == "FAILURE"
    assert_gone(mark)


def test_garbage_on_the_channel_does_not_disturb(run_body):
    result = run_body(
        """
        import socket
        for name in os.listdir("/proc/self/fd"):
            try:
                if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                    sock = socket.socket(fileno=os.dup(int(name)))
                    sock.send(b"\\xff not json")
                    sock.send(b'{"type": "part", "frame": 1, "index": 5, "count": 2, "data": "x"}')
                    sock.send(b'{"type": "log", "level": 7, "message": {}}')
            except OSError:
                pass
        return "still here"
        """
    )
    assert result["status"]["value"] == "SUCCESS", result
    assert result["result"] == "still here"


def test_threads_that_never_end(run_body):
    result = run_body(
        """
        for _ in range(3):
            threading.Thread(target=lambda: time.sleep(600)).start()
        return "main is done"
        """
    )
    assert result["status"]["value"] == "SUCCESS"


def test_cancel_of_a_running_run_ends_what_it_spawned(installation):
    mark = "mark" + uuid.uuid4().hex
    installation.write_job(
        "endless.py",
        f"""
        import subprocess, sys, time
        from windlass import jobs
        class Endless(jobs.Job):
            def run(self):
                subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)  # {mark}"], start_new_session=True)
                self.logger.info("spawned")
                while True:
                    try:
                        time.sleep(60)
                    except BaseException:
                        self.logger.warning("not yet")
        jobs.register_jobs(Endless)
        """,
    )
    installation.enable("endless.Endless")
    result = installation.submit("endless.Endless")
    for event, _, data in installation.events(result):
        if event == "log" and data["message"] == "spawned":
            wait_until(lambda: processes_with(mark), 10, "the spawned process")
            installation.post(f"/api/extras/job-results/{result['id']}/cancel/", status=200)
    done = installation.result(result)
    assert done["status"]["value"] == "REVOKED", done
    assert done["reason_code"] == "cancelled"
    assert "admin" in done["reason"]
    assert_gone(mark)


def test_it_fills_a_file_it_creates_beyond_the_limit(run_body):
    result = run_body(
        """
        try:
            self.create_file("big.bin", b"x" * (11 << 20))
        except ValueError as error:
            return "refused"
        """
    )
    assert result["result"] == "refused"


def test_file_names_that_would_leave_the_folder_are_refused(run_body):
    result = run_body(
        """
        refused = 0
        for name in ("../x", "a/b", "/etc/passwd", "", ".", "..", "x\\0y"):
            try:
                self.create_file(name, "x")
            except ValueError:
                refused += 1
        return refused
        """
    )
    assert result["result"] == 7
    assert pathlib.Path("/etc/passwd").exists()
