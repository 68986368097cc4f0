#pragma once

/// What SIGUSR1 leaves behind: a flag, and an event that a thread can wait for.

namespace windlass::runner {

/// The handler of SIGUSR1: sets the flag, makes the event readable. Async-signal-safe.
void on_cancel_signal(int number);

/// Whether the signal came since the last call. The signal says that a `cancel` frame waits on the
/// run socket, or did a moment ago.
bool take_cancel_signal_flag();
bool has_cancel_signal_flag();

/// Sets the flag without a signal: for a process that may have missed one.
void raise_cancel_signal_flag();

/// A descriptor that can be read once the signal has come, made on the first call and -1 where that
/// fails. It stays readable until clear_cancel_event().
int cancel_event();
/// Makes it readable, where there is one. Async-signal-safe.
void set_cancel_event();
void clear_cancel_event();

}  // namespace windlass::runner
