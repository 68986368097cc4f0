#include "yaml_number.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "yaml_scalar.hpp"
#include "yaml_scan.hpp"

namespace windlass::jobs::internal {
namespace {

__extension__ using Wide = __int128;

constexpr Wide kFarTooLarge = Wide{1} << 100;
constexpr std::string_view kSpace = " \t\n\r\f\v";

std::string without_lines(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (c != '_') kept += c;
  }
  return kept;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(kSpace);
  if (from == std::string_view::npos) return "";
  return text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

/// Of the sign, which it takes off.
bool is_negative(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

int digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return 16;
}

/// The parts between colons.
template <class Visit>
void each_part(std::string_view text, const Visit& visit) {
  while (true) {
    const std::size_t colon = text.find(':');
    visit(text.substr(0, colon));
    if (colon == std::string_view::npos) return;
    text.remove_prefix(colon + 1);
  }
}

class Integer {
 public:
  explicit Integer(std::string_view whole) : whole_(whole) {}

  Json value() const {
    const std::string kept = without_lines(whole_);
    std::string_view text = kept;
    const bool negative = is_negative(text);
    const Wide found = magnitude(text);
    const Wide value = negative ? -found : found;
    if (value < std::numeric_limits<std::int64_t>::min() ||
        value > std::numeric_limits<std::uint64_t>::max()) {
      too_large();
    }
    return value < 0 ? Json(static_cast<std::int64_t>(value))
                     : Json(static_cast<std::uint64_t>(value));
  }

 private:
  [[noreturn]] void too_large() const {
    throw BadYamlScalar(whole_,
                        "is an integer of more than 64 bits; put it in quotes, to have text");
  }

  Wide magnitude(std::string_view text) const {
    if (text.starts_with("0b")) return digits(text.substr(2), 2, 'b');
    if (text.starts_with("0x")) return digits(text.substr(2), 16, 'x');
    if (text.starts_with('0') && text != "0") return digits(text, 8, 'o');
    Wide sum = 0;
    each_part(text, [&](std::string_view part) {
      sum = sum * 60 + digits(part, 10, '\0');
      if (sum > kFarTooLarge || sum < -kFarTooLarge) too_large();
    });
    return sum;
  }

  /// What int(text, base) gives, which takes spaces around it, a sign and the base's letter.
  Wide digits(std::string_view text, int base, char letter) const {
    text = trimmed(text);
    const bool negative = is_negative(text);
    if (letter != '\0' && text.size() > 1 && text[0] == '0' && (text[1] | 0x20) == letter) {
      text.remove_prefix(2);
    }
    if (text.empty()) throw BadYamlScalar(whole_, "is no integer");
    Wide sum = 0;
    for (const char digit : text) {
      const int value = digit_value(digit);
      if (value >= base) throw BadYamlScalar(whole_, "is no integer");
      if (sum <= kFarTooLarge) sum = sum * base + value;
    }
    if (sum > kFarTooLarge) too_large();
    return negative ? -sum : sum;
  }

  std::string_view whole_;
};

/// Whether a number that is beyond what a double holds is large, and not close to 0.
bool is_large(std::string_view text) {
  YamlScan scan(text);
  scan.run("0");
  auto power = static_cast<long>(scan.run(kDigits).size());
  if (scan.one(".")) {
    const auto zeros = static_cast<long>(scan.run("0").size());
    if (power == 0) power = -zeros;
    scan.run(kDigits);
  }
  if (!scan.one("e")) return power > 0;
  const bool negative = scan.one("-");
  scan.one("+");
  const std::string_view digits = scan.run(kDigits);
  long exponent = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (read.ec != std::errc()) return !negative;
  return power + (negative ? -exponent : exponent) > 0;
}

bool is_decimal(std::string_view text) {
  YamlScan scan(text);
  std::size_t digits = scan.run(kDigits).size();
  if (scan.one(".")) digits += scan.run(kDigits).size();
  if (digits == 0) return false;
  if (!scan.one("e")) return scan.done();
  scan.one("-+");
  return !scan.run(kDigits).empty() && scan.done();
}

/// What float(text) gives for text in lower case, which takes spaces around it and a sign.
double decimal(std::string_view text, std::string_view whole) {
  text = trimmed(text);
  const double sign = is_negative(text) ? -1 : 1;
  if (text == "inf" || text == "infinity") return sign * std::numeric_limits<double>::infinity();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (!is_decimal(text)) throw BadYamlScalar(whole, "is no number");
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc::result_out_of_range) {
    return is_large(text) ? sign * std::numeric_limits<double>::infinity() : sign * 0.0;
  }
  return sign * value;
}

/// The parts add up from the right, as in PyYAML: the order decides how sums are rounded.
double sum_of_parts(std::string_view text, std::string_view whole) {
  double sum = 0;
  long double base = 1;
  while (true) {
    const std::size_t colon = text.rfind(':');
    const std::size_t from = colon == std::string_view::npos ? 0 : colon + 1;
    sum += decimal(text.substr(from), whole) * static_cast<double>(base);
    if (from == 0) return sum;
    base *= 60;
    text = text.substr(0, colon);
  }
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Json yaml_integer(std::string_view text) {
  return Integer(text).value();
}

double yaml_float(std::string_view whole) {
  const std::string kept = lower_case(without_lines(whole));
  std::string_view text = kept;
  const double sign = is_negative(text) ? -1 : 1;
  if (text == ".inf") return sign * std::numeric_limits<double>::infinity();
  if (text == ".nan") return std::numeric_limits<double>::quiet_NaN();
  return sign * sum_of_parts(text, whole);
}

}  // namespace windlass::jobs::internal
