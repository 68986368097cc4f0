"""Base, zygotes and children as processes: what they inherit, what ends them, what they leave
behind.
"""

import os
import signal
import sys
from pathlib import Path

import pytest

import host as host_side

INSPECT = """
import os, signal, sys
from windlass import jobs

def target(number):
    try:
        return os.readlink("/proc/self/fd/%d" % number)
    except OSError:
        return None

DEFAULT = [signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD]

class Look(jobs.Job):
    def run(self):
        numbers = map(int, os.listdir("/proc/self/fd"))
        return {
            "descriptors": sorted(number for number in numbers if target(number)),
            "stdin": os.readlink("/proc/self/fd/0"),
            "session": os.getsid(0) == os.getpid(),
            "mask": len(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
            "int": signal.getsignal(signal.SIGINT) is signal.default_int_handler,
            "default": [int(s) for s in DEFAULT if signal.getsignal(s) is signal.SIG_DFL],
            "gc": __import__("gc").isenabled(),
            "wakeup": signal.set_wakeup_fd(-1),
            "path": sys.path[0],
        }

class Call(jobs.Job):
    code = jobs.TextVar()
    def run(self, *, code):
        scope = dict(globals(), self=self)
        exec(code, scope)
        return scope.get("value")

jobs.register_jobs(Look, Call)
"""


@pytest.fixture
def one(zygote):
    return zygote({"mod.py": INSPECT})


def test_a_child_is_an_ordinary_process_with_nothing_of_its_ancestors(one):
    child = one.fork()
    child.run("mod.Look")
    seen = child.result()["result"]
    assert len(seen.pop("descriptors")) == 4  # the three streams and the run socket
    assert seen == {
        "stdin": "/dev/null",
        "session": True,
        "mask": 0,
        "int": True,
        "default": [signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD],
        "gc": True,
        "wakeup": -1,
        "path": str(host_side.SDK),
    }


def test_a_descriptor_that_a_module_opened_at_import_stays_open(zygote, tmp_path):
    made = zygote({"mod.py": "import os\nlog = open(%r, 'w')\n" % str(tmp_path / "log") + INSPECT})
    child = made.fork()
    child.run("mod.Call", code="print('kept', file=log, flush=True)")
    assert child.result()["status"] == "SUCCESS"
    assert (tmp_path / "log").read_text() == "kept\n"


def test_output_comes_live_by_lines_and_the_rest_before_the_result(one):
    child = one.fork()
    code = "import sys; print('line'); print('caf\\u00e9 \\ud800', file=sys.stderr); print('no newline', end='')"
    child.run("mod.Call", code=code)
    assert host_side.wait_for_line(child.out) == b"line\n"
    child.result()
    assert child.read_out() == b"no newline"
    assert child.read_err() == "café \\ud800\n".encode()


def test_what_subprocesses_and_c_code_print_is_captured(one):
    child = one.fork()
    child.run(
        "mod.Call",
        code="import subprocess, ctypes; subprocess.run(['echo', 'sub']); ctypes.CDLL(None).printf(b'from C')",
    )
    child.result()
    assert child.read_out() == b"sub\nfrom C"


def test_the_end_of_a_child_is_reported_with_what_it_used(one):
    child = one.fork("c42")
    child.run("mod.Call", code="import os; os._exit(3)")
    ended = one.exited(child)
    assert (ended["child"], ended["pid"], ended["status"]) == ("c42", child.pid, 3 << 8)
    assert (
        ended["user_seconds"] >= 0 and ended["system_seconds"] >= 0 and ended["max_rss_kib"] > 1000
    )


def test_a_segfault_is_reported_and_the_next_run_is_unaffected(one):
    child = one.fork("c1")
    child.run("mod.Call", code="import ctypes; ctypes.string_at(0)")
    ended = one.exited(child)
    assert os.WTERMSIG(ended["status"]) == signal.SIGSEGV
    following = one.fork("c2")
    following.run("mod.Call", code="value = 1")
    assert following.result()["result"] == 1


