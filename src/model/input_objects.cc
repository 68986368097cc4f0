#include <fmt/format.h>

#include <set>

#include "model/input_types.h"

namespace windlass {

namespace {

/// Each is a look-up in the database.
constexpr std::size_t kMostObjects = 10'000;

constexpr std::string_view kNoChoice =
    "Select a valid choice. That choice is not one of the available choices.";

/// The objects that `given` names, or the message of the field.
Result<Checked> look_up(const Variable& variable, const json::value& given,
                        const CheckContext& context, std::vector<Uuid>* found) {
  WL_CHECK(context.lookup != nullptr && context.referred != nullptr, "objects have a lookup");
  auto ids = context.lookup->objects(variable, given, *context.referred);
  if (!ids.ok()) {
    if (ids.error().code != kInputInvalid) return std::move(ids).error();
    return refused(std::move(ids).error().message);
  }
  if (ids->empty()) return refused(std::string(kNoChoice));
  *found = *std::move(ids);
  return Checked{};
}

/// An object is named by its id, its name, or filters.
json::value naming_types(bool or_null) {
  json::array types{"string", "object"};
  if (or_null) types.emplace_back("null");
  return types;
}

}  // namespace

Result<Checked> check_object(const Variable& variable, const json::value& given,
                             const CheckContext& context) {
  std::vector<Uuid> found;
  WL_TRY(Checked checked, look_up(variable, given, context, &found));
  if (found.size() > 1) {
    return refused(fmt::format(
        "Select a valid choice. {} objects match; name one of them by its id.", found.size()));
  }
  if (checked.errors.empty()) checked.value = found.front().to_string();
  return checked;
}

Result<Checked> check_objects(const Variable& variable, const json::value& given,
                              const CheckContext& context) {
  const json::array one{given};
  const json::array& list = given.is_array() ? given.get_array() : one;
  if (list.size() > kMostObjects) {
    return refused(fmt::format("Name {} objects at most, not {}.", kMostObjects, list.size()));
  }
  Checked checked;
  json::array ids;
  std::set<Uuid> seen;
  for (const json::value& item : list) {
    std::vector<Uuid> found;
    WL_TRY(Checked looked_up, look_up(variable, item, context, &found));
    for (std::string& message : looked_up.errors) checked.errors.push_back(std::move(message));
    for (const Uuid& id : found) {
      if (seen.insert(id).second) ids.emplace_back(id.to_string());
    }
  }
  checked.value = std::move(ids);
  return checked;
}

void describe_object(const Variable& variable, json::object& schema) {
  const bool or_null = !variable.required() || variable.option("null_option") != nullptr;
  schema["type"] = naming_types(or_null);
  if (const json::value* model = variable.option("model")) schema["x-object-type"] = *model;
}

void describe_objects(const Variable& variable, json::object& schema) {
  schema["type"] = "array";
  schema["items"] = json::object{{"type", naming_types(false)}};
  if (variable.required()) schema["minItems"] = 1;
  if (const json::value* model = variable.option("model")) schema["x-object-type"] = *model;
}

}  // namespace windlass
