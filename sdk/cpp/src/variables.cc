/// What all variables have in common, and those for text, numbers, switches and JSON.
#include <windlass/jobs/variables.hpp>

#include "arrival.hpp"
#include "declaration.hpp"

namespace windlass::jobs {
inline namespace v1 {

template class Input<std::int64_t>;
template class PlainInput<std::string>;
template class PlainInput<std::vector<std::string>>;
template class PlainInput<bool>;
template class PlainInput<Json>;

Variable::Variable(Job* job, Text name) : name_(name.view()) {
  job->variables_.push_back(this);
}
Variable::~Variable() = default;
detail::Declaration* Variable::declaration() const noexcept {
  return detail::current_declaration();
}

void Variable::throw_empty() const {
  throw EmptyInput("The input " + name_ +
                   " was left out: ask has_value() before reading it, or use value_or()");
}

namespace detail {

void Arrival::deliver(const Json& inputs, Job& job) {
  for (Variable* variable : job.variables_) {
    const Json* value = inputs.find(variable->name());
    if (value != nullptr) variable->arrive(*value, *this);
  }
}

Json Arrival::values_of(const Job& job) {
  Json values = Json::object();
  for (const Variable* variable : job.variables_) {
    values.as_object().emplace_back(variable->name(), variable->to_json());
  }
  return values;
}

}  // namespace detail

StringVar::~StringVar() = default;
StringVar::StringVar(Job* job, Text name, const StringOptions& options) : PlainInput(job, name) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  declared->add(*this, "StringVar", options, detail::json_of(options.default_value),
                {{"min_length", options.min_length},
                 {"max_length", options.max_length},
                 {"regex", options.regex.empty() ? Json() : Json(options.regex.view())},
                 {"sensitive", options.sensitive}});
}
void StringVar::arrive(const Json& value, detail::Arrival&) {
  value_ = value.as_string();
}

TextVar::~TextVar() = default;
TextVar::TextVar(Job* job, Text name, const TextOptions& options) : PlainInput(job, name) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  declared->add(*this, "TextVar", options, detail::json_of(options.default_value),
                {{"sensitive", options.sensitive}});
}
void TextVar::arrive(const Json& value, detail::Arrival&) {
  value_ = value.as_string();
}

IntegerVar::~IntegerVar() = default;
IntegerVar::IntegerVar(Job* job, Text name, const IntegerOptions& options) : Input(job, name) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  declared->add(*this, "IntegerVar", options, Json(options.default_value),
                {{"min_value", options.min_value}, {"max_value", options.max_value}});
}
Json IntegerVar::to_json() const {
  return Json(value_);
}
void IntegerVar::arrive(const Json& value, detail::Arrival&) {
  if (!value.is_null()) value_ = value.as_integer();
}

BooleanVar::BooleanVar(Job* job, Text name, const BooleanOptions& options)
    : BooleanVar(job, name, options, "BooleanVar") {}
BooleanVar::BooleanVar(Job* job, Text name, const BooleanOptions& options, Text type)
    : PlainInput(job, name) {
  detail::Declaration* declared = declaration();
  if (declared != nullptr) {
    declared->add(*this, type.view(), options, Json(options.default_value));
  }
}
void BooleanVar::arrive(const Json& value, detail::Arrival&) {
  value_ = value.as_bool();
}

namespace {
BooleanOptions described(BooleanOptions options) {
  if (options.description.empty()) options.description = "Check the run without making changes";
  return options;
}
}  // namespace

DryRunVar::DryRunVar(Job* job, const BooleanOptions& options)
    : BooleanVar(job, "dryrun", described(options), "DryRunVar") {}

JSONVar::~JSONVar() = default;
JSONVar::JSONVar(Job* job, Text name, const JSONOptions& options) : PlainInput(job, name) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  // The server takes text for JSON that somebody typed.
  declared->add(*this, "JSONVar", options,
                options.default_value.is_string() ? Json(options.default_value.dump())
                                                  : options.default_value,
                {{"sensitive", options.sensitive}});
}
Json JSONVar::to_json() const {
  return value_;
}
void JSONVar::arrive(const Json& value, detail::Arrival&) {
  value_ = value;
}

}  // namespace v1
}  // namespace windlass::jobs