STRAYS = """
import os, signal, subprocess

def tree(depth):
    for _ in range(2):
        if os.fork() == 0:
            os.setsid()
            if depth: tree(depth - 1)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.write(2, b"%d\\n" % os.getpid())
            while True: signal.pause()

tree(2)
script = "trap '' TERM HUP; echo $$ >&2; while :; do read x < /dev/zero & wait; done"
subprocess.Popen(["sh", "-c", script])
value = 1
"""


def read_pids(child, count):
    return [int(host_side.wait_for_line(child.err)) for _ in range(count)]


def test_what_a_dead_child_left_behind_is_ended_before_its_end_is_reported(one):
    child = one.fork()
    child.run("mod.Call", code=STRAYS)
    assert child.result()["result"] == 1
    strays = read_pids(child, 15)
    os.kill(child.pid, signal.SIGKILL)
    one.exited(child)
    for pid in strays:
        assert not Path("/proc/%d" % pid).exists()


def test_a_fork_bomb_is_ended(one):
    bomb = """
import os, signal, resource
read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    deepest = os.getpid() + 400
    while os.getpid() < deepest:
        try:
            os.fork()
        except OSError:
            pass
    while True: signal.pause()
"""
    child = one.fork()
    child.run("mod.Call", code=bomb)
    child.result()
    os.kill(child.pid, signal.SIGKILL)
    assert one.exited(child)["status"] == signal.SIGKILL
    assert Path("/proc/%d/task/%d/children" % (one.pid, one.pid)).read_text() == ""


def test_other_runs_are_left_alone_when_one_is_cleaned_up(one):
    first, second = one.fork("c1"), one.fork("c2")
    second.run("mod.Call", code="import subprocess; p = subprocess.Popen(['cat'], stdin=-1, stdout=-1); self.logger.info('up')\n"
               "import sys, select; value = p.poll()\nself.create_file('wait', b'')\nvalue = p.communicate(b'x')[0]")  # fmt: skip
    second.receive_type("file")
    first.run(
        "mod.Call",
        code="import subprocess; subprocess.Popen(['sh', '-c', 'while :; do wait; done'])",
    )
    first.result()
    os.kill(first.pid, signal.SIGKILL)
    one.exited(first)
    second.send({"type": "file_created", "file": 1, "id": "f", "url": "/f"})
    assert second.result()["result"] == "x"


def test_processes_started_at_import_are_left_alone(zygote):
    made = zygote(
        {
            "mod.py": "import subprocess\nhelper = subprocess.Popen(['cat'], stdin=-1, stdout=-1)\n"
            + INSPECT
        }
    )
    child = made.fork("c1")
    os.kill(child.pid, signal.SIGKILL)
    made.exited(child)
    following = made.fork("c2")
    following.run(
        "mod.Call",
        code="helper.stdin.write(b'x\\n'); helper.stdin.flush(); value = helper.stdout.readline()",
    )
    assert following.result()["result"] == "x\n"


def test_a_copy_of_the_child_that_comes_back_from_run_has_no_say(one):
    child = one.fork()
    child.run(
        "mod.Call",
        code="import os\npid = os.fork()\nif pid == 0: raise SystemExit(5)\nvalue = os.waitpid(pid, 0)[1] >> 8",
    )
    assert child.result()["result"] == 5
    child.run("mod.Call", code="import os\nvalue = os.fork() and os.wait()[1]")
    assert child.result()["result"] == 0
    child.run(
        "mod.Call",
        code="import os\nif os.fork() == 0: raise ValueError('in the copy')\nvalue = os.wait()[1] >> 8",
    )
    assert child.result()["result"] == 1
    assert b"ValueError: in the copy" in child.read_err()


def test_a_job_may_use_multiprocessing(one):
    child = one.fork()
    child.run(
        "mod.Call",
        code="import multiprocessing as m\nwith m.get_context('fork').Pool(2) as p: value = p.map(abs, [-1, -2])",
    )
    assert child.result()["result"] == [1, 2]


