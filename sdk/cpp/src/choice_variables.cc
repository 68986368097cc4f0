#include <algorithm>
#include <windlass/jobs/choice_variables.hpp>
#include <windlass/jobs/errors.hpp>

#include "declaration.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {

/// The members `choices` and `choices_method`; the method's name is made from the variable's.
template <class Options>
Json::Object members_of(const Variable& variable, const Options& options,
                        detail::Declaration& declared) {
  Json method;
  if (options.choices_method != nullptr) {
    std::string name = variable.name() + "_choices";
    method = name;
    declared.add_choices_method(std::move(name), options.choices_method);
    if (!options.choices.empty()) {
      declared.problem(variable, "it has both choices and choices_method; give one of them");
    }
  }
  return {{"choices", to_json(options.choices)}, {"choices_method", std::move(method)}};
}

std::vector<std::string> texts_of(const Json& value) {
  std::vector<std::string> texts;
  for (const Json& one : value.as_array()) texts.push_back(one.as_string());
  return texts;
}

}  // namespace

Choice::Choice(std::string stored, std::string shown)
    : value(std::move(stored)), label(std::move(shown)) {}
Choice::Choice(std::string name, std::vector<Choice> members)
    : value(std::move(name)), group(std::move(members)), is_group(true) {}
Choice::Choice(const Choice&) = default;
Choice::Choice(Choice&&) noexcept = default;
Choice& Choice::operator=(const Choice&) = default;
Choice& Choice::operator=(Choice&&) noexcept = default;
Choice::~Choice() = default;

Json to_json(const Choices& choices) {
  Json all = Json::array();
  for (const Choice& choice : choices) {
    Json second = choice.is_group ? to_json(choice.group) : Json(choice.label);
    all.push_back(Json::array({choice.value, std::move(second)}));
  }
  return all;
}

ChoiceVar::~ChoiceVar() = default;
ChoiceVar::ChoiceVar(Job* job, Text name, const ChoiceOptions& options) : PlainInput(job, name) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  declared->add(*this, "ChoiceVar", options, detail::json_of(options.default_value),
                members_of(*this, options, *declared));
}
void ChoiceVar::arrive(const Json& value, detail::Arrival&) {
  value_ = value.as_string();
}

MultiChoiceVar::~MultiChoiceVar() = default;
MultiChoiceVar::MultiChoiceVar(Job* job, Text name, const MultiChoiceOptions& options)
    : PlainInput(job, name) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  declared->add(*this, "MultiChoiceVar", options, Json(options.default_value),
                members_of(*this, options, *declared));
}
void MultiChoiceVar::arrive(const Json& value, detail::Arrival&) {
  value_ = texts_of(value);
}

namespace detail {

EnumBase::EnumBase(Job* job, Text name, const Common& common, std::vector<Enumerator> enumerators,
                   const std::optional<std::vector<std::int64_t>>& default_numbers, bool several)
    : Variable(job, name), enumerators_(std::move(enumerators)), several_(several) {
  Declaration* declared = declaration();
  if (declared == nullptr) return;
  Json default_value;
  if (default_numbers) {
    default_value = Json::array();
    for (std::int64_t number : *default_numbers) default_value.push_back(text_of(number));
    if (std::count(default_value.begin(), default_value.end(), Json()) != 0) {
      declared->problem(*this, "its default is none of its choices");
    }
    if (!several) default_value = Json(default_value[0]);
  }
  Json choices = Json::array();
  for (const Enumerator& one : enumerators_) choices.push_back(Json::array({one.value, one.label}));
  declared->add(*this, several ? "MultiChoiceVar" : "ChoiceVar", common, std::move(default_value),
                {{"choices", std::move(choices)}, {"choices_method", Json()}});
}

void EnumBase::arrive(const Json& value, Arrival&) {
  const Json texts = value.is_array() ? value : Json::array({value});
  for (const Json& text : texts) {
    if (text.as_string().empty()) continue;
    const auto found =
        std::find_if(enumerators_.begin(), enumerators_.end(),
                     [&](const Enumerator& one) { return one.value == text.as_string(); });
    if (found == enumerators_.end()) {
      throw JobError("The input " + name() + " has " + text.dump() +
                     ", which is none of its choices");
    }
    numbers_.push_back(found->number);
  }
}

Json EnumBase::text_of(std::int64_t number) const {
  for (const Enumerator& one : enumerators_) {
    if (one.number == number) return Json(one.value);
  }
  return Json();
}

Json EnumBase::to_json() const {
  Json texts = Json::array();
  for (std::int64_t number : numbers_) texts.push_back(text_of(number));
  if (several_) return texts;
  return texts.empty() ? Json("") : Json(texts[0]);
}

}  // namespace detail
}  // namespace v1
}  // namespace windlass::jobs
