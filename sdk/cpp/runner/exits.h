#pragma once

/// The ends of processes. Job code that calls exit(), _exit(), _Exit() or quick_exit() gets the
/// runner's own, which tell the host first.

namespace windlass::runner {

constexpr int kSoftwareError = 70;  ///< EX_SOFTWARE of sysexits.h
constexpr int kLostSocket = 74;     ///< EX_IOERR: the job closed the run socket
constexpr int kBadConfiguration = 78;

/// Ends this process at once: no handler, no destructor, no flush.
[[noreturn]] void end_process(int status);

}  // namespace windlass::runner
