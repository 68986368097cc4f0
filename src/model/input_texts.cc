#include <fmt/format.h>

#include "base/pattern.h"
#include "base/text.h"
#include "model/input_types.h"
#include "model/python_text.h"

namespace windlass {

namespace {

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

/// Whether JSON Schema's regular expressions (ECMA-262) know all of this one's syntax.
bool is_portable(std::string_view expression) {
  for (std::size_t i = 0; i + 1 < expression.size(); ++i) {
    const std::string_view rest = expression.substr(i + 1);
    if (expression[i] == '\\') {
      if (std::string_view("AZU").find(rest.front()) != std::string_view::npos) return false;
      ++i;
    } else if (expression[i] == '(' && rest.front() == '?') {
      const char kind = rest.size() > 1 ? rest[1] : '\0';
      if (std::string_view(":=!<").find(kind) == std::string_view::npos) return false;
    }
  }
  return true;
}

}  // namespace

/// StringVar and TextVar: stripped; scalars become text. A list or object is refused: a form would
/// show it as Python prints it, which nobody means.
Result<Checked> check_text(const Variable& variable, const json::value& given,
                           const CheckContext&) {
  if (given.is_array() || given.is_object()) return refused("Enter text.");
  const std::string whole = python_text(given);
  const std::string text(python_strip(whole));
  if (text.empty()) return Checked{json::string(), {}};
  if (!is_valid_utf8(text)) return refused("Enter text in UTF-8.");
  std::vector<std::string> errors;
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
  return Checked{json::value(to_json_view(text)), std::move(errors)};
}

/// Text is read as JSON, as forms send it; any other value is JSON already.
Result<Checked> check_json(const Variable&, const json::value& given, const CheckContext&) {
  if (!given.is_string()) return Checked{given, {}};
  Result<json::value> parsed = parse_json(to_view(given.get_string()));
  if (!parsed.ok()) return refused("Enter a valid JSON.");
  return Checked{*std::move(parsed), {}};
}

void describe_text(const Variable& variable, json::object& schema) {
  json::object rules;
  const auto bound = [&](const char* keyword, const char* option) {
    // JSON Schema's lengths are not negative; a bound below 0 says nothing, or is never kept.
    const auto limit = variable.limit(option);
    if (limit) rules[keyword] = std::max<std::int64_t>(*limit, 0);
  };
  bound("minLength", "min_length");
  bound("maxLength", "max_length");
  if (const json::value* regex = variable.option("regex"); regex != nullptr && regex->is_string()) {
    rules[is_portable(to_view(regex->get_string())) ? "pattern" : "x-regex"] = *regex;
  }
  schema["type"] = "string";
  if (variable.required()) {
    if (variable.limit("min_length").value_or(0) < 1) rules["minLength"] = 1;
    for (const auto& rule : rules) schema[rule.key()] = rule.value();
  } else if (!rules.empty()) {
    schema["anyOf"] = json::array{json::object{{"const", ""}}, std::move(rules)};
  }
}

void describe_json(const Variable& variable, json::object& schema) {
  if (!variable.required()) return;
  const json::array empty{nullptr, "", json::array(), json::object()};
  schema["not"] = json::object{{"enum", empty}};
}

}  // namespace windlass
