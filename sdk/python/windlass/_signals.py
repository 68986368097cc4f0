"""Signal handling of the base process and the zygotes, and its return to normal in a child.

Both end with their control socket, never by a signal meant for the whole terminal or control group:
the runs below them have to outlive such a signal while the host drains.
"""

from __future__ import annotations

# The C module: the enumerations of `signal` would cost each child some forty pages to copy, a tenth
# of a millisecond.
import _signal as signal  # type: ignore[import-not-found]

from windlass import _interrupt

_LEFT_TO_THE_HOST = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _stay(signal_number: int, frame: object) -> None:
    """Do nothing. A function, not SIG_IGN, because SIG_IGN would be inherited by programs that
    modules start.
    """


def guard() -> None:
    """Take the signals that the base and its zygotes need; once at start, and again after foreign
    code has run.
    """
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in _LEFT_TO_THE_HOST:
        signal.signal(number, _stay)
    signal.signal(
        signal.SIGCHLD, _stay
    )  # only a signal with a handler reaches the wake-up descriptor
    # For the children as well, so that a cancel cannot reach one before it has a handler.
    take_cancel()


def take_cancel() -> None:
    """Let SIGUSR1 mean what the protocol says, whatever job code has made of it."""
    signal.signal(signal.SIGUSR1, _interrupt.on_signal)


def release() -> None:
    """Give a freshly forked child the signals of an ordinary Python process, but for SIGUSR1."""
    for number in _LEFT_TO_THE_HOST:
        if signal.getsignal(number) is _stay:
            signal.signal(
                number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            )
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
