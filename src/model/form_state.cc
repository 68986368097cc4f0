#include "model/form_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "model/dependency_order.h"
#include "model/input_types.h"
#include "model/python_text.h"

namespace windlass {

namespace {

/// How many files one run may have (spec/runner-protocol.md, `input_files`).
constexpr std::string_view kUnknown = "Job data contained an unknown property";
constexpr std::string_view kCircular =
    "This field cannot be filled in: the job's visible_if conditions go round in a circle here.";

/// Whether a value is the one that a condition names; Python's 5 stands for the choice "5".
bool is_same(const json::value& value, const json::value& named) {
  if (value == named) return true;
  if (named.is_null()) return is_empty_input(value);
  return value.is_string() && !named.is_structured() &&
         python_text(named) == to_view(value.get_string());
}

bool is_named(const json::value& value, const json::value& named) {
  if (const json::array* list = value.if_array(); list != nullptr && !list->empty()) {
    return std::ranges::any_of(*list, [&](const auto& item) { return is_same(item, named); });
  }
  return is_same(value, named);
}

/// Whether a variable's value is among those that the condition has: a list, or a single one.
bool holds(const json::value& value, const json::value& condition) {
  const json::array* named = condition.if_array();
  if (named == nullptr) return is_named(value, condition);
  return std::ranges::any_of(*named, [&](const auto& one) { return is_named(value, one); });
}

/// The names that query_params refer to: "$other", or lists of such.
std::set<std::string> references_of(const json::value& query_params) {
  std::set<std::string> names;
  const auto add = [&](const json::value& value) {
    if (value.is_string() && value.get_string().starts_with('$')) {
      names.emplace(to_view(value.get_string()).substr(1));
    }
  };
  const json::object* members = query_params.if_object();
  if (members == nullptr) return names;
  for (const auto& member : *members) {
    if (const json::array* list = member.value().if_array()) {
      for (const json::value& value : *list) add(value);
    } else {
      add(member.value());
    }
  }
  return names;
}

class Form {
 public:
  Form(const json::array& declared, const json::object& given, const UploadedFiles& files,
       InputLookup& lookup)
      : given_(given), files_(files), lookup_(lookup) {
    variables_.reserve(declared.size());
    state_.fields.resize(declared.size());
    broken_.resize(declared.size());
    for (std::size_t i = 0; i < declared.size(); ++i) {
      const Variable& variable = variables_.emplace_back(declared[i]);
      state_.fields[i].name = variable.name();
      positions_.emplace(state_.fields[i].name, i);
      clear(i);
    }
  }

  Result<FormState> evaluate() && {
    for (const std::size_t i : order()) WL_TRY_VOID(settle(i));
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      if (is_computed(i)) WL_TRY_VOID(compute_choices(i));
    }
    limit_files();
    report_unknown();
    return std::move(state_);
  }

 private:
  struct Condition {
    std::size_t on;
    const json::value& values;
  };

  void clear(std::size_t i) {
    const InputType* type = find_input_type(variables_[i].type());
    state_.fields[i].value = type == nullptr ? json::value() : type->empty_value();
  }
  void refuse(std::size_t i, std::vector<std::string> messages) {
    state_.fields[i].messages = std::move(messages);
    clear(i);
  }
  /// The declaration is wrong, so that nothing given for the field can be right.
  void declare_broken(std::size_t i, std::string message) {
    broken_[i] = true;
    state_.fields[i].messages.push_back(std::move(message));
  }
  std::optional<std::size_t> position(std::string_view name) const {
    const auto found = positions_.find(name);
    return found == positions_.end() ? std::nullopt : std::optional(found->second);
  }

  // Order and visibility ---------------------------------------------------------------------

  /// What visible_if says; a name that no variable has is that field's error.
  std::vector<Condition> conditions_of(std::size_t i) {
    std::vector<Condition> conditions;
    const json::value* declared = variables_[i].option("visible_if");
    if (declared == nullptr || !declared->is_object()) return conditions;
    for (const auto& member : declared->get_object()) {
      const auto on = position(member.key());
      if (on) {
        conditions.push_back({*on, member.value()});
      } else {
        declare_broken(i, fmt::format("The job's visible_if names {}, which is not one of its "
                                      "variables.",
                                      std::string_view(member.key())));
      }
    }
    return conditions;
  }

  std::vector<std::size_t> order() {
    std::vector<Dependencies> needs(variables_.size());
    conditions_.resize(variables_.size());
    referred_.resize(variables_.size());
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      conditions_[i] = conditions_of(i);
      for (const Condition& condition : conditions_[i]) needs[i].conditions.push_back(condition.on);
      const json::value* query_params = variables_[i].option("query_params");
      if (query_params == nullptr) continue;
      for (const std::string& name : references_of(*query_params)) {
        const auto on = position(name);
        if (on && *on != i) needs[i].references.push_back(*on);
      }
      referred_[i] = needs[i].references;
    }
    DependencyOrder ordered = order_dependencies(needs);
    for (const std::size_t i : ordered.circular) declare_broken(i, std::string(kCircular));
    return std::move(ordered.order);
  }

