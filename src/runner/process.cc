#include "runner/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace windlass::runner {

Process::Process(pid_t pid)
    : pid_(pid),
      fd_(pid > 1 && pid != ::getpid() ? static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)) : -1) {
}

bool Process::ended() const {
  return wait_ended(0);
}

bool Process::wait_ended(int milliseconds) const {
  if (!fd_) return true;
  pollfd poll_for{fd_.get(), POLLIN, 0};
  int count;
  do {
    count = ::poll(&poll_for, 1, milliseconds);
  } while (count < 0 && errno == EINTR);
  return count > 0;
}

void Process::signal(int number) const {
  if (fd_) ::syscall(SYS_pidfd_send_signal, fd_.get(), number, nullptr, 0);
}

std::string_view read_proc(const char* path, char* room, std::size_t size) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::size_t used = 0;
  while (used < size) {
    const ssize_t more = ::read(file, room + used, size - used);
    if (more <= 0) break;
    used += static_cast<std::size_t>(more);
  }
  ::close(file);
  return {room, used};
}

char process_state(pid_t pid) {
  char path[40];
  char room[256];
  std::snprintf(path, sizeof path, "/proc/%d/stat", pid);
  const std::string_view stat = read_proc(path, room, sizeof room);
  // The name, in parentheses, has 15 characters at most but may hold parentheses itself.
  const auto name_end = stat.rfind(") ");
  return name_end == std::string_view::npos || name_end + 2 >= stat.size() ? '\0'
                                                                           : stat[name_end + 2];
}

double cpu_seconds(pid_t pid) {
  clockid_t clock;
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace windlass::runner
