#include "visible_if.hpp"

#include <algorithm>
#include <windlass/jobs/choice.hpp>

namespace windlass::jobs::internal {
namespace {

const Json* find_variable(const Json::Array& variables, std::string_view name) {
  for (const Json& variable : variables) {
    if (variable["name"] == Json(name)) return &variable;
  }
  return nullptr;
}

/// A value as the coerced input of a variable of that type is.
Json compared(const Json& value, const std::string& type) {
  if (type != "ChoiceVar" && type != "MultiChoiceVar") return value;
  return value.is_null() ? Json("") : Json(detail::key_text(value));
}

Json settled(const Json& given, const Json::Array& variables, const std::string& where,
             std::vector<std::string>& problems) {
  if (given.is_null() || (given.is_object() && given.empty())) return Json();
  if (!given.is_object()) {
    problems.push_back(where +
                       ": visible_if wants names of variables, each with a value or an array "
                       "of values, got " +
                       given.dump());
    return Json();
  }
  Json conditions = Json::object();
  for (const auto& [name, wanted] : given.as_object()) {
    const Json* other = find_variable(variables, name);
    if (other == nullptr) {
      problems.push_back(where + ": visible_if names " + name +
                         ", which is no variable of the class");
      continue;
    }
    const Json values = wanted.is_array() ? wanted : Json::array({wanted});
    const bool scalars = std::none_of(values.begin(), values.end(), [](const Json& value) {
      return value.is_array() || value.is_object();
    });
    if (values.empty() || !scalars) {
      problems.push_back(where +
                         ": visible_if wants a value or an array of values (text, numbers, "
                         "booleans) for " +
                         name + ", got " + wanted.dump());
      continue;
    }
    Json& list = conditions[name] = Json::array();
    for (const Json& value : values) list.push_back(compared(value, (*other)["type"].as_string()));
  }
  return conditions;
}

/// Follows the conditions from the last name of `way`; says the circle that it meets.
std::string circle_from(const Json::Array& variables, std::vector<std::string>& way) {
  const Json* variable = find_variable(variables, way.back());
  const Json& conditions = (*variable)["visible_if"];
  if (!conditions.is_object()) return "";
  for (const auto& [name, values] : conditions.as_object()) {
    const auto met = std::find(way.begin(), way.end(), name);
    if (met != way.end()) {
      std::string circle;
      for (auto one = met; one != way.end(); ++one) circle += *one + " → ";
      return circle + name;
    }
    way.push_back(name);
    std::string circle = circle_from(variables, way);
    if (!circle.empty()) return circle;
    way.pop_back();
  }
  return "";
}

}  // namespace

void settle_conditions(Json::Array& variables, std::vector<std::string>& problems) {
  for (Json& variable : variables) {
    Json& given = variable["visible_if"];
    given = settled(given, variables, variable["name"].as_string(), problems);
  }
  for (const Json& variable : variables) {
    std::vector<std::string> way{variable["name"].as_string()};
    const std::string circle = circle_from(variables, way);
    if (circle.empty()) continue;
    problems.push_back("visible_if goes in a circle: " + circle);
    return;
  }
}

}  // namespace windlass::jobs::internal
