#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/files.h"

namespace windlass::runner {

/// A process that a later one with the same number cannot be mistaken for (pidfd). Thread-safe but
/// for assignment.
class Process {
 public:
  Process() = default;
  /// Numbers that no runner can have (1, our own) give a process that has ended.
  explicit Process(pid_t pid);
  pid_t pid() const { return pid_; }
  /// Readable for a poll when the process has ended, reaped or not. -1 when it had ended before it
  /// was opened.
  int descriptor() const { return fd_.get(); }
  bool ended() const;
  void signal(int number) const;
  /// Waits until it has ended, at most so long. For tests and for what has been killed.
  bool wait_ended(int milliseconds) const;

 private:
  pid_t pid_ = -1;
  UniqueFd fd_;
};

/// The first bytes of a file below /proc, at most `room`; "" when it cannot be read.
std::string_view read_proc(const char* path, char* room, std::size_t size);
/// The letter of /proc/<pid>/stat ('R', 'S', 'T', 'Z', …), 0 when there is no such process.
char process_state(pid_t pid);
/// Processor time of the process itself so far, in seconds; 0 when it cannot be told.
double cpu_seconds(pid_t pid);

}  // namespace windlass::runner
