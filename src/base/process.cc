#include "base/process.h"

#include <unistd.h>

#include <optional>

#include "base/files.h"
#include "base/text.h"

namespace windlass {

namespace {

/// Where process numbers mean what they mean here: this boot of this machine, this container.
std::string here() {
  auto boot = read_file("/proc/sys/kernel/random/boot_id");
  std::error_code error;
  const auto space =
      std::filesystem::read_symlink("/proc/self/ns/pid", error);  // "pid:[4026531836]"
  std::string digits;
  for (const char c : space.string()) {
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  return (boot ? std::string(strip(*boot)) : "unknown") + "." + digits;
}

/// When the process started, in ticks since boot: tells it from a later one with the same number.
/// Nullopt without such a process.
std::optional<std::string> start_ticks(std::string_view pid) {
  const auto stat = read_file("/proc/" + std::string(pid) + "/stat");
  if (!stat) return std::nullopt;
  // The second field is the program's name in parentheses, which may hold anything; state is the
  // third, start time the 22nd.
  const auto after_name = stat->rfind(')');
  if (after_name == std::string::npos) return std::nullopt;
  const auto fields = split(strip(std::string_view(*stat).substr(after_name + 1)), ' ');
  if (fields.size() < 20 || fields[0] == "Z" || fields[0] == "X") return std::nullopt;
  return std::string(fields[19]);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string instance_marker(const Uuid& id) {
  const std::string pid = std::to_string(getpid());
  return here() + ":" + pid + ":" + start_ticks(pid).value_or("0") + ":" + id.to_string();
}

InstanceState instance_state(std::string_view marker) {
  const auto parts = split(marker, ':');
  if (parts.size() != 4 || !is_number(parts[1]) || parts[0] != here())
    return InstanceState::kElsewhere;
  return start_ticks(parts[1]) == std::string(parts[2]) ? InstanceState::kAlive
                                                        : InstanceState::kGone;
}

}  // namespace windlass
