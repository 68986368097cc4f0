"""Base, zygotes and children of the native runner as processes: what they inherit, what ends them,
what they leave behind, what they say of a crash.
"""

import json
import os
import signal
import subprocess
from pathlib import Path

import host as host_side
import native
import pytest

HERE = Path(__file__).resolve().parent
JOBS = HERE / "jobs"


@pytest.fixture(scope="module")
def compiler(tmp_path_factory):
    return native.Compiler(tmp_path_factory.mktemp("libraries"))


@pytest.fixture(scope="module")
def shared_host():
    for host in native.hosts():
        assert host.base.receive()["language"] == "c++"
        yield host


@pytest.fixture
def own_host():
    for host in native.hosts():
        assert host.base.receive()["type"] == "hello"
        yield host


@pytest.fixture(scope="module")
def version(compiler):
    def make(*modules, skip=None):
        source = host_side.source_of("jobs_root", "jobs_root", list(modules), JOBS, "/jobs", skip)
        source["libraries"] = compiler.libraries(JOBS, list(modules), "/jobs")
        return host_side.version_of(source)

    return make


@pytest.fixture(scope="module")
def one(shared_host, version):
    return shared_host.zygote_of(version("behaves"))


def start(zygote, job, **inputs):
    child = zygote.fork()
    child.run("behaves." + job, **inputs)
    return child


def test_a_child_is_an_ordinary_process_with_nothing_of_its_ancestors(one):
    assert start(one, "Looks").result()["result"] == {
        "open": 4,  # the three streams and the run socket
        "stdin": "/dev/null",
        "session": True,
        "blocked": 0,
        "default": True,
        "loaded": "/dev/zero",
    }


def test_output_comes_live_by_lines_and_the_rest_before_the_result(one):
    child = start(one, "Prints")
    assert host_side.wait_for_line(child.out) == b"a line\n"
    child.result()
    assert child.read_out() == b"no newline, from a stream"
    assert child.read_err() == b"an error"


def test_the_end_of_a_child_is_reported_with_what_it_used(one):
    child = start(one, "Looks")
    child.result()
    child.socket.close()
    ended = one.exited(child)
    assert (ended["child"], ended["status"]) == ("c1", 0)
    assert ended["user_seconds"] >= 0 and ended["system_seconds"] >= 0 and ended["max_rss_kib"] > 500


def test_what_a_dead_child_left_behind_is_ended_before_its_end_is_reported(one):
    child = start(one, "LeavesBehind")
    child.result()
    pids = [int(host_side.wait_for_line(child.err)) for _ in range(6)]
    os.kill(child.pid, signal.SIGKILL)
    one.exited(child)
    assert [pid for pid in pids if Path("/proc/%d" % pid).exists()] == []


@pytest.mark.parametrize("how, status", [("throws", 1), ("exits", 5), ("returns", 0), ("crashes", 0)])
def test_a_copy_of_the_child_that_comes_back_has_no_say(one, how, status):
    child = start(one, "Forks", how=how)
    assert child.result()["result"] == status
    told = child.read_err()
    assert (b"std::runtime_error: in the copy\n" in told) is (how == "throws")
    assert (b"Forks::run() (/jobs/behaves.cpp:" in told) is (how == "throws")
    child.run("behaves.Adds", first=1)
    assert child.result()["result"] == 2


@pytest.mark.parametrize("puts_another_there", [False, True])
def test_a_job_that_closes_its_run_socket_ends_with_74(one, puts_another_there):
    child = start(one, "ClosesEverything", puts_another_there=puts_another_there)
    assert one.exited(child)["status"] == 74 << 8


def test_a_child_serves_on_whatever_the_run_before_has_done(one):
    child = start(one, "ClosesOutput")
    assert child.result()["reusable"] is True
    child.run("behaves.MovesAway")
    assert child.result()["status"] == "SUCCESS"
    child.run("behaves.Stops", by="check")
    child.receive_type("log")
    # Put right between two runs, after the result was sent.
    assert os.readlink("/proc/%d/cwd" % child.pid) == os.readlink("/proc/%d/cwd" % one.pid)
    child.cancel("soft_time_limit")
    assert child.result()["reason"] == "soft_time_limit"
    child._cancelled = False
    child.run("behaves.Adds", first=1)
    assert child.result()["result"] == 2


def test_threads_that_are_left_make_a_child_spent(one):
    assert start(one, "StartsThread", joins=True).result()["reusable"] is True
    assert start(one, "StartsThread", joins=False).result()["reusable"] is False
    child = one.fork()
    child.send({**host_side.run_frame("behaves.Adds", first=1), "last": True})
    assert child.result()["reusable"] is False


