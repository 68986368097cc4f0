/// Json to text.
#include <array>
#include <charconv>
#include <cmath>
#include <windlass/jobs/json.hpp>

#include "utf8.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace detail {
namespace {

/// Bytes that stand for themselves in a JSON string.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();

void append_escaped(std::string& out, unsigned char byte) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (byte) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xF];
  }
}

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

template <class Integer>
void append_integer(std::string& out, Integer value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t from = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (kPlain[byte]) {
      ++at;
      continue;
    }
    const std::size_t length = byte < 0x80 ? 0 : internal::character_length(text, at);
    if (length != 0) {
      at += length;
      continue;
    }
    out.append(text, from, at - from);
    if (byte < 0x80) {
      append_escaped(out, byte);
    } else {
      out += "\xEF\xBF\xBD";
    }
    from = ++at;
  }
  out.append(text, from);
  out += '"';
}

}  // namespace detail

std::string Json::dump() const {
  std::string out;
  dump_to(out);
  return out;
}

void Json::dump_to(std::string& out) const {
  char separator = 0;
  switch (kind_) {
    case Kind::null:
      out += "null";
      return;
    case Kind::boolean:
      out += payload_.integer != 0 ? "true" : "false";
      return;
    case Kind::integer:
      detail::append_integer(out, payload_.integer);
      return;
    case Kind::unsigned_integer:
      detail::append_integer(out, static_cast<std::uint64_t>(payload_.integer));
      return;
    case Kind::number:
      detail::append_number(out, payload_.number);
      return;
    case Kind::text:
      detail::append_quoted(out, *payload_.text);
      return;
    case Kind::array:
      separator = '[';
      for (const Json& item : *payload_.array) {
        out += separator;
        item.dump_to(out);
        separator = ',';
      }
      out += separator == '[' ? "[]" : "]";
      return;
    case Kind::object:
      separator = '{';
      for (const auto& [name, value] : *payload_.object) {
        out += separator;
        detail::append_quoted(out, name);
        out += ':';
        value.dump_to(out);
        separator = ',';
      }
      out += separator == '{' ? "{}" : "}";
  }
}

}  // namespace v1
}  // namespace windlass::jobs
