#include "format_spec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "utf8.hpp"

namespace windlass::jobs::internal {
namespace {

using Kind = detail::Argument::Kind;
constexpr int kWidest = 4096;

bool is_align(char c) {
  return c == '<' || c == '>' || c == '^';
}

/// Takes digits off the front of `text`; none is `missing`.
int take_number(std::string_view& text, int missing) {
  int number = missing;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
  return std::min(number, kWidest);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string first_characters(std::string_view text, std::size_t most) {
  std::size_t at = 0;
  for (std::size_t taken = 0; taken < most && at < text.size(); ++taken) {
    at += std::max<std::size_t>(1, character_length(text, at));
  }
  return std::string(text.substr(0, at));
}

std::string sign_of(bool negative, char sign) {
  if (negative) return "-";
  return sign == '-' ? "" : std::string(1, sign);
}

struct Number {
  std::string sign;
  std::string prefix;
  std::string digits;
};

std::optional<Number> integer_of(const FormatSpec& spec, std::uint64_t size, bool negative) {
  int base = 10;
  std::string_view prefix;
  switch (spec.type) {
    case 'x':
    case 'X':
      base = 16;
      prefix = spec.type == 'x' ? "0x" : "0X";
      break;
    case 'b':
      base = 2;
      prefix = "0b";
      break;
    case 'o':
      base = 8;
      prefix = "0";
      break;
    case 0:
    case 'd':
      break;
    default:
      return std::nullopt;
  }
  std::array<char, 72> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, base).ptr;
  Number made{sign_of(negative, spec.sign), std::string(spec.alternate ? prefix : ""),
              std::string(digits.data(), end)};
  if (spec.type == 'X') {
    for (char& c : made.digits) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return made;
}

std::optional<Number> number_of(const FormatSpec& spec, double value) {
  std::chars_format form = std::chars_format::general;
  int precision = spec.precision;
  switch (spec.type) {
    case 'f':
    case 'F':
      form = std::chars_format::fixed;
      break;
    case 'e':
    case 'E':
      form = std::chars_format::scientific;
      break;
    case 'g':
    case 'G':
    case 0:
      break;
    default:
      return std::nullopt;
  }
  if (spec.type != 0 && precision < 0) precision = 6;
  std::array<char, 512> digits;
  char* const begin = digits.data();
  char* const limit = begin + digits.size();
  const double size = std::abs(value);
  auto result = spec.type == 0 && precision < 0
                    ? std::to_chars(begin, limit, size)
                    : std::to_chars(begin, limit, size, form, precision);
  if (result.ec != std::errc()) result = std::to_chars(begin, limit, size);
  std::string text(begin, result.ptr);
  if (spec.type == 0 && precision < 0 && std::isfinite(value) &&
      text.find_first_of(".e") == std::string::npos) {
    text += ".0";
  }
  return Number{sign_of(std::signbit(value), spec.sign), "", std::move(text)};
}

void append_padded(std::string& out, const FormatSpec& spec, std::string_view text, char align) {
  const std::size_t length = characters(text);
  const std::size_t width = static_cast<std::size_t>(spec.width);
  const std::size_t missing = width > length ? width - length : 0;
  const std::size_t before = align == '>' ? missing : align == '^' ? missing / 2 : 0;
  for (std::size_t at = 0; at < before; ++at) out += spec.fill;
  out += text;
  for (std::size_t at = before; at < missing; ++at) out += spec.fill;
}

void append_number(std::string& out, const FormatSpec& spec, const Number& number) {
  std::string text = number.sign;
  text.append(number.prefix);
  if (spec.zero && spec.align == 0) {
    const std::size_t length = text.size() + number.digits.size();
    const std::size_t width = static_cast<std::size_t>(spec.width);
    if (width > length) text.append(width - length, '0');
  }
  text += number.digits;
  append_padded(out, spec, text, spec.align == 0 ? '>' : spec.align);
}

bool append_text(std::string& out, const FormatSpec& spec, std::string_view text) {
  if (spec.type != 0 && spec.type != 's') return false;
  const std::string cut = spec.precision < 0
                              ? std::string(text)
                              : first_characters(text, static_cast<std::size_t>(spec.precision));
  append_padded(out, spec, cut, spec.align == 0 ? '<' : spec.align);
  return true;
}

}  // namespace

std::optional<FormatSpec> FormatSpec::parse(std::string_view text) {
  FormatSpec spec;
  const std::size_t first = text.empty() ? 0 : std::max<std::size_t>(1, character_length(text, 0));
  if (text.size() > first && is_align(text[first])) {
    spec.fill = std::string(text.substr(0, first));
    spec.align = text[first];
    text.remove_prefix(first + 1);
  } else if (!text.empty() && is_align(text[0])) {
    spec.align = text[0];
    text.remove_prefix(1);
  }
  const auto take = [&](std::string_view wanted) -> char {
    if (text.empty() || wanted.find(text[0]) == std::string_view::npos) return 0;
    const char taken = text[0];
    text.remove_prefix(1);
    return taken;
  };
  if (const char sign = take("+- ")) spec.sign = sign;
  spec.alternate = take("#") != 0;
  spec.zero = take("0") != 0;
  spec.width = take_number(text, 0);
  if (take(".") != 0) {
    spec.precision = take_number(text, -1);
    if (spec.precision < 0) return std::nullopt;
  }
  spec.type = take("sdxXbofFeEgGc");
  if (!text.empty()) return std::nullopt;
  return spec;
}

bool FormatSpec::append(std::string& out, const detail::Argument& argument) const {
  switch (argument.kind()) {
    case Kind::boolean:
      return append_text(out, *this, argument.integer() != 0 ? "true" : "false");
    case Kind::character: {
      const char character = argument.character();
      FormatSpec as_text = *this;
      if (type == 'c') as_text.type = 0;
      return append_text(out, as_text, std::string_view(&character, 1));
    }
    case Kind::integer:
    case Kind::unsigned_integer: {
      const bool negative = argument.kind() == Kind::integer && argument.integer() < 0;
      const auto bits = static_cast<std::uint64_t>(argument.integer());
      const bool as_number =
          type != 0 && std::string_view("fFeEgG").find(type) != std::string_view::npos;
      const auto number = as_number ? number_of(*this, static_cast<double>(argument.integer()))
                                    : integer_of(*this, negative ? 0 - bits : bits, negative);
      if (number) append_number(out, *this, *number);
      return number.has_value();
    }
    case Kind::number: {
      const auto number = number_of(*this, argument.number());
      if (number) append_number(out, *this, *number);
      return number.has_value();
    }
    case Kind::text:
      return append_text(out, *this, argument.text());
    default:
      return append_text(out, *this, argument.shown());
  }
}

}  // namespace windlass::jobs::internal
