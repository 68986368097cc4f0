"""Output to a full disk was lost without a word, and a reader that went away was reported as a fault."""

import subprocess

import pytest

from tests.support.server import BINARY


@pytest.mark.parametrize("command", [["jobs", "list"], ["config"], ["version"], ["--help"]])
def test_a_full_disk_is_a_failure(windlass, command):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [BINARY, *command], env=windlass.environment, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert b"windlass: The output could not be written in full" in done.stderr


@pytest.mark.parametrize("ignored", [True, False], ids=["SIGPIPE ignored", "SIGPIPE as usual"])
def test_a_closed_pipe_is_none(windlass, ignored):
    process = subprocess.Popen(
        [BINARY, "config", "--json"],
        env=windlass.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        restore_signals=not ignored,
    )
    process.stdout.close()  # before the command writes, or while it does: either must be quiet
    _, said = process.communicate()
    assert said == b""
    assert process.returncode == 0 if ignored else process.returncode in (0, -13)
