#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/error.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "base/json_reader.h"

namespace windlass {

namespace {

constexpr std::size_t kMaxDepth = 64;

}  // namespace

Result<json::value> parse_json(std::string_view text) {
  static thread_local JsonReader reader(kMaxDepth);
  json::error_code error;
  std::size_t used = 0;
  json::value value = reader.read(text, error, used);
  if (!error) return value;
  if (error == json::error::exponent_overflow) {
    return Error{"json.invalid", "JSON parse error - a number is out of range."};
  }
  const auto upto = text.substr(0, std::min(used, text.size()));
  const auto line = 1 + std::count(upto.begin(), upto.end(), '\n');
  const auto line_start = upto.rfind('\n');
  const auto column = line_start == std::string_view::npos ? used + 1 : used - line_start;
  return Error{"json.invalid", fmt::format("JSON parse error - {}: line {} column {} (char {})",
                                           error.message(), line, column, used)};
}

std::string to_text(const json::value& value) {
  return json::serialize(value);
}

const json::value* find(const json::value& value, std::string_view member) {
  const json::object* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(to_json_view(member));
}

std::string get_string(const json::value& value, std::string_view member,
                       std::string_view fallback) {
  const json::value* found = find(value, member);
  if (found == nullptr || !found->is_string()) return std::string(fallback);
  return std::string(to_view(found->get_string()));
}

std::int64_t get_int(const json::value& value, std::string_view member, std::int64_t fallback) {
  const json::value* found = find(value, member);
  if (found == nullptr) return fallback;
  if (found->is_int64()) return found->get_int64();
  if (found->is_double() && std::trunc(found->get_double()) == found->get_double() &&
      std::abs(found->get_double()) < 9e15) {
    return static_cast<std::int64_t>(found->get_double());
  }
  return fallback;
}

double get_double(const json::value& value, std::string_view member, double fallback) {
  const json::value* found = find(value, member);
  if (found == nullptr) return fallback;
  if (found->is_double()) return found->get_double();
  if (found->is_int64()) return static_cast<double>(found->get_int64());
  if (found->is_uint64()) return static_cast<double>(found->get_uint64());
  return fallback;
}

bool get_bool(const json::value& value, std::string_view member, bool fallback) {
  const json::value* found = find(value, member);
  return found != nullptr && found->is_bool() ? found->get_bool() : fallback;
}

}  // namespace windlass
