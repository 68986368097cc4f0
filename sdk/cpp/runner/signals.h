#pragma once

/// Signals of the base process and the zygotes, and their return to normal in a child.
///
/// Base and zygotes end with their control socket, never by a signal meant for the whole terminal
/// or control group: the runs below them have to outlive such a signal while the host drains.

#include <signal.h>

namespace windlass::runner {

/// Takes the signals that the base and its zygotes need; once at the start, and again after module
/// code has run. SIGCHLD is blocked afterwards but for the time of wait_for_input().
void guard_signals();

/// As module code is to find them while it is loaded: nothing blocked, so that programs it starts
/// inherit nothing odd.
void unblock_signals();

/// Waits until `descriptor` can be read, a child ended, or `milliseconds` passed (-1: for ever).
/// True when the descriptor can be read.
bool wait_for_input(int descriptor, int milliseconds);

/// Gives a freshly forked child the signals of an ordinary process, but for SIGUSR1, which means
/// what the protocol says, and those that tell of a crash.
void release_signals();

/// Puts SIGUSR1 back in place, whatever job code has made of it.
void take_cancel_signal();

}  // namespace windlass::runner
