#include "model/validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/pattern.h"
#include "base/text.h"
#include "model/job.h"
#include "model/python_text.h"

namespace windlass {

namespace {

using Messages = std::vector<std::string>;

/// The value that run() gets, or what is wrong with the one given.
struct Checked {
  json::value value;
  Messages errors;
};

Checked refused(std::string message) {
  return {nullptr, {std::move(message)}};
}

constexpr std::string_view kRequired = "This field is required.";

/// What forms take for nothing: null, "", [] and {}.
bool is_empty(const json::value& value) {
  if (const json::string* text = value.if_string()) return text->empty();
  if (const json::array* list = value.if_array()) return list->empty();
  if (const json::object* object = value.if_object()) return object->empty();
  return value.is_null();
}

// Text ------------------------------------------------------------------------------------------

/// The author's expression in PCRE2's words: Python's \uXXXX and \UXXXXXXXX are \x{…}, its \Z is
/// \z.
std::string from_python(std::string_view expression) {
  std::string out;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const bool escape = expression[i] == '\\' && i + 1 < expression.size();
    const char letter = escape ? expression[i + 1] : '\0';
    const std::size_t digits = letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (letter == 'Z') {
      out += "\\z";
      ++i;
    } else if (digits > 0 && i + 1 + digits < expression.size()) {
      out += fmt::format("\\x{{{}}}", expression.substr(i + 2, digits));
      i += 1 + digits;
    } else {
      out += expression[i];
      if (escape) out += expression[++i];
    }
  }
  return out;
}

/// "" when the text matches, else the message. RegexValidator searches: anchors are the author's
/// business.
std::string regex_message(const std::string& expression, std::string_view text) {
  const Result<Pattern> pattern = Pattern::compile(from_python(expression));
  if (!pattern.ok()) {
    return fmt::format("The job's regex for this field cannot be used. {}",
                       pattern.error().message);
  }
  const Result<bool> matched = pattern->matches(text);
  if (!matched.ok()) {
    return fmt::format("Matching this value against the regex {} took too long and was given up.",
                       expression);
  }
  return *matched ? "" : fmt::format("Invalid value. Must match regex: {}", expression);
}

std::string length_message(std::string_view bound, std::int64_t limit, std::int64_t length) {
  return fmt::format("Ensure this value has {} {} {} (it has {}).", bound, limit,
                     limit == 1 ? "character" : "characters", length);
}

/// StringVar and TextVar: stripped; scalars become text. A list or object is refused: a form would
/// show it as Python prints it, which nobody means.
Checked check_text(const Variable& variable, const json::value& given) {
  if (given.is_array() || given.is_object()) return refused("Enter text.");
  const std::string whole = python_text(given);
  const std::string text(python_strip(whole));
  if (text.empty()) return {json::string(), {}};
  if (!is_valid_utf8(text)) return refused("Enter text in UTF-8.");
  Messages errors;
  if (const json::value* regex = variable.option("regex"); regex != nullptr && regex->is_string()) {
    std::string message = regex_message(python_text(*regex), text);
    if (!message.empty()) errors.push_back(std::move(message));
  }
  const auto length = static_cast<std::int64_t>(utf8_length(text));
  const auto least = variable.limit("min_length");
  const auto most = variable.limit("max_length");
  if (least && length < *least) errors.push_back(length_message("at least", *least, length));
  if (most && length > *most) errors.push_back(length_message("at most", *most, length));
  if (text.find('\0') != std::string::npos) {
    errors.emplace_back("Null characters are not allowed.");
  }
  return {json::value(to_json_view(text)), std::move(errors)};
}

// Whole numbers ---------------------------------------------------------------------------------

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

Checked check_integer(const Variable& variable, const json::value& given) {
  const Whole whole = whole_number(given);
  if (whole.is == Whole::Is::kNone) return refused("Enter a whole number.");
  const std::int64_t most = variable.limit("max_value").value_or(kMost);
  const std::int64_t least = variable.limit("min_value").value_or(kLeast);
  const bool too_large = whole.is == Whole::Is::kTooLarge;
  const bool too_small = whole.is == Whole::Is::kTooSmall;
  Messages errors;
  if (too_large || (!too_small && whole.number > most)) {
    errors.push_back(fmt::format("Ensure this value is less than or equal to {}.", most));
  }
  if (too_small || (!too_large && whole.number < least)) {
    errors.push_back(fmt::format("Ensure this value is greater than or equal to {}.", least));
  }
  return {whole.number, std::move(errors)};
}

// Booleans and choices --------------------------------------------------------------------------

/// Takes what a check box, a script or a person may send; refuses the rest rather than calling it
/// true.
Checked check_boolean(const Variable&, const json::value& given) {
  constexpr std::array<std::string_view, 6> kTrue{"true", "on", "yes", "1", "1.0", "t"};
  constexpr std::array<std::string_view, 6> kFalse{"false", "off", "no", "0", "0.0", "f"};
  const std::string word = to_lower(python_strip(python_text(given)));
  if (word.empty() || std::ranges::find(kFalse, word) != kFalse.end()) return {false, {}};
  if (std::ranges::find(kTrue, word) != kTrue.end()) return {true, {}};
  return refused("Must be a valid boolean.");
}

Checked check_choice(const Variable& variable, const json::value& given) {
  std::string text = python_text(given);
  const auto choices = variable.choices();
  const auto same = [&](const auto& choice) { return choice.first == text; };
  if (std::ranges::any_of(choices, same)) return {json::value(to_json_view(text)), {}};
  return refused(
      fmt::format("Select a valid choice. {} is not one of the available choices.", text));
}

// All types -------------------------------------------------------------------------------------

enum class Empty { kText, kNull, kFalse };

struct Type {
  std::string_view name;
  Checked (*check)(const Variable&, const json::value&);  ///< of a value that is not empty
  Empty empty;
};

constexpr std::array<Type, 6> kTypes{{
    {"StringVar", check_text, Empty::kText},
    {"TextVar", check_text, Empty::kText},
    {"IntegerVar", check_integer, Empty::kNull},
    {"BooleanVar", check_boolean, Empty::kFalse},
    {"DryRunVar", check_boolean, Empty::kFalse},
    {"ChoiceVar", check_choice, Empty::kText},
}};

json::value empty_value(Empty empty) {
  if (empty == Empty::kText) return json::string();
  if (empty == Empty::kFalse) return false;
  return nullptr;
}

Checked check(const Variable& variable, const json::value& given) {
  const std::string name = variable.type();
  const auto type = std::ranges::find(kTypes, name, &Type::name);
  if (type == kTypes.end()) {
    return refused(
        fmt::format("This version of Windlass does not know variables of type {}.", name));
  }
  Checked checked = is_empty(given) ? Checked{} : type->check(variable, given);
  if (!checked.errors.empty()) return checked;
  if (is_empty(checked.value)) {
    const bool required = variable.required() && type->empty != Empty::kFalse;
    if (required) return refused(std::string(kRequired));
    checked.value = empty_value(type->empty);
  }
  return checked;
}

void refuse_unknown(const json::array& variables, const json::object& given, FieldErrors* errors) {
  for (const auto& member : given) {
    const std::string_view name = member.key();
    const auto declares = [&](const json::value& one) { return get_string(one, "name") == name; };
    if (std::ranges::none_of(variables, declares)) {
      (*errors)[std::string(name)].emplace_back("Job data contained an unknown property");
    }
  }
}

}  // namespace

Result<json::object> validate_inputs(const json::value& variables, const json::value& data,
                                     const UploadedFiles&, InputLookup&) {
  if (!data.is_object() && !data.is_null()) {
    return Error{"job.data_not_object", "Job data needs to be a dict"};
  }
  const json::object nothing;
  const json::object& given = data.is_object() ? data.get_object() : nothing;
  const json::array none;
  const json::array& declared = variables.is_array() ? variables.get_array() : none;
  FieldErrors errors;
  json::object values;
  for (const json::value& declaration : declared) {
    const Variable variable(declaration);
    const std::string name = variable.name();
    const json::value* value = given.if_contains(name);
    Checked checked = check(variable, value != nullptr ? *value : variable.default_value());
    if (checked.errors.empty()) {
      values[name] = std::move(checked.value);
    } else {
      errors[name] = std::move(checked.errors);
    }
  }
  refuse_unknown(declared, given, &errors);
  if (errors.empty()) return values;
  std::string names;
  for (const auto& [name, messages] : errors) names += (names.empty() ? "" : ", ") + name;
  return Error{"job.inputs", fmt::format("These inputs were refused: {}.", names), "",
               std::move(errors)};
}

}  // namespace windlass
