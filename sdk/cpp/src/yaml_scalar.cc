#include "yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <windlass/jobs/format.hpp>

#include "yaml_binary.hpp"
#include "yaml_number.hpp"
#include "yaml_timestamp.hpp"

namespace windlass::jobs::internal {
namespace {

constexpr std::size_t kMostQuoted = 60;

/// At most so much of the text, in quotes.
std::string quoted(std::string_view text) {
  std::size_t end = std::min(text.size(), kMostQuoted);
  while (end < text.size() && (text[end] & 0xC0) == 0x80) --end;
  return Json(std::string(text.substr(0, end)) + (end < text.size() ? "…" : "")).dump();
}

bool boolean(std::string_view text) {
  const std::string word = lower_case(text);
  if (word == "yes" || word == "true" || word == "on") return true;
  if (word == "no" || word == "false" || word == "off") return false;
  throw BadYamlScalar(text, "is neither true nor false");
}

/// A double as Python's repr() writes it.
std::string shortest(double value) {
  std::array<char, 32> buffer;
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                     std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  const std::size_t mark = text.find('e');
  int exponent = 0;
  const std::string_view power = text.substr(text[mark + 1] == '+' ? mark + 2 : mark + 1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  if (exponent < -4 || exponent >= 16) return std::string(text);
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed)
          .ptr;
  std::string fixed(buffer.data(), end);
  return fixed.find('.') == std::string::npos ? fixed + ".0" : fixed;
}

YamlKey float_key(std::string_view text, double value) {
  if (!std::isfinite(value)) throw BadYamlScalar(text, "is a number that cannot be a key");
  const std::string name = shortest(value);
  const bool is_whole = std::trunc(value) == value && value >= -0x1p63 && value < 0x1p64;
  if (!is_whole) return {name, "number " + name};
  const Json whole =
      value < 0 ? Json(static_cast<std::int64_t>(value)) : Json(static_cast<std::uint64_t>(value));
  return {name, "number " + whole.dump()};
}

}  // namespace

BadYamlScalar::BadYamlScalar(std::string_view text, std::string_view what)
    : std::runtime_error(quoted(text) + " " + std::string(what)) {}

Json yaml_scalar(YamlTag tag, std::string_view text) {
  switch (tag) {
    case YamlTag::null:
      return Json();
    case YamlTag::boolean:
      return Json(boolean(text));
    case YamlTag::integer:
      return yaml_integer(text);
    case YamlTag::floating:
      return Json(yaml_float(text));
    case YamlTag::timestamp:
      return Json(yaml_timestamp(text).text);
    case YamlTag::binary:
      return Json(with_replacements(yaml_bytes(text)));
    default:
      return Json(text);
  }
}

YamlKey yaml_key(YamlTag tag, std::string_view text) {
  switch (tag) {
    case YamlTag::timestamp: {
      YamlTimestamp found = yaml_timestamp(text);
      return {std::move(found.text), std::move(found.identity)};
    }
    case YamlTag::binary: {
      const std::string bytes = yaml_bytes(text);
      return {with_replacements(bytes), "bytes " + bytes};
    }
    case YamlTag::floating:
      return float_key(text, yaml_float(text));
    case YamlTag::boolean: {
      const bool value = boolean(text);
      return {value ? "true" : "false", value ? "number 1" : "number 0"};
    }
    case YamlTag::integer: {
      std::string digits = yaml_integer(text).dump();
      return {digits, "number " + digits};
    }
    case YamlTag::null:
      return {"null", "null"};
    default:
      return {std::string(text), "text " + std::string(text)};
  }
}

}  // namespace windlass::jobs::internal
