#include "server/rest/json_writer.h"

#include <charconv>
#include <cmath>
#include <cstring>

namespace windlass::rest {

namespace {

constexpr char kHex[] = "0123456789abcdef";

constexpr bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// How many bytes at the beginning need no escape, in steps of eight: most texts need none at all.
std::size_t clean_prefix(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  const auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighBits; };
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    const std::uint64_t control = (word - kOnes * 0x20) & ~word & kHighBits;
    if (control | has_zero(word ^ kOnes * '"') | has_zero(word ^ kOnes * '\\')) break;
  }
  return at;
}

/// Writes `value` as exactly `digits` decimal digits and returns what follows them.
char* put_digits(char* at, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return at + digits;
}

}  // namespace

void JsonWriter::key(std::string_view name) {
  separate();
  out_.push_back('"');
  append_escaped(name);
  out_ += "\":";
  need_comma_ = false;
}

void JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
}

void JsonWriter::integer(std::int64_t value) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  raw({text, static_cast<std::size_t>(end - text)});
}

void JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();  // JSON has no such number
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  const std::string_view written{text, static_cast<std::size_t>(end - text)};
  raw(written);
  if (written.find_first_of(".e") == std::string_view::npos) out_ += ".0";
}

void JsonWriter::text(std::string_view value) {
  begin_text();
  append_escaped(value);
  end_text();
}

void JsonWriter::plain_part(const Uuid& id) {
  char text[36];
  char* at = text;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *at++ = '-';
    *at++ = kHex[id.bytes[i] >> 4];
    *at++ = kHex[id.bytes[i] & 15];
  }
  out_.append(text, sizeof text);
}

void JsonWriter::plain_part(TimePoint time, char separator) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[26];
  char* at = put_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *at++ = '-';
  at = put_digits(at, static_cast<unsigned>(date.month()), 2);
  *at++ = '-';
  at = put_digits(at, static_cast<unsigned>(date.day()), 2);
  *at++ = separator;
  at = put_digits(at, static_cast<unsigned>(clock.hours().count()), 2);
  *at++ = ':';
  at = put_digits(at, static_cast<unsigned>(clock.minutes().count()), 2);
  *at++ = ':';
  at = put_digits(at, static_cast<unsigned>(clock.seconds().count()), 2);
  *at++ = '.';
  put_digits(at, static_cast<unsigned>(clock.subseconds().count()), 6);
  out_.append(text, sizeof text);
}

void JsonWriter::id(const Uuid& value) {
  begin_text();
  plain_part(value);
  end_text();
}

void JsonWriter::time(TimePoint value) {
  begin_text();
  plain_part(value, 'T');
  out_ += "Z\"";
}

void JsonWriter::value(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return null();
    case json::kind::bool_:
      return boolean(value.get_bool());
    case json::kind::int64:
      return integer(value.get_int64());
    case json::kind::double_:
      return number(value.get_double());
    case json::kind::string:
      return text(to_view(value.get_string()));
    case json::kind::uint64: {
      char out[24];
      const auto end = std::to_chars(out, out + sizeof out, value.get_uint64()).ptr;
      return raw({out, static_cast<std::size_t>(end - out)});
    }
    case json::kind::array:
      begin_array();
      for (const json::value& item : value.get_array()) this->value(item);
      return end_array();
    case json::kind::object:
      begin_object();
      for (const auto& member : value.get_object()) {
        key({member.key().data(), member.key().size()});
        this->value(member.value());
      }
      return end_object();
  }
}

void JsonWriter::append_escaped(std::string_view text) {
  std::size_t done = 0;
  for (std::size_t i = clean_prefix(text); i < text.size(); ++i) {
    const char c = text[i];
    if (!needs_escape(c)) [[likely]]
      continue;
    out_.append(text, done, i - done);
    done = i + 1;
    switch (c) {
      case '"':
        out_ += "\\\"";
        break;
      case '\\':
        out_ += "\\\\";
        break;
      case '\n':
        out_ += "\\n";
        break;
      case '\r':
        out_ += "\\r";
        break;
      case '\t':
        out_ += "\\t";
        break;
      default:
        out_ += "\\u00";
        out_.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
        out_.push_back(kHex[c & 15]);
    }
  }
  out_.append(text, done, text.size() - done);
}

}  // namespace windlass::rest
