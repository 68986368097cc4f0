#include "engine/input_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/python_text.h"

namespace windlass::engine {

namespace {

constexpr std::string_view kNoChoice =
    "Select a valid choice. That choice is not one of the available choices.";
constexpr std::int64_t kMostObjects = 1000;
/// What an object carries beside its id when a client sends back what it was shown.
constexpr std::array<std::string_view, 4> kOfReferences{"object_type", "url", "display",
                                                        "natural_slug"};

Error invalid(std::string message) {
  return {"input.invalid", std::move(message)};
}

bool is_empty(const json::value& value) {
  if (const json::string* text = value.if_string()) return text->empty();
  if (const json::array* list = value.if_array()) return list->empty();
  return value.is_null();
}

/// The texts that a value of a filter means: a list is alternatives, an object is its id.
Result<std::vector<std::string>> texts_of(const std::string& field, const json::value& value) {
  std::vector<std::string> texts;
  if (const json::array* list = value.if_array()) {
    for (const json::value& item : *list) {
      WL_TRY(std::vector<std::string> more, texts_of(field, item));
      std::ranges::move(more, std::back_inserter(texts));
    }
    return texts;
  }
  const json::value* id = find(value, "id");
  const json::value& scalar = id != nullptr ? *id : value;
  if (scalar.is_object() || scalar.is_array()) {
    return invalid(fmt::format("The filter {} takes text, a number, true or false.", field));
  }
  if (scalar.is_bool() || scalar.is_null()) {
    texts.push_back(to_text(scalar));
  } else {
    texts.push_back(python_text(scalar));
  }
  return texts;
}

Result<ObjectFilters> filters_of(const json::object& given) {
  ObjectFilters filters;
  const bool is_reference = given.contains("id");
  for (const auto& member : given) {
    const std::string name(member.key());
    if (is_reference && std::ranges::find(kOfReferences, name) != kOfReferences.end()) continue;
    WL_TRY(filters[name], texts_of(name, member.value()));
  }
  return filters;
}

/// The value with every "$other" replaced by that input; nothing when one of them is empty.
std::optional<json::value> filled_in(const json::value& value, const json::object& form) {
  if (const json::array* list = value.if_array()) {
    json::array out;
    for (const json::value& item : *list) {
      std::optional<json::value> filled = filled_in(item, form);
      if (!filled) return std::nullopt;
      out.push_back(*std::move(filled));
    }
    return json::value(std::move(out));
  }
  const json::string* text = value.if_string();
  if (text == nullptr || !text->starts_with('$')) return value;
  const json::value* input = form.if_contains(json::string_view(*text).substr(1));
  if (input == nullptr || is_empty(*input)) return std::nullopt;
  return *input;
}

/// The conditions of the variable's query_params for this form.
json::object narrowing(const Variable& variable, const json::object& form) {
  json::object conditions;
  const json::value* params = variable.option("query_params");
  if (params == nullptr || !params->is_object()) return conditions;
  for (const auto& param : params->get_object()) {
    if (auto value = filled_in(param.value(), form)) conditions[param.key()] = *std::move(value);
  }
  return conditions;
}

std::string model_of(const Variable& variable) {
  const json::value* model = variable.option("model");
  return model != nullptr ? python_text(*model) : "";
}

std::string no_match(const std::string& searched, const json::object& conditions) {
  const std::string among =
      conditions.empty() ? "" : fmt::format(" among those with {}", to_text(conditions));
  return fmt::format("{} There is no {}{}.", kNoChoice, searched, among);
}

/// A wrong question is the message of the field.
Error for_field(Error error) {
  const bool is_answer = error.code == "query.invalid" || error.code == "object.unknown_type";
  return is_answer ? invalid(std::move(error.message)) : error;
}

}  // namespace

Result<std::vector<Uuid>> JobInputLookup::objects(const Variable& variable,
                                                  const json::value& given,
                                                  const json::object& form) {
  if (const json::object* object = given.if_object()) {
    WL_TRY(const ObjectFilters filters, filters_of(*object));
    return find(variable, filters, form);
  }
  if (!given.is_string() && !given.is_int64()) {
    return invalid("Give an id, a name, or an object of filters.");
  }
  const std::string text = python_text(given);
  const std::string model = model_of(variable);
  auto id = objects_.resolve(model, text);
  if (id.ok()) return find(variable, {{"id", {id->to_string()}}}, form);
  if (id.error().code != "object.not_found") return for_field(std::move(id).error());
  return invalid(fmt::format("{} {}", kNoChoice, id.error().message));
}

Result<std::vector<Uuid>> JobInputLookup::find(const Variable& variable,
                                               const ObjectFilters& filters,
                                               const json::object& form) const {
  const json::object conditions = narrowing(variable, form);
  WL_TRY(ObjectFilters narrowed, filters_of(conditions));
  const std::string model = model_of(variable);
  const bool may_be_several = variable.type() == "MultiObjectVar";
  const auto found = objects_.find(
      {model, {filters, std::move(narrowed)}, "", may_be_several ? kMostObjects : 1, 0});
  if (!found.ok()) return for_field(found.error());
  json::object searched;
  for (const auto& [field, values] : filters) {
    searched[field] = values.size() == 1 ? json::value(values.front())
                                         : json::value(json::array(values.begin(), values.end()));
  }
  const std::string named = fmt::format("{} with {}", model, to_text(searched));
  if (found->count == 0) return invalid(no_match(named, conditions));
  if (found->count > (may_be_several ? kMostObjects : 1)) {
    return invalid(fmt::format("Select a valid choice. There are {} objects: {}; {}.", found->count,
                               named,
                               may_be_several ? "at most 1000 can be taken" : "name one of them"));
  }
  std::vector<Uuid> ids;
  for (const json::value& object : found->objects)
    ids.push_back(*Uuid::parse(get_string(object, "id")));
  return ids;
}

json::object JobInputLookup::shown_to_code(const json::object& form) const {
  json::object shown = form;
  if (!job_.variables.is_array()) return shown;
  for (const json::value& declaration : job_.variables.get_array()) {
    const Variable variable(declaration);
    if (variable.sensitive()) shown.erase(variable.name());
  }
  return shown;
}

Result<json::array> JobInputLookup::choices(const Variable& variable, const json::object& form) {
  const std::string method = variable.choices_method();
  const json::object shown = shown_to_code(form);
  const auto [place, is_new] = computed_.try_emplace(method + " " + to_text(shown), json::array());
  if (!is_new) return place->second;
  auto returned = choices_.compute(job_, method, shown);
  Result<json::array> checked =
      returned.ok() ? checked_choices(*returned) : Result<json::array>(returned.error());
  if (!checked.ok() && checked.error().code == "job.choices") {
    checked = invalid(returned.ok()
                          ? fmt::format("What {}() returned {}.", method, checked.error().message)
                          : checked.error().message);
  }
  place->second = checked;
  return checked;
}

Result<json::object> checked_inputs(Storage& storage, ChoiceSource& choices, const Job& job,
                                    const json::value& data, const UploadedFiles& files) {
  const ObjectDirectory objects(storage);
  JobInputLookup lookup(objects, choices, job);
  return validate_inputs(job.form_variables(), data, files, lookup);
}

Result<FormState> form_of_inputs(Storage& storage, ChoiceSource& choices, const Job& job,
                                 const json::value& data, const UploadedFiles& files) {
  const ObjectDirectory objects(storage);
  JobInputLookup lookup(objects, choices, job);
  return evaluate_form(job.form_variables(), data, files, lookup);
}

}  // namespace windlass::engine
