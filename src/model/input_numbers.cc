#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "model/input_types.h"
#include "model/python_text.h"

namespace windlass {

namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
/// From here on a double may stand for several whole numbers.
constexpr double kExact = 9007199254740992.0;

/// A whole number, or that it lies outside of 64 bits, or neither.
struct Whole {
  enum class Is { kNumber, kTooSmall, kTooLarge, kNone } is = Is::kNone;
  std::int64_t number = 0;
};

/// "5", " 5 ", "+5", "5.0", "5.".
Whole parse_whole(std::string_view text) {
  text = python_strip(text);
  const auto point = text.find('.');
  if (point != std::string_view::npos) {
    if (text.find_first_not_of('0', point + 1) != std::string_view::npos) return {};
    text = text.substr(0, point);
  }
  const bool plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  Whole out;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out.number);
  const bool whole_text = end == text.data() + text.size() && !text.empty();
  if (!whole_text || (plus && text.front() == '-')) return {};
  const bool minus = text.front() == '-';
  out.is = problem == std::errc()                      ? Whole::Is::kNumber
           : problem != std::errc::result_out_of_range ? Whole::Is::kNone
           : minus                                     ? Whole::Is::kTooSmall
                                                       : Whole::Is::kTooLarge;
  return out;
}

Whole whole_number(const json::value& given) {
  if (given.is_int64()) return {Whole::Is::kNumber, given.get_int64()};
  if (given.is_uint64()) return {Whole::Is::kTooLarge};
  if (given.is_string()) return parse_whole(to_view(given.get_string()));
  if (!given.is_double()) return {};
  const double number = given.get_double();
  if (std::trunc(number) != number || std::abs(number) > kExact) return {};
  return {Whole::Is::kNumber, static_cast<std::int64_t>(number)};
}

}  // namespace

Result<Checked> check_integer(const Variable& variable, const json::value& given,
                              const CheckContext&) {
  const Whole whole = whole_number(given);
  if (whole.is == Whole::Is::kNone) return refused("Enter a whole number.");
  const std::int64_t most = variable.limit("max_value").value_or(kMost);
  const std::int64_t least = variable.limit("min_value").value_or(kLeast);
  const bool too_large = whole.is == Whole::Is::kTooLarge;
  const bool too_small = whole.is == Whole::Is::kTooSmall;
  std::vector<std::string> errors;
  if (too_large || (!too_small && whole.number > most)) {
    errors.push_back(fmt::format("Ensure this value is less than or equal to {}.", most));
  }
  if (too_small || (!too_large && whole.number < least)) {
    errors.push_back(fmt::format("Ensure this value is greater than or equal to {}.", least));
  }
  return Checked{whole.number, std::move(errors)};
}

/// Takes what a check box, a script or a person may send; refuses the rest rather than calling it
/// true.
Result<Checked> check_boolean(const Variable&, const json::value& given, const CheckContext&) {
  constexpr std::array<std::string_view, 6> kTrue{"true", "on", "yes", "1", "1.0", "t"};
  constexpr std::array<std::string_view, 6> kFalse{"false", "off", "no", "0", "0.0", "f"};
  const std::string word = to_lower(python_strip(python_text(given)));
  if (word.empty() || std::ranges::find(kFalse, word) != kFalse.end()) return Checked{false, {}};
  if (std::ranges::find(kTrue, word) != kTrue.end()) return Checked{true, {}};
  return refused("Must be a valid boolean.");
}

void describe_integer(const Variable& variable, json::object& schema) {
  schema["type"] = type_or_null(variable, "integer");
  if (const auto least = variable.limit("min_value")) schema["minimum"] = *least;
  if (const auto most = variable.limit("max_value")) schema["maximum"] = *most;
}

void describe_boolean(const Variable&, json::object& schema) {
  schema["type"] = "boolean";
}

}  // namespace windlass
