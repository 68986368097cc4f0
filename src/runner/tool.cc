#include "runner/tool.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <future>

#include "base/text.h"
#include "runner/frame.h"
#include "runner/process.h"
#include "runner/process_tree.h"

namespace windlass::runner {

namespace {

using Steady = std::chrono::steady_clock;

constexpr int kLookMs = 100;
constexpr int kDeathWaitMs = 1;
constexpr auto kPatience = std::chrono::seconds(10);
/// A longer line is told in pieces.
constexpr std::size_t kLongestLine = 32 << 10;

/// Parts what comes into lines. A carriage return ends one too, as of progress bars.
class Lines {
 public:
  explicit Lines(const std::function<void(std::string_view)>& told) : told_(told) {}
  void add(std::string_view text) {
    for (const char c : text) {
      if (c == '\n' || c == '\r' || line_.size() >= kLongestLine) tell();
      if (c != '\n' && c != '\r') line_.push_back(c);
    }
  }
  void tell() {
    if (!strip(line_).empty()) told_(to_valid_utf8(line_));
    line_.clear();
  }

 private:
  const std::function<void(std::string_view)>& told_;
  std::string line_;
};

/// What can be read now. False at its end.
bool read_some(const UniqueFd& output, Lines& lines) {
  char room[4096];
  for (;;) {
    const ssize_t size = ::read(output.get(), room, sizeof room);
    if (size > 0) {
      lines.add({room, static_cast<std::size_t>(size)});
    } else if (size == 0) {
      return false;
    } else if (errno != EINTR) {
      return true;
    }
  }
}

void end_tree(const Process& process) {
  TreeEnd tree(process.pid());
  const auto deadline = Steady::now() + kPatience;
  while (tree.step() && Steady::now() < deadline) ::poll(nullptr, 0, kDeathWaitMs);
  process.signal(SIGKILL);
}

/// What a program leaves behind falls to this process.
void end_leavings() {
  const auto deadline = Steady::now() + kPatience;
  while (end_orphans(is_our_program) && Steady::now() < deadline) ::poll(nullptr, 0, kDeathWaitMs);
}

}  // namespace

Result<ToolEnd> run_tool(Tool tool, const std::function<void(std::string_view line)>& told,
                         const std::function<bool()>& proceed) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  WL_TRY(auto output, make_pipe());
  const auto deadline = Steady::now() + tool.time_limit;
  const bool limited = tool.time_limit > Micros(0);
  SpawnPlan plan;
  plan.command = std::move(tool.command);
  plan.environment = std::move(tool.environment);
  plan.output = std::move(output.second);
  plan.account = std::move(tool.account);
  plan.folder = std::move(tool.folder);
  Spawner spawner;  // outlives the program, which would end with it
  std::promise<Result<pid_t>> started;
  spawner.spawn(std::move(plan), [&](Result<pid_t> pid) { started.set_value(std::move(pid)); });
  WL_TRY(const pid_t pid, started.get_future().get());

  const Process process(pid);
  Lines lines(told);
  ToolEnd end;
  bool open = true;
  while (!process.ended()) {
    pollfd waits[] = {{process.descriptor(), POLLIN, 0},
                      {open ? output.first.get() : -1, POLLIN, 0}};
    ::poll(waits, 2, kLookMs);
    if (open) open = read_some(output.first, lines);
    const bool timed_out = limited && Steady::now() >= deadline;
    if (end.how != ToolEnd::How::kExited || (!timed_out && proceed())) continue;
    end.how = timed_out ? ToolEnd::How::kTimedOut : ToolEnd::How::kStopped;
    end_tree(process);
  }
  while (::waitpid(pid, &end.wait_status, 0) < 0 && errno == EINTR) {
  }
  forget_program(pid);
  end_leavings();
  read_some(output.first, lines);
  lines.tell();
  return end;
}

}  // namespace windlass::runner
