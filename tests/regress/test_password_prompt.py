"""Ctrl-C at the password prompt left a terminal that showed nothing any more."""

import os
import pty
import signal
import subprocess
import termios

import pytest

from tests.support.server import BINARY


def shows(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_the_prompt_leaves_the_terminal_as_it_was(windlass, how):
    windlass.command("migrate", check=0)
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [BINARY, "createsuperuser"],
            env=windlass.environment,
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            # Tests that were begun in the background hand on an ignored SIGINT.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        with process:
            asked = b""
            while not asked.endswith(b"Password: "):
                piece = os.read(process.stderr.fileno(), 100)
                assert piece, asked
                asked += piece
            assert not shows(theirs)
            process.send_signal(how)
            assert process.wait(20) == -how
            assert shows(theirs)
    finally:
        os.close(ours)
        os.close(theirs)
