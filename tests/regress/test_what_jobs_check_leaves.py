"""`jobs check` and `jobs new` left folders behind when they were stopped, and aborted without a place for them."""

import os
import signal
import subprocess

import pytest

from tests.support.server import BINARY, read_line

ENDLESS = """
import os, select
descriptor = os.open({pipe!r}, os.O_WRONLY)
os.write(descriptor, b"importing\\n")
select.select([], [], [])
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_check_that_is_stopped_leaves_nothing(windlass, tmp_path, how):
    place = tmp_path / "temporary"
    place.mkdir()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    file = tmp_path / "endless.py"
    file.write_text(ENDLESS.format(pipe=str(pipe)))
    process = subprocess.Popen(
        [BINARY, "jobs", "check", file],
        env={**windlass.environment, "TMPDIR": str(place)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with process, open(pipe, "r+b", buffering=0) as told:  # open at once, whoever writes
        assert read_line(told, 30, "importing")
        assert list(place.iterdir())
        process.send_signal(how)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 2, said
    assert b"The check was stopped." in said
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("command", [["check", "."], ["new", "My Report"]])
def test_without_a_place_for_temporary_files_they_say_so(windlass, tmp_path, command):
    (tmp_path / "fine.py").write_text("")
    done = subprocess.run(
        [BINARY, "jobs", *command],
        env={**windlass.environment, "TMPDIR": str(tmp_path / "missing")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "TMPDIR" in done.stderr
