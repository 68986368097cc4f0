#include "model/input_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace windlass {

namespace {

using enum EmptyValue;

constexpr std::array<InputType, 14> kTypes{{
    {"StringVar", kText, check_text, describe_text},
    {"TextVar", kText, check_text, describe_text},
    {"IntegerVar", kNull, check_integer, describe_integer},
    {"BooleanVar", kFalse, check_boolean, describe_boolean},
    {"DryRunVar", kFalse, check_boolean, describe_boolean},
    {"ChoiceVar", kText, check_choice, describe_choice},
    {"MultiChoiceVar", kList, check_choices, describe_choices},
    {"ObjectVar", kNull, check_object, describe_object},
    {"MultiObjectVar", kList, check_objects, describe_objects},
    {"FileVar", kNull, check_file, describe_file},
    {"JSONVar", kNull, check_json, describe_json},
    {"IPAddressVar", kNull, check_address, describe_address},
    {"IPAddressWithMaskVar", kNull, check_address_with_mask, describe_address_with_mask},
    {"IPNetworkVar", kNull, check_network, describe_network},
}};

/// Whether `given` chooses the null that null_option offers: a choice, so that it is no missing
/// value.
bool chooses_null(const Variable& variable, const json::value& given) {
  constexpr std::string_view kNullChoice = "null";
  const json::value* offered = variable.option("null_option");
  if (offered == nullptr) return false;
  return given.is_null() || given == *offered ||
         (given.is_string() && to_view(given.get_string()) == kNullChoice);
}

}  // namespace

json::value InputType::empty_value() const {
  if (empty == kText) return json::string();
  if (empty == kFalse) return false;
  if (empty == kList) return json::array();
  return nullptr;
}

const InputType* find_input_type(std::string_view name) {
  const auto type = std::ranges::find(kTypes, name, &InputType::name);
  return type == kTypes.end() ? nullptr : &*type;
}

bool is_empty_input(const json::value& value) {
  if (const json::string* text = value.if_string()) return text->empty();
  if (const json::array* list = value.if_array()) return list->empty();
  if (const json::object* object = value.if_object()) return object->empty();
  return value.is_null();
}

Result<Checked> check_input(const Variable& variable, const json::value* given,
                            const CheckContext& context) {
  const InputType* type = find_input_type(variable.type());
  if (type == nullptr) {
    return refused(fmt::format("This version of Windlass does not know variables of type {}.",
                               variable.type()));
  }
  if (context.upload != nullptr && !type->takes_file()) {
    return refused("This variable takes no file: send its value as a field.");
  }
  if (given != nullptr && chooses_null(variable, *given)) return Checked{};
  const json::value nothing;
  const json::value& value = given != nullptr ? *given : nothing;
  Checked checked;
  if (context.upload != nullptr || !is_empty_input(value)) {
    WL_TRY(checked, type->check(variable, value, context));
    if (!checked.errors.empty()) return checked;
  }
  if (is_empty_input(checked.value)) {
    if (type->requires_value(variable)) return refused("This field is required.");
    checked.value = type->empty_value();
  }
  return checked;
}

Checked refused(std::string message) {
  return {nullptr, {std::move(message)}};
}

json::value type_or_null(const Variable& variable, std::string_view type) {
  if (variable.required()) return json::string(to_json_view(type));
  return json::array{to_json_view(type), "null"};
}

}  // namespace windlass
