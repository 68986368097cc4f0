#include "runner/process_tree.h"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "runner/process.h"

namespace windlass::runner {

namespace {

/// Passes over a tree in one call: each finds only what was forked during the one before.
constexpr int kMaxPasses = 100;
/// A tree larger than this is walked in several calls.
constexpr std::size_t kMaxWalk = 100'000;

template <class Number>
void append_numbers(std::string_view text, std::vector<Number>& numbers) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    Number number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error == std::errc() && number > 0) numbers.push_back(number);
    at = next == at ? at + 1 : next;
  }
}

/// The kernel lists the children of each thread by itself.
void append_children(pid_t pid, pid_t thread, std::vector<pid_t>& children) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, thread);
  std::vector<char> room(1024);
  std::string_view text = read_proc(path, room.data(), room.size());
  while (text.size() == room.size() && room.size() < (4u << 20)) {
    room.resize(room.size() * 8);
    text = read_proc(path, room.data(), room.size());
  }
  append_numbers(text, children);
}

using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

template <class Function>
void for_each_descendant(pid_t root, Function function) {
  std::vector<pid_t> found = children_of(root);
  for (std::size_t i = 0; i < found.size() && i < kMaxWalk; ++i) {
    function(found[i]);
    const std::vector<pid_t> below = children_of(found[i]);
    found.insert(found.end(), below.begin(), below.end());
  }
}

std::int64_t resident_bytes(pid_t pid) {
  char path[40];
  char room[128];
  std::snprintf(path, sizeof path, "/proc/%d/statm", pid);
  std::vector<std::int64_t> pages;  // the first, all that is mapped, may be beyond 32 bits
  append_numbers(read_proc(path, room, sizeof room), pages);
  static const std::int64_t page = ::sysconf(_SC_PAGESIZE);
  return pages.size() < 2 ? 0 : pages[1] * page;
}

std::int64_t proportional_bytes(pid_t pid) {
  char path[40];
  char room[1024];
  std::snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
  const std::string_view text = read_proc(path, room, sizeof room);
  const auto at = text.find("\nPss:");
  if (at == std::string_view::npos) return resident_bytes(pid);
  std::vector<std::int64_t> kibibytes;
  append_numbers(text.substr(at + 5, text.find('\n', at + 5) - at - 5), kibibytes);
  return kibibytes.empty() ? 0 : kibibytes[0] * 1024;
}

template <class Measure>
TreeMemory measure_tree(pid_t root, Measure measure) {
  TreeMemory memory{measure(root), 1};
  if (!look_at(root).children) return memory;
  for_each_descendant(root, [&](pid_t pid) {
    memory.bytes += measure(pid);
    ++memory.processes;
  });
  return memory;
}

}  // namespace

Household look_at(pid_t pid) {
  char path[64];
  struct stat status {};
  std::snprintf(path, sizeof path, "/proc/%d/task", pid);
  if (::stat(path, &status) != 0 || status.st_nlink < 3) return {};
  Household household{static_cast<int>(status.st_nlink) - 2, false};
  if (household.threads > 1) {
    household.children = !children_of(pid).empty();
    return household;
  }
  char room[16];
  std::snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
  household.children = !read_proc(path, room, sizeof room).empty();
  return household;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  char path[40];
  std::snprintf(path, sizeof path, "/proc/%d/task", pid);
  const Folder tasks(::opendir(path), ::closedir);
  if (tasks == nullptr) return children;
  while (const dirent* entry = ::readdir(tasks.get())) {
    if (const pid_t thread = std::atoi(entry->d_name); thread > 0)
      append_children(pid, thread, children);
  }
  return children;
}

TreeEnd::TreeEnd(pid_t root) : root_(root) {
  ::kill(root, SIGSTOP);
}

bool TreeEnd::step() {
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    bool found_new = false;
    bool alive = false;
    for_each_descendant(root_, [&](pid_t pid) {
      const char state = process_state(pid);
      if (state == '\0' || state == 'Z' || state == 'X') return;
      alive = true;
      if (!killed_.insert(pid).second) return;
      // From here on it forks no more, so the children read after this are all that it will have.
      ::kill(pid, SIGKILL);
      found_new = true;
    });
    if (!found_new) return alive;
  }
  return true;
}

void kill_tree(pid_t root) {
  TreeEnd(root).step();
  ::kill(root, SIGKILL);
}

TreeMemory resident_memory(pid_t root) {
  return measure_tree(root, resident_bytes);
}
TreeMemory proportional_memory(pid_t root) {
  return measure_tree(root, proportional_bytes);
}

bool end_orphans(const std::function<bool(pid_t)>& known) {
  const pid_t session = ::getsid(0);
  bool left = false;
  for (const pid_t pid : children_of(::getpid())) {
    if (known(pid) || ::getsid(pid) == session) continue;
    kill_tree(pid);
    ::waitpid(pid, nullptr, WNOHANG);
    left = true;  // its children may have fallen to us after the list was read
  }
  return left;
}

}  // namespace windlass::runner
