#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace windlass {

namespace json = boost::json;

/// Parses one JSON text. Depth is limited to 64. Error code `json.invalid`, with the position in
/// the message; also for a number beyond the range of floating point, which could not be written
/// again.
Result<json::value> parse_json(std::string_view text);
std::string to_text(const json::value& value);

/// Member of an object, or nullptr when the value is no object or has no such member.
const json::value* find(const json::value& value, std::string_view member);
/// Text of a member, or `fallback` when there is none or it is not text.
std::string get_string(const json::value& value, std::string_view member,
                       std::string_view fallback = "");
/// Whole number of a member (doubles without fraction count), or `fallback`.
std::int64_t get_int(const json::value& value, std::string_view member, std::int64_t fallback = 0);
double get_double(const json::value& value, std::string_view member, double fallback = 0);
bool get_bool(const json::value& value, std::string_view member, bool fallback = false);

inline json::string_view to_json_view(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view to_view(const json::string& text) {
  return {text.data(), text.size()};
}

}  // namespace windlass
