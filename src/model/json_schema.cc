#include "model/json_schema.h"

#include "model/input_types.h"

namespace windlass {

namespace {

/// Whether a value has to be given, whatever the other inputs are.
bool must_be_given(const Variable& variable) {
  const InputType* type = find_input_type(variable.type());
  return type != nullptr && type->requires_value(variable) &&
         is_empty_input(variable.default_value()) && variable.option("visible_if") == nullptr;
}

}  // namespace

json::object variable_schema(const Variable& variable) {
  json::object schema;
  if (const std::string label = variable.label(); !label.empty()) schema["title"] = label;
  if (const std::string text = variable.description(); !text.empty()) schema["description"] = text;
  if (const InputType* type = find_input_type(variable.type())) type->describe(variable, schema);
  if (variable.sensitive()) {
    schema["writeOnly"] = true;
  } else if (json::value initial = variable.default_value(); !initial.is_null()) {
    schema["default"] = std::move(initial);
  }
  if (const json::value* condition = variable.option("visible_if")) {
    schema["x-visible-if"] = *condition;
  }
  return schema;
}

json::object inputs_schema(const json::value& variables) {
  json::object properties;
  json::array required;
  if (const json::array* declared = variables.if_array()) {
    for (const json::value& declaration : *declared) {
      const Variable variable(declaration);
      properties[variable.name()] = variable_schema(variable);
      if (must_be_given(variable)) required.emplace_back(variable.name());
    }
  }
  return json::object{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                      {"type", "object"},
                      {"properties", std::move(properties)},
                      {"required", std::move(required)},
                      {"additionalProperties", false}};
}

}  // namespace windlass
