#include "model/declaration.h"

#include <fmt/format.h>

#include "model/input_types.h"

namespace windlass {

namespace {

constexpr std::pair<std::string_view, std::string_view> kBounds[] = {
    {"min_length", "max_length"},
    {"min_value", "max_value"},
    {"min_prefix_length", "max_prefix_length"},
};

bool chooses_objects(const Variable& variable) {
  return variable.type() == "ObjectVar" || variable.type() == "MultiObjectVar";
}

}  // namespace

std::vector<std::string> declaration_mistakes(const Variable& variable) {
  std::vector<std::string> mistakes;
  for (const auto& [least, most] : kBounds) {
    const auto from = variable.limit(least);
    const auto to = variable.limit(most);
    if (!from || !to || *from <= *to) continue;
    mistakes.push_back(
        fmt::format("The variable {} can take no value: its {} {} is greater than its {} {}.",
                    variable.name(), least, *from, most, *to));
  }
  // Bounds that contradict each other refuse every default; an empty one stands for none.
  const json::value given = variable.default_value();
  if (!mistakes.empty() || is_empty_input(given) || chooses_objects(variable)) return mistakes;
  const Result<Checked> checked = check_input(variable, &given, {});
  if (!checked.ok()) return mistakes;
  for (const std::string& message : checked->errors) {
    mistakes.push_back(fmt::format("The default of the variable {} breaks the variable's rules: {}",
                                   variable.name(), message));
  }
  return mistakes;
}

}  // namespace windlass
