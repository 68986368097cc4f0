#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "runner/pool.h"
#include "runner/process.h"
#include "runner/process_tree.h"

namespace windlass::runner {

namespace {

/// Where a process keeps its environment the kernel shows this much of it at most.
constexpr std::size_t kEnvironmentRoom = 256 << 10;
constexpr auto kPatience = std::chrono::seconds(10);
constexpr int kPatienceMs = 1'000;
constexpr int kDeathWaitMs = 1;

bool is_marked(pid_t pid, const std::string& entry, std::vector<char>& room) {
  const std::string path = "/proc/" + std::to_string(pid) + "/environ";
  const std::string_view environment = read_proc(path.c_str(), room.data(), room.size());
  for (auto at = environment.find(entry); at != std::string_view::npos;
       at = environment.find(entry, at + 1)) {
    const auto end = at + entry.size();
    if ((at == 0 || environment[at - 1] == '\0') &&
        (end == environment.size() || environment[end] == '\0'))
      return true;
  }
  return false;
}

std::vector<pid_t> marked_processes(const std::string& entry) {
  std::vector<pid_t> found;
  std::vector<char> room(kEnvironmentRoom);
  std::error_code error;
  for (const auto& folder : std::filesystem::directory_iterator("/proc", error)) {
    const pid_t pid = std::atoi(folder.path().filename().c_str());
    if (pid > 0 && pid != ::getpid() && is_marked(pid, entry, room)) found.push_back(pid);
  }
  return found;
}

}  // namespace

int end_leftovers(const std::string& instance) {
  const std::string entry = "WL_RUNNER_INSTANCE=" + instance;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::unordered_set<pid_t> ended;
  do {
    std::vector<Process> dying;
    for (const pid_t pid : marked_processes(entry)) dying.emplace_back(pid);
    if (dying.empty()) break;
    // All stopped before any is killed, so that none starts something while the others are walked.
    std::vector<TreeEnd> trees;
    for (const Process& process : dying) trees.emplace_back(process.pid());
    for (TreeEnd& tree : trees) {
      while (tree.step() && std::chrono::steady_clock::now() < deadline)
        ::poll(nullptr, 0, kDeathWaitMs);
      ended.insert(tree.killed().begin(), tree.killed().end());
    }
    for (const Process& process : dying) {
      process.signal(SIGKILL);
      process.wait_ended(kPatienceMs);
      ended.insert(process.pid());
    }
  } while (std::chrono::steady_clock::now() < deadline);
  return static_cast<int>(ended.size());
}

}  // namespace windlass::runner
