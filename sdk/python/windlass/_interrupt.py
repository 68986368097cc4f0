"""Turns `cancel` frames into exceptions in the job's main thread, and hands answers to the thread
that waits for one.

The host sends the frame first and SIGUSR1 after it. Whoever is reading the run socket at that
moment takes the frame: the handler itself when nobody is, else the thread that waits for an answer,
which sends the signal once more if it is not the main thread. Only the process that owns the run
reads; its forked copies share the socket.
"""

from __future__ import annotations

import os
import signal
import threading
from _socket import MSG_DONTWAIT

from windlass._channel import BadFrame
from windlass._exceptions import interrupt_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from windlass._channel import Channel, Frame

_owner = 0
_channel: Channel | None = None
_armed = False
_reading = False
_signalled = False
_pending: str | None = None
_answers: dict[int, Frame] = {}
_read_lock = threading.Lock()

#: What has been raised in the run under way, with the reason of each.
raised: list[tuple[BaseException, str]] = []


def attach(channel: Channel) -> None:
    """Make this process, whose only thread calls it, the reader of `channel`."""
    global _owner, _channel, _signalled
    _owner = os.getpid()
    _channel = channel
    # A signal that came with the fork may have been lost with it: look at the socket when the first
    # run begins.
    _signalled = True


def detach() -> None:
    """Take attach() back."""
    global _owner, _channel, _signalled
    _owner = 0
    _channel = None
    _signalled = False


def next_run() -> tuple[Frame | None, list[int]]:
    """Wait for the next `run` or `choices` frame; None when the host has closed the socket. With it
    the descriptors of its input files, which the caller owns.
    """
    global _reading
    assert _channel is not None
    files: list[int] = []
    _reading = True
    try:
        while True:
            frame, descriptors = _channel.receive_with_descriptors()
            files += descriptors
            if frame is None or frame.get("type") in ("run", "choices"):
                return frame, files
    finally:
        _reading = False


def arm() -> None:
    """From here on a cancel raises in the main thread. Called in it; may raise at once."""
    global _armed, _signalled
    _answers.clear()
    raised.clear()
    _armed = True
    if _signalled:
        _signalled = False
        _take_what_waits()
    _raise_pending()


def disarm() -> None:
    """From here on a cancel comes too late and is dropped."""
    global _armed, _pending
    _armed = False
    _pending = None


def wait_for_answer(number: int) -> Frame:
    """The host's answer to the frame `file` or `ask` of that number. For any thread of the run's
    process.
    """
    global _reading, _signalled
    assert _channel is not None
    with _read_lock:
        _reading = True
        try:
            while number not in _answers:
                _dispatch(_channel.receive())
            return _answers.pop(number)
        finally:
            _reading = False
            if _signalled:
                # A signal came while this thread was reading, maybe for a frame behind the answer.
                _signalled = False
                os.kill(_owner, signal.SIGUSR1)


def on_signal(signal_number: int, frame: Any) -> None:
    """The handler of SIGUSR1."""
    global _signalled
    if os.getpid() != _owner or _reading or not _armed:
        _signalled = True
        _raise_pending()
        return
    _raise_pending()
    _take_what_waits()


def _take_what_waits() -> None:
    assert _channel is not None
    while True:
        try:
            frame = _channel.receive(MSG_DONTWAIT)
        except BadFrame:
            continue
        except OSError:
            # Nothing is left to read; or the job closed the socket, which the host sees by itself.
            return
        _dispatch(frame)


def _dispatch(frame: Frame | None) -> None:
    global _pending
    if frame is None:
        os._exit(0)  # the host is gone
    if frame["type"] in ("file_created", "file_refused"):
        _answers[frame.get("file", -1)] = frame
    elif frame["type"] == "answer":
        _answers[frame.get("ask", -1)] = frame
    elif frame["type"] == "cancel" and _armed:
        _pending = str(frame.get("reason"))
        if threading.get_ident() == threading.main_thread().ident:
            _raise_pending()
        else:
            os.kill(_owner, signal.SIGUSR1)


def _raise_pending() -> None:
    global _pending
    if _armed and _pending is not None and os.getpid() == _owner:
        reason, _pending = _pending, None
        exception = interrupt_for(reason)
        raised.append((exception, reason))
        raise exception
