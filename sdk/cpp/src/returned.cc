#include "returned.hpp"

#include <cmath>
#include <windlass/jobs/format.hpp>

namespace windlass::jobs::internal {
namespace {

constexpr std::size_t kMaxDepth = 50;  // the host's JSON parser takes 64

/// Looks below `value`, whose place in the whole is `path`; `path` is as it was afterwards.
std::string fault_below(const Json& value, std::string& path, std::size_t depth) {
  if (value.kind() == Json::Kind::number && !std::isfinite(value.as_number())) {
    const double number = value.as_number();
    return path + " is " + (std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf");
  }
  if (!value.is_array() && !value.is_object()) return "";
  if (depth == kMaxDepth) return path + " is more than 50 levels deep";
  const std::size_t length = path.size();
  const auto look = [&](const Json& item, const std::string& step) {
    path += step;
    std::string fault = fault_below(item, path, depth + 1);
    path.resize(length);
    return fault;
  };
  if (value.is_array()) {
    std::size_t index = 0;
    for (const Json& item : value) {
      if (!item.is_number() && !item.is_array() && !item.is_object()) {
        ++index;
        continue;
      }
      std::string fault = look(item, format("[{}]", index++));
      if (!fault.empty()) return fault;
    }
    return "";
  }
  for (const auto& [name, item] : value.as_object()) {
    std::string fault = look(item, "." + name);
    if (!fault.empty()) return fault;
  }
  return "";
}

}  // namespace

std::string fault_of_return_value(const Json& value) {
  std::string path = "$";
  const std::string fault = fault_below(value, path, 0);
  return fault.empty() ? "" : "run() returned what JSON cannot hold: " + fault;
}

}  // namespace windlass::jobs::internal
