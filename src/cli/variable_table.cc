#include "cli/variable_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "model/job.h"

namespace windlass::cli {

namespace {

constexpr std::size_t kShownChoices = 20;

/// Members that have a column or a form of their own.
constexpr std::array<std::string_view, 12> kNotRules{
    "name",    "type",       "label",     "description", "required",       "has_default",
    "default", "visible_if", "sensitive", "choices",     "choices_method", "widget"};

std::string plain(const json::value& value) {
  return value.is_string() ? std::string(to_view(value.get_string())) : to_text(value);
}

std::string choices_text(const Variable& variable) {
  if (!variable.choices_method().empty())
    return fmt::format("choices computed by {}()", variable.choices_method());
  const auto choices = variable.choices();
  if (choices.empty()) return "";
  std::vector<std::string> shown;
  for (const auto& [value, label] : choices) {
    if (shown.size() == kShownChoices) break;
    shown.push_back(label == value ? value : fmt::format("{} ({})", value, label));
  }
  if (choices.size() > shown.size())
    shown.push_back(fmt::format("and {} more", choices.size() - shown.size()));
  return fmt::format("one of {}", fmt::join(shown, ", "));
}

std::string visible_text(const Variable& variable) {
  const json::value* rule = variable.option("visible_if");
  if (rule == nullptr || !rule->is_object()) return "";
  std::vector<std::string> conditions;
  for (const auto& [other, values] : rule->get_object()) {
    std::vector<std::string> texts;
    if (const json::array* list = values.if_array()) {
      for (const json::value& value : *list) texts.push_back(plain(value));
    }
    conditions.push_back(fmt::format("{} is {}", std::string(other), fmt::join(texts, " or ")));
  }
  return fmt::format("shown if {}", fmt::join(conditions, " and "));
}

std::string rules_of(const json::value& declaration) {
  const Variable variable(declaration);
  std::vector<std::string> rules;
  const auto add = [&rules](std::string rule) {
    if (!rule.empty()) rules.push_back(std::move(rule));
  };
  if (variable.sensitive()) add("sensitive");
  add(choices_text(variable));
  if (const json::object* members = declaration.if_object()) {
    for (const auto& [key, value] : *members) {
      const std::string_view name(key.data(), key.size());
      if (value.is_null() || std::ranges::find(kNotRules, name) != kNotRules.end()) continue;
      if (!plain(value).empty()) add(fmt::format("{} {}", name, plain(value)));
    }
  }
  add(visible_text(variable));
  return fmt::format("{}", fmt::join(rules, ", "));
}

using Row = std::array<std::string, 5>;

Row row_of(const json::value& declaration) {
  const Variable variable(declaration);
  return {variable.name(), variable.type(), variable.required() ? "yes" : "no",
          variable.has_default() ? to_text(variable.default_value()) : "", rules_of(declaration)};
}

std::string note_of(const Variable& variable) {
  const std::string label = variable.label();
  const std::string description = variable.description();
  return label.empty() || description.empty() ? label + description : label + ": " + description;
}

}  // namespace

std::string variable_table(const json::value& variables) {
  const json::array* list = variables.if_array();
  if (list == nullptr || list->empty()) return "";
  std::vector<Row> rows{{"NAME", "TYPE", "REQUIRED", "DEFAULT", "RULES"}};
  std::vector<std::string> notes{""};
  for (const json::value& declaration : *list) {
    rows.push_back(row_of(declaration));
    notes.push_back(note_of(Variable(declaration)));
  }
  std::array<std::size_t, 5> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], utf8_length(row[i]));
  }
  std::string table;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line = " ";
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      line += " " + rows[r][i];
      line.append(widths[i] - utf8_length(rows[r][i]) + 1, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    table += line + "\n";
    if (notes[r].empty()) continue;
    for (const std::string_view note : split(strip(notes[r]), '\n'))
      table += fmt::format("      {}\n", strip(note));
  }
  return table;
}

}  // namespace windlass::cli
