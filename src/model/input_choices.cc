#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "model/input_types.h"
#include "model/python_text.h"

namespace windlass {

namespace {

using Choices = std::vector<std::pair<std::string, std::string>>;

/// Computed choices are not known before the other inputs are: till then any text is a choice.
bool is_unknown(const Variable& variable, const CheckContext& context) {
  return context.choices == nullptr && !variable.choices_method().empty();
}

Choices choices_of(const Variable& variable, const CheckContext& context) {
  return context.choices != nullptr ? flat_choices(*context.choices) : variable.choices();
}

std::string no_choice(const std::string& text) {
  return fmt::format("Select a valid choice. {} is not one of the available choices.", text);
}

/// The schema of one choice. As a value of its own, "" is nothing: it stands for being left out.
json::object choice_schema(const Variable& variable, bool alone) {
  json::object schema{{"type", "string"}};
  if (!variable.choices_method().empty()) {
    schema["x-choices-method"] = variable.choices_method();
    return schema;
  }
  json::array values;
  std::unordered_set<std::string> seen;
  if (alone) seen.emplace();
  if (alone && !variable.required()) values.emplace_back("");
  for (const auto& [value, label] : variable.choices()) {
    if (seen.insert(value).second) values.emplace_back(value);
  }
  schema["enum"] = std::move(values);
  return schema;
}

}  // namespace

Result<Checked> check_choice(const Variable& variable, const json::value& given,
                             const CheckContext& context) {
  std::string text = python_text(given);
  if (!is_unknown(variable, context)) {
    const Choices choices = choices_of(variable, context);
    const auto same = [&](const auto& choice) { return choice.first == text; };
    if (std::ranges::none_of(choices, same)) return refused(no_choice(text));
  }
  return Checked{json::value(text), {}};
}

Result<Checked> check_choices(const Variable& variable, const json::value& given,
                              const CheckContext& context) {
  if (given.is_object()) return refused("Enter a list of values.");
  const json::array one{given};
  const json::array& list = given.is_array() ? given.get_array() : one;
  std::unordered_set<std::string> values;
  for (auto& [value, label] : choices_of(variable, context)) values.insert(std::move(value));
  json::array chosen;
  Checked checked;
  for (const json::value& item : list) {
    std::string text = python_text(item);
    if (!is_unknown(variable, context) && !values.contains(text)) {
      checked.errors.push_back(no_choice(text));
    }
    chosen.emplace_back(std::move(text));
  }
  checked.value = std::move(chosen);
  return checked;
}

void describe_choice(const Variable& variable, json::object& schema) {
  for (const auto& member : choice_schema(variable, true)) {
    schema[member.key()] = member.value();
  }
}

void describe_choices(const Variable& variable, json::object& schema) {
  schema["type"] = "array";
  schema["items"] = choice_schema(variable, false);
  if (variable.required()) schema["minItems"] = 1;
}

}  // namespace windlass