def test_entries_of_forked_processes_reach_the_log_whole(one):
    child = one.fork()
    child.run(
        "mod.Call",
        code="import os\npids = []\nfor n in range(4):\n    pid = os.fork()\n    if pid == 0:\n        for _ in range(5): self.logger.info(str(n) * 200_000)\n        os._exit(0)\n    pids.append(pid)\nfor pid in pids: os.waitpid(pid, 0)",
    )
    messages = [frame["message"] for frame in child.frames()[:-1]]
    assert sorted(messages) == sorted(str(n) * 200_000 for n in range(4) for _ in range(5))


def test_a_job_that_closes_its_descriptors_is_told_from_others(one):
    child = one.fork()
    child.run("mod.Call", code="import os; os.closerange(3, 64)")
    assert one.exited(child)["status"] == 74 << 8
    other = one.fork("c2")
    other.run(
        "mod.Call",
        code="import os, socket\nos.closerange(3, 64)\nkeep = socket.socketpair()\nglobals()['k'] = keep",
    )
    assert one.exited(other)["status"] == 74 << 8


def test_a_job_that_closes_its_output_goes_on(one):
    child = one.fork()
    child.run(
        "mod.Call",
        code="import sys, os; sys.stdout.close(); sys.stderr = None; os.close(1); value = 1",
    )
    assert child.result()["result"] == 1
    child.run("mod.Call", code="print('lost'); value = 2")
    assert child.result()["result"] == 2


def test_a_zygote_that_is_asked_to_exit_takes_everything_with_it(shared_host, write):
    one = shared_host.zygote_of(host_side.jobs_root(write({"mod.py": INSPECT})), "ends")
    child = one.fork()
    child.run("mod.Call", code=STRAYS)
    child.result()
    pids = [*read_pids(child, 15), child.pid]
    one.send({"type": "exit"})
    assert shared_host.exited("zygote", "ends")["status"] == 0
    assert [pid for pid in pids if Path("/proc/%d" % pid).exists()] == []


def test_the_end_of_file_on_a_zygotes_socket_means_exit(shared_host, write):
    one = shared_host.zygote_of(host_side.jobs_root(write({"mod.py": INSPECT})), "closed")
    one.socket.close()
    assert shared_host.exited("zygote", "closed")["status"] == 0


def test_a_killed_zygote_takes_its_children_with_it(shared_host, write):
    one = shared_host.zygote_of(host_side.jobs_root(write({"mod.py": INSPECT})), "killed")
    child = one.fork()
    child.run("mod.Call", code=STRAYS)
    child.result()
    pids = [*read_pids(child, 15), child.pid]
    os.kill(one.pid, signal.SIGKILL)
    assert shared_host.exited("zygote", "killed")["status"] == 9
    assert [pid for pid in pids if Path("/proc/%d" % pid).exists()] == []


@pytest.mark.parametrize("how", ["exit", "close", "kill"])
def test_the_end_of_the_base_ends_everything(own_host, write, how):
    one = own_host.zygote_of(host_side.jobs_root(write({"mod.py": INSPECT})))
    child = one.fork()
    child.run("mod.Call", code="value = 1")
    child.result()
    if how == "exit":
        own_host.base.send({"type": "exit"})
    elif how == "close":
        own_host.base.socket.shutdown(2)
    else:
        own_host.process.kill()
    assert host_side.gone(child.pid)
    assert host_side.gone(one.pid)
    own_host.process.wait(host_side.DEADLINE_SECONDS)


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGCHLD]
)
def test_base_and_zygotes_outlive_signals_that_are_for_the_whole_group(own_host, write, number):
    one = own_host.zygote_of(host_side.jobs_root(write({"mod.py": INSPECT})))
    own_host.process.send_signal(number)
    os.kill(one.pid, number)
    child = one.fork()
    child.run("mod.Call", code="value = 1")
    assert child.result()["result"] == 1


