#include "returned.hpp"

#include <cmath>
#include <windlass/jobs/format.hpp>

namespace windlass::jobs::internal {
namespace {

constexpr std::size_t kMaxDepth = 50;  // the host's JSON parser takes 64
constexpr std::size_t kMiB = 1024 * 1024;
constexpr std::size_t kMaxText = 63 * kMiB;  // the rest of a frame is for what stands around it

/// Goes through a value once.
class Walk {
 public:
  /// What is wrong below `value`, which lies `depth` levels deep at path(); "" where nothing is.
  std::string fault(const Json& value, std::size_t depth) {
    ++least_bytes_;
    if (value.is_string()) least_bytes_ += value.as_string().size();
    if (value.kind() == Json::Kind::number && !std::isfinite(value.as_number())) {
      const double number = value.as_number();
      return path_ + " is " + (std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf");
    }
    if (!value.is_array() && !value.is_object()) return "";
    if (depth == kMaxDepth) return path_ + " is more than 50 levels deep";
    return value.is_array() ? fault_of_items(value, depth) : fault_of_members(value, depth);
  }

  /// The JSON text has at least so many bytes.
  std::size_t least_bytes() const { return least_bytes_; }

 private:
  std::string fault_of_items(const Json& value, std::size_t depth) {
    const std::size_t length = path_.size();
    std::size_t index = 0;
    for (const Json& item : value) {
      detail::append_formatted(path_, "[{}]", {{detail::Argument::of(index++)}});
      std::string found = fault(item, depth + 1);
      path_.resize(length);
      if (!found.empty()) return found;
    }
    return "";
  }

  std::string fault_of_members(const Json& value, std::size_t depth) {
    const std::size_t length = path_.size();
    for (const auto& [name, item] : value.as_object()) {
      least_bytes_ += name.size();
      path_.append(1, '.').append(name);
      std::string found = fault(item, depth + 1);
      path_.resize(length);
      if (!found.empty()) return found;
    }
    return "";
  }

  std::string path_ = "$";
  std::size_t least_bytes_ = 0;
};

}  // namespace

std::string fault_of_return_value(const Json& value) {
  Walk walk;
  const std::string fault = walk.fault(value, 0);
  if (!fault.empty()) return "run() returned what JSON cannot hold: " + fault;
  // A byte of text takes six at most, and a number no more than 24.
  if (walk.least_bytes() < kMaxText / 24) return "";
  const std::size_t bytes = value.dump().size();
  if (bytes <= kMaxText) return "";
  return format("run() returned {} MiB of JSON; at most 63 MiB can be kept", bytes / kMiB);
}

}  // namespace windlass::jobs::internal