@pytest.mark.parametrize("by", ["check", "token", "file"])
def test_a_cancel_reaches_a_job_however_it_waits(one, by):
    child = start(one, "Stops", by=by)
    child.receive_type("log")
    child.cancel("drain")
    if by == "file":
        child.send({"type": "file_created", "file": 1, "id": "f", "url": "/f"})
    result = child.result()
    assert (result["result"] == "token") if by == "token" else (result["reason"] == "cancelled")
    assert result["reusable"] is True


def test_a_signal_without_a_cancel_stops_nothing(one):
    child = start(one, "Stops", by="token")
    child.receive_type("log")
    for _ in range(3):
        os.kill(child.pid, signal.SIGUSR1)
    with pytest.raises(TimeoutError):
        host_side.wait_readable(child.socket.fileno(), 0.2)
    child.cancel()
    assert child.result()["result"] == "token"


def test_a_large_frame_comes_whole(one):
    child = start(one, "ReturnsMuch")
    log, result = child.frames()
    assert log["message"] == result["result"]
    assert len(result["result"].encode()) >= 3_000_000


def test_a_large_frame_arrives_whole(one):
    child = one.fork()
    frame = json.dumps({**host_side.run_frame("behaves.Adds", first=1), "queue": "é" * 99_999})
    slices = [frame[at : at + 9_000] for at in range(0, len(frame), 9_000)]
    for index, data in enumerate(slices):
        child.send({"type": "part", "frame": 5, "index": index, "count": len(slices), "data": data})
    assert child.result()["result"] == 2


def test_an_exception_says_where_it_was_thrown(one):
    result = start(one, "Throws").result()
    assert result["result"]["exc_type"] == "std::out_of_range"
    assert "Throws::run() (/jobs/behaves.cpp:" in result["traceback"]


@pytest.mark.parametrize(
    "how, number, words",
    [
        ("overflow", signal.SIGSEGV, "Segmentation fault at address 0x"),
        ("null_function", signal.SIGSEGV, "Segmentation fault at address 0x0"),
        ("zero", signal.SIGFPE, "Arithmetic error: integer division by zero"),
        ("heap", signal.SIGABRT, "The process was aborted"),
        ("abort", signal.SIGABRT, "The process was aborted"),
        ("signal", signal.SIGBUS, "Bus error"),
        ("destructor", signal.SIGABRT, "An exception that nothing caught: std::out_of_range: map::at"),
        ("noexcept", signal.SIGABRT, "An exception that nothing caught: int"),
        ("thread", signal.SIGABRT, "An exception that nothing caught: std::out_of_range: map::at"),
    ],
)
def test_a_crash_says_what_and_where(one, how, number, words):
    child = start(one, "Crashes", how=how)
    result = child.result()
    assert result["result"]["exc_type"] == number.name
    assert result["result"]["exc_message"].startswith(words)
    assert (result["reason"], result["reusable"]) == ("crash", False)
    assert "/jobs/behaves.cpp:" in result["traceback"]
    assert len(result["traceback"]) < 2_000
    assert os.WTERMSIG(one.exited(child)["status"]) == number
    assert child.read_out() == b"before"


def test_modules_that_cannot_be_loaded_leave_the_others(own_host, version):
    zygote = own_host.zygote_of(version("behaves", "throws", skip={"crashes": "It crashed."}))
    error = zygote.module("throws")["error"]
    assert (error["type"], "the table is empty" in error["message"]) == ("LoadError", True)
    assert "read_table" in error["traceback"] and " (/jobs/throws.cpp:" in error["traceback"]
    assert zygote.module("crashes")["error"]["message"] == "It crashed."
    assert start(zygote, "Throws").result()["reason"] == "exception"


def test_a_check_tells_what_nothing_refuses(own_host, version):
    plain = version("mistakes")
    checked = {**plain, "check": True}
    assert own_host.zygote_of(plain).manifest["warnings"] == []
    warnings = own_host.zygote_of(checked, "z2").manifest["warnings"]
    path = "/jobs/mistakes.cpp"
    assert [(one["code"], one["class_path"], one["file_path"], one["line"]) for one in warnings] == [
        ("class.unregistered", "mistakes.Forgotten", path, 20),
        ("class.unregistered", "mistakes.Press", path, 22),
        ("meta.time_limit", "mistakes.TooLate", path, 10),
        ("meta.same_name", "mistakes.Same", path, 15),
    ]
    assert "(5 s) is not above Meta.soft_time_limit (5 s)" in warnings[2]["message"]
    assert 'The name "The same" is that of mistakes.TooLate too' in warnings[3]["message"]


