#include "runner/out_of_memory.h"

#include <unistd.h>

#include <charconv>
#include <string_view>
#include <vector>

#include "runner/process.h"

namespace windlass::runner {

namespace {

constexpr Micros kInterval = std::chrono::seconds(1);

/// The file that counts for our control group, or for the machine. Its line reads "oom_kill 3".
std::string counter_file() {
  char room[4096];
  const std::string_view groups = read_proc("/proc/self/cgroup", room, sizeof room);
  if (const auto at = groups.find("0::"); at != std::string_view::npos) {
    const std::string_view path = groups.substr(at + 3, groups.find('\n', at) - at - 3);
    std::string events = "/sys/fs/cgroup" + std::string(path) + "/memory.events";
    if (::access(events.c_str(), R_OK) == 0) return events;
  }
  return "/proc/vmstat";
}

}  // namespace

OutOfMemoryWatch::OutOfMemoryWatch()
    : file_(counter_file()), before_(read()), latest_(before_), sampled_at_(0) {}

void OutOfMemoryWatch::sample(Micros now) {
  if (now - sampled_at_ < kInterval) return;
  before_ = now - sampled_at_ < 2 * kInterval ? latest_ : read();
  latest_ = read();
  sampled_at_ = now;
}

bool OutOfMemoryWatch::rose() const {
  return read() > before_;
}

std::int64_t OutOfMemoryWatch::read() const {
  std::vector<char> room(16 << 10);
  const std::string_view text = read_proc(file_.c_str(), room.data(), room.size());
  constexpr std::string_view kName = "oom_kill ";
  for (auto at = text.find(kName); at != std::string_view::npos; at = text.find(kName, at + 1)) {
    if (at != 0 && text[at - 1] != '\n') continue;
    std::int64_t count = 0;
    std::from_chars(text.data() + at + kName.size(), text.data() + text.size(), count);
    return count;
  }
  return 0;
}

}  // namespace windlass::runner
