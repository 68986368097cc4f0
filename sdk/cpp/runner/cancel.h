#pragma once

/// What SIGUSR1 leaves behind: a flag, and an event that a thread can wait for. The signal says
/// that a `cancel` frame waits on the run socket, or did a moment ago.

namespace windlass::runner {

/// The handler of SIGUSR1: sets the flag, and the event where the frame is there indeed.
/// Async-signal-safe.
void on_cancel_signal(int number);

/// The run socket on which the handler looks for the frame; -1 for none.
void look_for_cancel_on(int run_socket);

/// Whether the signal came since the flag was taken.
bool has_cancel_signal_flag();
void take_cancel_signal_flag();
/// Sets the flag without a signal: for a process that may have missed one.
void raise_cancel_signal_flag();

/// A descriptor that can be read once the event is set, made on the first call and -1 where that
/// fails.
int cancel_event();
/// Sets the event, where there is one. Async-signal-safe.
void set_cancel_event();
void clear_cancel_event();

}  // namespace windlass::runner
