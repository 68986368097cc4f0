#include <algorithm>
#include <array>
#include <windlass/jobs/object_variables.hpp>

#include "declaration.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {

constexpr std::array<std::string_view, 6> kObjectTypes{"extras.fileproxy", "extras.gitrepository",
                                                       "extras.job",       "extras.jobqueue",
                                                       "extras.jobresult", "users.user"};
constexpr std::size_t kIdsAtOnce = 1000;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// The members that both kinds have. `model` is the object type.
template <class Options>
Json::Object members_of(const Variable& variable, const Options& options, const std::string& model,
                        detail::Declaration& declared) {
  if (std::find(kObjectTypes.begin(), kObjectTypes.end(), model) == kObjectTypes.end()) {
    std::string sentence = "model wants one of ";
    for (std::string_view known : kObjectTypes) sentence.append(known).append(", ");
    declared.problem(variable, sentence + "got \"" + options.model.string() + "\"");
  }
  if (!options.query_params.is_null() && !options.query_params.is_object()) {
    declared.problem(variable, "query_params wants names of filters, each with a value, got " +
                                   options.query_params.dump());
  }
  return {{"model", model},
          {"display_field", options.display_field.view()},
          {"query_params", options.query_params}};
}

}  // namespace

ObjectVar::~ObjectVar() = default;
ObjectVar::ObjectVar(Job* job, Text name, const ObjectOptions& options)
    : Input(job, name), model_(lower(options.model.view())) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  Json::Object members = members_of(*this, options, model_, *declared);
  members.emplace_back("null_option", detail::json_of(options.null_option));
  declared->add(*this, "ObjectVar", options, options.default_value, std::move(members));
}
Json ObjectVar::to_json() const {
  return value_ ? Json(value_->id()) : Json();
}
void ObjectVar::arrive(const Json& value, detail::Arrival&) {
  if (!value.is_null()) value_ = Record(model_, value.as_string());
}

MultiObjectVar::~MultiObjectVar() = default;
MultiObjectVar::MultiObjectVar(Job* job, Text name, const MultiObjectOptions& options)
    : Variable(job, name), model_(lower(options.model.view())) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  declared->add(*this, "MultiObjectVar", options, options.default_value,
                members_of(*this, options, model_, *declared));
}

std::vector<Record> MultiObjectVar::value() const {
  std::vector<Record> records;
  for (const std::string& id : ids_) records.emplace_back(model_, id);
  return records;
}

std::vector<Record> MultiObjectVar::all() const {
  std::vector<Record> records;
  for (std::size_t from = 0; from < ids_.size(); from += kIdsAtOnce) {
    const auto begin = ids_.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end =
        ids_.begin() + static_cast<std::ptrdiff_t>(std::min(from + kIdsAtOnce, ids_.size()));
    for (Record& record : Objects(model_).with_ids({begin, end}).all()) {
      records.push_back(std::move(record));
    }
  }
  return records;
}

Json MultiObjectVar::to_json() const {
  return Json(ids_);
}
void MultiObjectVar::arrive(const Json& value, detail::Arrival&) {
  if (value.is_null()) return;
  for (const Json& id : value.as_array()) ids_.push_back(id.as_string());
}

}  // namespace v1
}  // namespace windlass::jobs