  bool is_visible(std::size_t i) const {
    return std::ranges::all_of(conditions_[i], [&](const Condition& condition) {
      return holds(state_.fields[condition.on].value, condition.values);
    });
  }

  // Values -----------------------------------------------------------------------------------

  /// Tells a field's visibility and value, once everything that they depend on is told.
  Result<void> settle(std::size_t i) {
    FormField& field = state_.fields[i];
    if (broken_[i]) return ok();
    field.visible = is_visible(i);
    if (!field.visible) return ok();
    return check(i, nullptr);
  }

  Result<void> check(std::size_t i, const json::array* choices) {
    const Variable& variable = variables_[i];
    FormField& field = state_.fields[i];
    const json::object referred = referred_values(i);
    CheckContext context;
    context.choices = choices;
    context.referred = &referred;
    context.lookup = &lookup_;
    const auto upload = files_.find(field.name);
    if (upload != files_.end()) context.upload = &upload->second;
    const json::value* value = given_.if_contains(field.name);
    json::value initial;
    if (value == nullptr && variable.has_default()) {
      initial = variable.default_value();
      value = &initial;
    }
    WL_TRY(Checked checked, check_input(variable, value, context));
    field.messages.clear();
    if (!checked.errors.empty()) {
      refuse(i, std::move(checked.errors));
    } else {
      field.value = std::move(checked.value);
    }
    return ok();
  }

  json::object referred_values(std::size_t i) const {
    json::object values;
    for (const std::size_t other : referred_[i]) {
      values[state_.fields[other].name] = state_.fields[other].value;
    }
    return values;
  }

  // Computed choices -------------------------------------------------------------------------

  bool is_computed(std::size_t i) const { return !variables_[i].choices_method().empty(); }

  Result<void> compute_choices(std::size_t i) {
    FormField& field = state_.fields[i];
    if (!field.visible || broken_[i]) return ok();
    auto choices = lookup_.choices(variables_[i], form_before(i));
    if (!choices.ok()) {
      if (choices.error().code != kInputInvalid) return std::move(choices).error();
      refuse(i, {std::move(choices).error().message});
      return ok();
    }
    field.choices = *std::move(choices);
    return check(i, &*field.choices);
  }

  /// What the choices of a variable may depend on.
  json::object form_before(std::size_t i) const {
    json::object form;
    for (std::size_t other = 0; other < variables_.size(); ++other) {
      const bool is_later = other >= i && is_computed(other);
      if (is_later || variables_[other].sensitive()) continue;
      form[state_.fields[other].name] = state_.fields[other].value;
    }
    return form;
  }

  // The form as a whole ------------------------------------------------------------------------

  void limit_files() {
    if (files_.size() <= kMostInputFiles) return;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      const bool is_file = variables_[i].type() == "FileVar" && !state_.fields[i].value.is_null();
      if (is_file && ++taken > kMostInputFiles) {
        refuse(i, {fmt::format("A run takes {} files at most.", kMostInputFiles)});
      }
    }
  }

  void report_unknown() {
    const auto report = [&](std::string_view name) {
      if (position(name)) return;
      state_.unknown[std::string(name)] = {std::string(kUnknown)};
    };
    for (const auto& member : given_) report(member.key());
    for (const auto& [name, file] : files_) report(name);
  }

  const json::object& given_;
  const UploadedFiles& files_;
  InputLookup& lookup_;
  std::vector<Variable> variables_;
  std::unordered_map<std::string_view, std::size_t> positions_;  ///< by the fields' names
  std::vector<bool> broken_;
  std::vector<std::vector<Condition>> conditions_;
  std::vector<std::vector<std::size_t>> referred_;
  FormState state_;
};

}  // namespace

bool FormState::valid() const {
  return unknown.empty() &&
         std::ranges::all_of(fields, [](const FormField& field) { return field.messages.empty(); });
}

Result<FormState> evaluate_form(const json::value& variables, const json::value& data,
                                const UploadedFiles& files, InputLookup& lookup) {
  if (!data.is_object() && !data.is_null()) {
    return Error{"job.data_not_object", "Job data needs to be a dict"};
  }
  const json::object nothing;
  const json::array none;
  return Form(variables.is_array() ? variables.get_array() : none,
              data.is_object() ? data.get_object() : nothing, files, lookup)
      .evaluate();
}

}  // namespace windlass