def test_a_module_for_another_abi_says_so_whether_it_can_ask_or_not(own_host, version):
    zygote = own_host.zygote_of(version("abi_asks", "abi_misses", "behaves"))
    for name in ("abi_asks", "abi_misses"):
        error = zygote.module(name)["error"]
        assert error["message"].startswith(
            "The module was built for ABI 9, libc++, this Windlass loads ABI 1"
        )
        assert "Rebuild it with the headers of this Windlass." in error["message"]
    assert start(zygote, "Adds", first=1).result()["result"] == 2


def test_a_module_that_ends_the_process_is_known_by_name(own_host, version):
    zygote = own_host.describe(version("behaves", "crashes"))
    assert [zygote.receive()["module"] for _ in range(2)] == ["behaves", "crashes"]
    assert os.WTERMSIG(own_host.exited("zygote", "z1")["status"]) == signal.SIGSEGV


def test_the_base_makes_children_of_modules_with_threads(own_host, version):
    spec = version("threads")
    zygote = own_host.zygote_of(spec)
    assert zygote.manifest["threads"] == 2
    own_host.ask_for_child(zygote, "c1")
    assert zygote.receive()["type"] == "fork_failed"
    child = own_host.fork(own_host.base, "f1", spec)
    for _ in range(2):
        child.run("threads.Adds", first=1)
        result = child.result()
        assert (result["result"], result["reusable"]) == (11, True)


@pytest.mark.parametrize("how", ["exit", "close", "kill"])
def test_the_end_of_the_base_ends_everything(own_host, version, how):
    one = own_host.zygote_of(version("behaves"))
    child = start(one, "LeavesBehind")
    child.result()
    pids = [int(host_side.wait_for_line(child.err)) for _ in range(6)]
    if how == "exit":
        own_host.base.send({"type": "exit"})
    elif how == "close":
        own_host.base.socket.shutdown(2)
    else:
        own_host.process.kill()
    own_host.process.wait(host_side.DEADLINE_SECONDS)
    assert host_side.gone(child.pid) and host_side.gone(one.pid)
    if how != "kill":
        assert [pid for pid in pids if Path("/proc/%d" % pid).exists()] == []
    for pid in pids:
        if how == "kill" and Path("/proc/%d" % pid).exists():
            os.kill(pid, signal.SIGKILL)


def test_a_killed_zygote_takes_its_children_with_it(own_host, version):
    one = own_host.zygote_of(version("behaves"))
    child = start(one, "LeavesBehind")
    child.result()
    pids = [int(host_side.wait_for_line(child.err)) for _ in range(6)] + [child.pid]
    os.kill(one.pid, signal.SIGKILL)
    assert own_host.exited("zygote", "z1")["status"] == 9
    assert [pid for pid in pids if Path("/proc/%d" % pid).exists()] == []


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGCHLD]
)
def test_base_and_zygotes_outlive_signals_that_are_for_the_whole_group(own_host, version, number):
    one = own_host.zygote_of(version("behaves"))
    own_host.process.send_signal(number)
    os.kill(one.pid, number)
    assert start(one, "Adds", first=1).result()["result"] == 2


@pytest.mark.parametrize("message", host_side.NO_FRAMES)
def test_messages_that_are_no_frames_are_answered_and_survived(one, message):
    one.send_raw(message)
    assert one.receive()["type"] == "error"
    one.host.base.send_raw(message)
    assert one.host.base.receive_type("error")["message"]
    assert start(one, "Adds", first=1).result()["result"] == 2


def test_unknown_frames_are_answered_and_their_descriptors_closed(own_host, version):
    one = own_host.zygote_of(version("behaves"))
    before = len(os.listdir("/proc/%d/fd" % one.pid))
    for _ in range(20):
        one.send({"type": "mystery", "member": 1}, (0, 1, 2))
        assert "mystery" in one.receive()["message"]
        one.send({"type": "fork", "child": "c"}, (0, 1))
        assert one.receive()["type"] == "fork_failed"
        one.send_raw(b"{", (0, 1))
        assert one.receive()["type"] == "error"
    assert len(os.listdir("/proc/%d/fd" % one.pid)) == before


def test_many_children_at_once(one):
    children = [one.fork("c%d" % number) for number in range(30)]
    for number, child in enumerate(children):
        child.run("behaves.Adds", first=number)
    assert [child.result()["result"] for child in children] == list(range(1, 31))
    for child in children:
        os.kill(child.pid, signal.SIGKILL)
    assert {one.receive_type("exited")["child"] for _ in children} >= {"c29"}


def test_started_by_hand_it_says_what_it_is():
    done = subprocess.run([native.runner()], capture_output=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 78
    assert b"start `windlass`" in done.stderr
