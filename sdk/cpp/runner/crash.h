#pragma once

/// Crashes of a run: SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, and std::terminate().
///
/// The handler runs on a stack of its own, sends the run's result with where the crash happened,
/// and lets the signal end the process. Where names cannot be found any more, because the heap is
/// broken or a lock is held, the addresses go without them.

namespace windlass::runner {

/// Takes std::terminate(), in a module's load as in a run.
void watch_for_terminate();

/// Takes those signals as well. Outside of a run they do what they do in any program; what is
/// forked later has both.
void watch_for_crashes();

}  // namespace windlass::runner
