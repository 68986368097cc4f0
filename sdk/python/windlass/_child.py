"""A child: does the runs that come on its run socket, one after another, until the host closes it
or kills it.
"""

from __future__ import annotations

import _thread
import gc
import os

from windlass import (
    _computed_choices,
    _interrupt,
    _lifecycle,
    _logging_state,
    _process,
    _run,
    _signals,
    _streams,
)
from windlass._channel import Channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_LOST_SOCKET = 74  # EX_IOERR of sysexits.h


def enter(parent: int, descriptors: list[int]) -> Channel:
    """Make a child of this freshly forked process; `descriptors` are run socket, stdout, stderr."""
    _process.bind_to_parent(parent)
    os.setsid()
    run_socket, out, err = descriptors
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)
    _signals.release()
    channel = Channel(run_socket)
    _interrupt.attach(channel)
    gc.enable()
    return channel


def serve(channel: Channel) -> NoReturn:
    """Do runs until the host is done with this process."""
    identity = os.fstat(channel.descriptor).st_ino
    home = os.getcwd()
    while True:
        frame, files = _interrupt.next_run()
        if frame is None:
            os._exit(0)
        if frame["type"] == "choices":
            result = _computed_choices.perform(frame, channel)
        else:
            result = _lifecycle.perform(_run.Run(frame, channel, files))
        _streams.flush()
        _process.flush_c_streams()
        # Threads that C libraries keep for themselves do not count: they have nothing of the run.
        # What job code keeps of one user's form is no other's.
        # Nor is one user's logging, which may write to a file or keep silent, another's.
        is_last = frame["type"] == "choices" or frame.get("last") is True
        spent = is_last or _thread._count() or _logging_state.has_changed()
        reusable = "false" if spent else "true"
        _send_result(channel, identity, '%s,"reusable":%s}' % (result, reusable))
        # Most children do one run only, so what the next run needs is done after the result.
        _streams.restore()
        _signals.take_cancel()
        os.chdir(home)


def _send_result(channel: Channel, identity: int, text: str) -> None:
    try:
        if os.fstat(channel.descriptor).st_ino == identity:
            channel.send_text(text)
            return
    except OSError:
        pass
    # The job closed the socket, or put something else in its place. An end without a result tells
    # the host so.
    os._exit(_LOST_SOCKET)
