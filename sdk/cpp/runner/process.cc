#include "process.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace windlass::runner {
namespace {

std::string read_all(const std::string& path) {
  std::string text;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return text;
  char block[4096];
  for (;;) {
    const ssize_t count = ::read(descriptor, block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(block, static_cast<size_t>(count));
  }
  ::close(descriptor);
  return text;
}

/// Calls `use` with each entry of the folder that is a number.
template <typename Use>
bool for_each_number_in(const char* folder, Use use) {
  DIR* directory = ::opendir(folder);
  if (directory == nullptr) return false;
  while (const dirent* entry = ::readdir(directory)) {
    char* end = nullptr;
    const long number = std::strtol(entry->d_name, &end, 10);
    if (end != entry->d_name && *end == '\0') use(static_cast<int>(number), ::dirfd(directory));
  }
  ::closedir(directory);
  return true;
}

/// Kernels without CONFIG_PROC_CHILDREN: the fourth field of stat, counted from the end of the
/// name, is the parent.
std::vector<pid_t> children_by_scan(pid_t parent) {
  std::vector<pid_t> found;
  for_each_number_in("/proc", [&](int pid, int) {
    const std::string stat = read_all("/proc/" + std::to_string(pid) + "/stat");
    const size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos || name_end + 4 >= stat.size()) return;
    if (std::atoi(stat.c_str() + name_end + 4) == parent) found.push_back(pid);
  });
  return found;
}

bool kernel_lists_children() {
  const std::string self = std::to_string(::getpid());
  static const bool does =
      ::access(("/proc/" + self + "/task/" + self + "/children").c_str(), F_OK) == 0;
  return does;
}

}  // namespace

void bind_to_parent(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::getppid() != parent) ::_exit(0);  // it ended before the signal was asked for
  adopt_orphans();
}

void adopt_orphans() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void die_with_spawner() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

void outlive_spawner() {
  ::prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
}

int thread_count() {
  // The folder of tasks has a link more for each of them: one system call, no listing.
  struct stat tasks;
  if (::stat("/proc/self/task", &tasks) != 0) return 1;
  return std::max(1, static_cast<int>(tasks.st_nlink) - 2);
}

void close_all_above(int last_kept) {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, static_cast<unsigned>(last_kept + 1), UINT_MAX, 0U) == 0) return;
#endif
  std::vector<int> open;
  for_each_number_in("/proc/self/fd", [&](int number, int listing) {
    if (number > last_kept && number != listing) open.push_back(number);
  });
  for (const int descriptor : open) ::close(descriptor);
}

std::vector<pid_t> children_of(pid_t pid) {
  if (!kernel_lists_children()) return children_by_scan(pid);
  std::vector<pid_t> found;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task/";
  for_each_number_in(tasks.c_str(), [&](int task, int) {
    const std::string text = read_all(tasks + std::to_string(task) + "/children");
    const char* at = text.c_str();
    for (char* end = nullptr;; at = end) {
      const long child = std::strtol(at, &end, 10);
      if (end == at) break;
      found.push_back(static_cast<pid_t>(child));
    }
  });
  return found;
}

std::vector<pid_t> end_trees(std::vector<pid_t> roots) {
  std::vector<pid_t> seen;
  std::vector<pid_t> denied;
  const auto send = [&](pid_t pid, int number) {
    if (::kill(pid, number) != 0 && errno == EPERM) denied.push_back(pid);
  };
  while (!roots.empty()) {
    const pid_t pid = roots.back();
    roots.pop_back();
    if (std::find(seen.begin(), seen.end(), pid) != seen.end()) continue;
    seen.push_back(pid);
    send(pid, SIGSTOP);
    const std::vector<pid_t> children = children_of(pid);
    roots.insert(roots.end(), children.begin(), children.end());
  }
  for (const pid_t pid : seen) send(pid, SIGKILL);
  return denied;
}

}  // namespace windlass::runner
