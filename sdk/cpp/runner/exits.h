#pragma once

/// The ends of processes. Job code that calls exit(), _exit(), _Exit() or quick_exit() gets the
/// runner's own, which tell the host first.

#include <optional>
#include <string>

namespace windlass::runner {

constexpr int kSoftwareError = 70;  ///< EX_SOFTWARE of sysexits.h
constexpr int kLostSocket = 74;     ///< EX_IOERR: the job closed the run socket
constexpr int kBadConfiguration = 78;

/// Ends this process at once: no handler, no destructor, no flush.
[[noreturn]] void end_process(int status);

/// Runs `load`, and comes back from it also when it calls exit() or the like in this thread; says
/// then how, such as "exit(3)". What `load` had on its stack is not destroyed.
std::optional<std::string> run_or_exit(void (*load)(void*), void* argument);

}  // namespace windlass::runner
