#include "model/python_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace windlass {

namespace {

/// "d.ddde±x" taken apart: the digits without the point, and the exponent of the first.
struct Digits {
  bool negative = false;
  std::string digits;
  int exponent = 0;
};

Digits shortest_digits(double number) {
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  Digits out;
  if (text.front() == '-') {
    out.negative = true;
    text.remove_prefix(1);
  }
  const auto e = text.find('e');
  for (const char c : text.substr(0, e)) {
    if (c != '.') out.digits.push_back(c);
  }
  text.remove_prefix(e + 1);
  if (text.front() == '+') text.remove_prefix(1);
  std::from_chars(text.data(), text.data() + text.size(), out.exponent);
  return out;
}

/// Python's repr(float): the shortest digits, scientific below 1e-4 and from 1e16.
std::string float_text(double number) {
  Digits parts = shortest_digits(number);
  std::string& digits = parts.digits;
  std::string out = parts.negative ? "-" : "";
  const int exponent = parts.exponent;
  if (exponent < -4 || exponent >= 16) {
    out += digits.substr(0, 1);
    if (digits.size() > 1) out += '.' + digits.substr(1);
    const std::string power = std::to_string(std::abs(exponent));
    return out + (exponent < 0 ? "e-" : "e+") + (power.size() < 2 ? "0" : "") + power;
  }
  if (exponent < 0) {
    return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) digits.append(whole + 1 - digits.size(), '0');
  return out + digits.substr(0, whole) + '.' + digits.substr(whole);
}

constexpr std::array<std::string_view, 29> kSpaces{
    " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\x1c",   "\x1d",
    "\x1e",   "\x1f",   "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002",
    "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
    "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

}  // namespace

std::string python_text(const json::value& value) {
  if (value.is_string()) return std::string(to_view(value.get_string()));
  if (value.is_bool()) return value.get_bool() ? "True" : "False";
  if (value.is_null()) return "None";
  if (value.is_double()) return float_text(value.get_double());
  return to_text(value);
}

std::string_view python_strip(std::string_view text) {
  const auto first = [&] {
    return std::ranges::find_if(kSpaces, [&](auto s) { return text.starts_with(s); });
  };
  const auto last = [&] {
    return std::ranges::find_if(kSpaces, [&](auto s) { return text.ends_with(s); });
  };
  for (auto space = first(); space != kSpaces.end(); space = first())
    text.remove_prefix(space->size());
  for (auto space = last(); space != kSpaces.end(); space = last())
    text.remove_suffix(space->size());
  return text;
}

}  // namespace windlass