@pytest.mark.parametrize("message", host_side.NO_FRAMES)
def test_messages_that_are_no_frames_are_answered_and_survived(one, message):
    one.send_raw(message)
    assert one.receive()["type"] == "error"
    one.host.base.send_raw(message)
    assert one.host.base.receive_type("error")["message"]
    assert one.fork().pid > 0


def test_unknown_frames_are_answered_and_their_descriptors_closed(one):
    one.send({"type": "mystery"})
    one.receive()  # now it serves, and has nothing open of what it does before
    before = len(os.listdir("/proc/%d/fd" % one.pid))
    for _ in range(20):
        one.send({"type": "mystery", "member": 1}, (0, 1, 2))
        assert "mystery" in one.receive()["message"]
        one.send({"type": "fork", "child": "c"}, (0, 1))
        assert one.receive()["type"] == "fork_failed"
        one.send_raw(b"{", (0, 1))
        assert one.receive()["type"] == "error"
    assert len(os.listdir("/proc/%d/fd" % one.pid)) == before


@pytest.mark.parametrize(
    "version", [None, {}, {"id": "x"}, {"id": "x", "sources": [{"path": 1}]}, "text"]
)
def test_a_version_that_is_none_is_refused(shared_host, version):
    ours, theirs = host_side.pair()
    shared_host.base.send(
        {"type": "describe", "zygote": "z", "version": version}, (theirs.fileno(),)
    )
    answer = shared_host.base.receive_type("forked", "fork_failed")
    assert (answer["type"], answer["zygote"]) == ("fork_failed", "z")
    ours.close()
    theirs.close()


def test_many_children_at_once(one):
    children = [one.fork("c%d" % number) for number in range(30)]
    for number, child in enumerate(children):
        child.run("mod.Call", code="value = %d" % number)
    assert [child.result()["result"] for child in children] == list(range(30))
    for child in children:
        os.kill(child.pid, signal.SIGKILL)
    assert {one.receive_type("exited")["child"] for _ in children} == {
        "c%d" % number for number in range(30)
    }


def test_the_start_is_robust_against_its_surroundings(write, tmp_path, vendor):
    for name in ("windlass", "json", "jobs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('the wrong one')")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "windlass.py").write_text("raise RuntimeError('the wrong one')")
    env = {"PYTHONPATH": str(tmp_path / "own"), "PYTHONSAFEPATH": "1", "LC_ALL": "C"}
    host = host_side.Host(vendor=str(vendor), env=env, cwd=str(tmp_path))
    assert host.base.receive()["type"] == "hello"
    one = host.zygote_of(host_side.jobs_root(write({"mod.py": INSPECT})))
    child = one.fork()
    child.run(
        "mod.Call",
        code="import windlass, sys; value = [windlass.__file__, sys.path[0], sys.path[-1]]; print('é')",
    )
    assert child.result()["result"] == [
        str(host_side.SDK / "windlass" / "__init__.py"),
        str(host_side.SDK),
        str(vendor),
    ]
    assert child.read_out() == "é\n".encode()
    host.close()


def test_closed_standard_streams_do_no_harm(vendor, write):
    place = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.closerange(0, 3); os.execv(sys.argv[2], sys.argv[2:])"
    ours, theirs = host_side.pair()
    arguments = [
        "-I",
        "-S",
        "-c",
        place,
        str(theirs.fileno()),
        sys.executable,
        str(host_side.START),
        str(vendor),
    ]
    process = host_side.subprocess.Popen([sys.executable, *arguments], pass_fds=[theirs.fileno()])
    theirs.close()
    assert host_side.Endpoint(ours).receive()["type"] == "hello"
    ours.close()
    assert process.wait(host_side.DEADLINE_SECONDS) == 0


def test_a_second_argument_is_needed(vendor):
    done = host_side.subprocess.run([sys.executable, str(host_side.START)], stderr=-1)
    assert (done.returncode, b"usage" in done.stderr) == (78, True)
