#pragma once

/// Crashes of a run: SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, and std::terminate().
///
/// The handler runs on a stack of its own, sends the run's result with where the crash happened,
/// and lets the signal end the process. Where names cannot be found any more, because the heap is
/// broken or a lock is held, the addresses go without them.

namespace windlass::runner {

/// Takes those signals and std::terminate(); what is forked later has them too. Outside of a run
/// they do what they do in any program.
void watch_for_crashes();

}  // namespace windlass::runner
