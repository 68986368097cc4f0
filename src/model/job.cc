#include "model/job.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/python_text.h"

namespace windlass {

namespace {

constexpr unsigned kClassText = kOverridable | kWritable;

void add_choices(const json::array& choices,
                 std::vector<std::pair<std::string, std::string>>* out) {
  for (const json::value& choice : choices) {
    const json::array* pair = choice.if_array();
    if (pair == nullptr || pair->size() != 2) continue;
    if (const json::array* group = (*pair)[1].if_array()) {
      add_choices(*group, out);
    } else {
      out->emplace_back(python_text((*pair)[0]), python_text((*pair)[1]));
    }
  }
}

}  // namespace

template <>
const ResourceInfo& resource_of<Job>() {
  static const ResourceInfo info{"extras.job", "extras/jobs", "Job", "job"};
  return info;
}

template <>
const std::vector<Field<Job>>& fields_of<Job>() {
  static const std::vector<Field<Job>> fields{
      {{"id", FieldKind::kId, kFilter}, &Job::id},
      {{"class_path", FieldKind::kText, kFilter | kSort | kSearch, "",
        "Module and class; what identifies the job."},
       &Job::class_path},
      {{"module_name", FieldKind::kText, kFilter}, &Job::module_name},
      {{"job_class_name", FieldKind::kText, kFilter}, &Job::job_class_name},
      {{"grouping", FieldKind::kText, kFilter | kSort | kSearch | kClassText}, &Job::grouping},
      {{"name", FieldKind::kText, kFilter | kSort | kSearch | kClassText}, &Job::name},
      {{"description", FieldKind::kText, kSearch | kClassText, "", "Markdown."}, &Job::description},
      {{"installed", FieldKind::kBool, kFilter, "", "Whether the class is known now."},
       &Job::installed},
      {{"enabled", FieldKind::kBool, kFilter | kWritable, "",
        "Whether it may be run; false for a new record."},
       &Job::enabled},
      {{"is_job_hook_receiver", FieldKind::kBool, kFilter}, &Job::is_job_hook_receiver},
      {{"is_job_button_receiver", FieldKind::kBool, kFilter}, &Job::is_job_button_receiver},
      {{"has_sensitive_variables", FieldKind::kBool, kFilter | kClassText, "",
        "Inputs are sealed, never shown and wiped after the last attempt."},
       &Job::has_sensitive_variables},
      {{"is_singleton", FieldKind::kBool, kFilter | kClassText}, &Job::is_singleton},
      {{"approval_required", FieldKind::kBool, kFilter | kClassText}, &Job::approval_required},
      {{"console_log_default", FieldKind::kBool, kClassText}, &Job::console_log_default},
      {{"hidden", FieldKind::kBool, kFilter | kClassText}, &Job::hidden},
      {{"dryrun_default", FieldKind::kBool, kFilter | kClassText}, &Job::dryrun_default},
      {{"read_only", FieldKind::kBool, kFilter}, &Job::read_only},
      {{"soft_time_limit", FieldKind::kNumber, kFilter | kClassText, "",
        "Seconds; 0: the setting soft_time_limit."},
       &Job::soft_time_limit},
      {{"time_limit", FieldKind::kNumber, kFilter | kClassText, "",
        "Seconds; 0: the setting time_limit."},
       &Job::time_limit},
      {{"max_retries", FieldKind::kInteger, kNone, "",
        "Further attempts that the class declares; -1: none declared."},
       &Job::max_retries},
      {{"retry_delay", FieldKind::kNumber, kNone, "", "Seconds before the second attempt."},
       &Job::retry_delay},
      {{"retry_backoff", FieldKind::kNumber, kNone, "",
        "Each later delay is this many times the one before."},
       &Job::retry_backoff},
      {{"supports_dryrun", FieldKind::kBool, kFilter}, &Job::supports_dryrun},
      {{"task_queues", FieldKind::kJson, kNone, "",
        "Names of the queues it may be routed to; the first is its default."},
       &Job::task_queues},
      {{"overrides", FieldKind::kJson, kHidden}, &Job::overrides},
      {{"class_values", FieldKind::kJson, kHidden}, &Job::class_values},
      {{"variables", FieldKind::kJson, kHidden}, &Job::variables},
      {{"file_path", FieldKind::kText, kNone, "", "Where the class is written."}, &Job::file_path},
      {{"line", FieldKind::kInteger, kNone}, &Job::line},
      {{"source", FieldKind::kText, kFilter, "", "Where the class comes from."}, &Job::source},
      {{"source_version", FieldKind::kText, kNone, "", "Content hash or commit in force."},
       &Job::source_version},
      {{"import_error", FieldKind::kText, kNone, "",
        "Traceback of the newest files when they do not import; an earlier version may still "
        "serve."},
       &Job::import_error},
      {{"warning", FieldKind::kText, kNone}, &Job::warning},
      {{"created", FieldKind::kTime, kSort}, &Job::created},
      {{"last_updated", FieldKind::kTime, kSort}, &Job::last_updated},
  };
  return fields;
}

bool Job::is_overridden(std::string_view field) const {
  const json::array* names = overrides.if_array();
  if (names == nullptr) return false;
  for (const json::value& name : *names) {
    if (name.is_string() && to_view(name.get_string()) == field) return true;
  }
  return false;
}

json::value Job::form_variables() const {
  json::value declared = variables;
  if (json::array* list = declared.if_array()) {
    for (json::value& declaration : *list) {
      if (get_string(declaration, "type") != "DryRunVar") continue;
      declaration.as_object()["has_default"] = true;
      declaration.as_object()["default"] = dryrun_default;
    }
  }
  return declared;
}

std::vector<std::string> Job::queue_names() const {
  std::vector<std::string> names;
  if (const json::array* queues = task_queues.if_array()) {
    for (const json::value& name : *queues) {
      if (name.is_string()) names.emplace_back(to_view(name.get_string()));
    }
  }
  return names;
}

std::vector<std::string> Job::queues_with(const std::string& fallback) const {
  std::vector<std::string> names = queue_names();
  const json::value* declared = find(class_values, "task_queues");
  const bool class_names_none =
      declared == nullptr || !declared->is_array() || declared->get_array().empty();
  const bool default_alone =
      class_names_none && is_overridden(kDefaultQueue) && !is_overridden("task_queues");
  if (names.empty() || default_alone) {
    if (std::find(names.begin(), names.end(), fallback) == names.end()) names.push_back(fallback);
  }
  return names;
}

json::value Variable::default_value() const {
  const json::value* value = find(declaration_, "default");
  return has_default() && value != nullptr ? *value : json::value(nullptr);
}

std::optional<std::int64_t> Variable::limit(std::string_view name) const {
  const json::value* value = option(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  if (value->is_int64()) return value->get_int64();
  if (value->is_uint64()) return kMost;
  const double number = std::floor(value->get_double());
  if (number >= static_cast<double>(kMost)) return kMost;
  if (number <= static_cast<double>(kLeast)) return kLeast;
  return static_cast<std::int64_t>(number);
}

const json::value* Variable::option(std::string_view name) const {
  const json::value* value = find(declaration_, name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::vector<std::pair<std::string, std::string>> Variable::choices() const {
  const json::value* value = option("choices");
  if (value == nullptr || !value->is_array()) return {};
  return flat_choices(value->get_array());
}

std::vector<std::pair<std::string, std::string>> flat_choices(const json::array& choices) {
  std::vector<std::pair<std::string, std::string>> out;
  add_choices(choices, &out);
  return out;
}

}  // namespace windlass
