#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/text.h"
#include "engine/job_records.h"
#include "engine/overrides.h"
#include "model/python_text.h"

namespace windlass::engine {

namespace {

constexpr std::size_t kLongestText = 255;
constexpr std::string_view kQueues = "task_queues";
constexpr std::string_view kDefaultQueue = "default_job_queue";

Error refused(std::string message) {
  return {"job.inputs", std::move(message)};
}
Error not_null() {
  return refused("This field may not be null.");
}

/// The words that the original takes for a boolean.
Result<json::value> as_boolean(const json::value& given) {
  constexpr std::array<std::string_view, 6> kTrue{"true", "t", "yes", "y", "on", "1"};
  constexpr std::array<std::string_view, 6> kFalse{"false", "f", "no", "n", "off", "0"};
  if (given.is_null()) return not_null();
  const bool scalar = given.is_bool() || given.is_int64() || given.is_string();
  const std::string word = scalar ? to_lower(python_text(given)) : "";
  if (std::ranges::find(kTrue, word) != kTrue.end()) return json::value(true);
  if (std::ranges::find(kFalse, word) != kFalse.end()) return json::value(false);
  return refused("Must be a valid boolean.");
}

/// Seconds.
Result<json::value> as_number(const json::value& given) {
  if (given.is_null()) return not_null();
  double number = std::nan("");
  if (given.is_number()) number = given.to_number<double>();
  if (given.is_string()) {
    const auto parsed = parse_json(strip(to_view(given.get_string())));
    if (parsed.ok() && parsed->is_number()) number = parsed->to_number<double>();
  }
  if (!std::isfinite(number)) return refused("A valid number is required.");
  if (number < 0) return refused("Ensure this value is greater than or equal to 0.");
  return json::value(number);
}

Result<json::value> as_text(const json::value& given, bool short_text) {
  if (given.is_null()) return not_null();
  if (!given.is_string() && !given.is_number()) return refused("Not a valid string.");
  const std::string whole = python_text(given);
  const std::string_view text = python_strip(whole);
  if (text.find('\0') != std::string_view::npos) return refused("Null characters are not allowed.");
  if (short_text && text.empty()) return refused("This field may not be blank.");
  if (short_text && utf8_length(text) > kLongestText) {
    return refused(fmt::format("Ensure this field has no more than {} characters.", kLongestText));
  }
  return json::value(to_json_view(text));
}

Result<json::value> as_value(const Field<Job>& field, const json::value& given) {
  if (field.kind == FieldKind::kBool) return as_boolean(given);
  if (field.kind == FieldKind::kNumber) return as_number(given);
  return as_text(given, field.name == "name" || field.name == "grouping");
}

/// A list of queue names, none twice.
Result<json::value> as_queues(const json::value& given) {
  const json::array* list = given.if_array();
  if (list == nullptr) return refused("Expected a list of queue names.");
  json::array names;
  for (const json::value& item : *list) {
    WL_TRY(json::value name, as_text(item, true));
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return json::value(std::move(names));
}

/// One PATCH on its way into a copy of the record.
class Patch {
 public:
  Patch(const Job& job, const json::value& patch) : job_(job), patch_(patch) {}

  Result<Job> apply() {
    for (const Field<Job>& field : fields_of<Job>()) {
      const json::value* given = field.has(kWritable) ? find(patch_, field.name) : nullptr;
      if (given == nullptr) continue;
      take(field.name, as_value(field, *given), field.has(kOverridable));
    }
    if (const json::value* given = find(patch_, kQueues)) take(kQueues, as_queues(*given), true);
    if (const json::value* given = find(patch_, kDefaultQueue)) take_default_queue(*given);
    for (const std::string_view field : overridable_fields()) {
      take_override(field, std::string(field) + "_override");
    }
    take_override(kQueues, "job_queues_override");
    take_override(kQueues, "default_job_queue_override");
    if (!errors_.empty())
      return Error{"job.inputs", "The record was not changed.", "", std::move(errors_)};
    restore_class_values(job_);
    if (!job_.is_overridden("name") && renamed_) {
      job_.name = get_string(job_.class_values, "name", job_.job_class_name);
    }
    return std::move(job_);
  }

 private:
  void take(std::string_view field, const Result<json::value>& value, bool overridable) {
    if (!value.ok()) {
      errors_[std::string(field)].push_back(value.error().message);
      return;
    }
    set_field(job_, field, *value);
    if (overridable) set_overridden(job_, field, true);
  }

  void take_default_queue(const json::value& given) {
    auto name = as_text(given, true);
    if (!name.ok()) {
      errors_[std::string(kDefaultQueue)].push_back(name.error().message);
      return;
    }
    json::array queues{*name};
    for (const std::string& other : job_.queue_names()) {
      if (json::value(other) != *name) queues.emplace_back(other);
    }
    take(kQueues, json::value(std::move(queues)), true);
  }

  void take_override(std::string_view field, const std::string& flag) {
    const json::value* given = find(patch_, flag);
    if (given == nullptr) return;
    const auto wanted = as_boolean(*given);
    if (!wanted.ok()) {
      errors_[flag].push_back(wanted.error().message);
      return;
    }
    const bool overridden = wanted->get_bool();
    renamed_ = renamed_ || (field == "name" && !overridden && job_.is_overridden("name"));
    set_overridden(job_, field, overridden);
  }

  Job job_;
  const json::value& patch_;
  FieldErrors errors_;
  bool renamed_ = false;  ///< the name goes back to the class's
};

// Queues by id -----------------------------------------------------------------------------------

/// The name of the queue that a client names by id, name or object; nullopt when there is none.
Result<std::optional<std::string>> queue_name(Storage& storage, const json::value& given) {
  const json::value* of_object = find(given, "id");
  if (of_object == nullptr) of_object = find(given, "name");
  const json::value& named = of_object != nullptr ? *of_object : given;
  if (!named.is_string()) return std::optional<std::string>();
  const std::string text(to_view(named.get_string()));
  const auto id = Uuid::parse(text);
  auto queue = id ? storage.queues().get(*id) : storage.queues().find(text);
  if (queue.ok()) return std::optional(std::move(queue->name));
  if (queue.error().code == "queue.not_found") return std::optional<std::string>();
  return std::move(queue).error();
}

Error no_queue(std::string_view field, const json::value& given) {
  Error error = refused("The record was not changed.");
  error.fields[std::string(field)].push_back(
      fmt::format("\"{}\" is not a valid choice.", python_text(given)));
  return error;
}

/// `job_queues` and `default_job_queue` in the words of patch_job().
Result<json::value> with_queue_names(Storage& storage, const json::value& patch) {
  json::value out = patch;
  const json::value* queues = find(patch, "job_queues");
  if (queues != nullptr && queues->is_array()) {
    json::array names;
    for (const json::value& given : queues->get_array()) {
      WL_TRY(const auto name, queue_name(storage, given));
      if (!name) return no_queue("job_queues", given);
      names.emplace_back(*name);
    }
    out.get_object()[to_json_view(kQueues)] = std::move(names);
  }
  const json::value* first = find(patch, kDefaultQueue);
  if (first != nullptr && !first->is_null()) {
    WL_TRY(const auto name, queue_name(storage, *first));
    if (!name) return no_queue(kDefaultQueue, *first);
    out.get_object()[to_json_view(kDefaultQueue)] = *name;
  }
  return out;
}

/// The name asked for must be free; one that comes back from the class is made unique.
Result<void> settle_name(Job& job, const std::vector<Job>& all) {
  std::set<std::string> taken;
  for (const Job& other : all) {
    if (other.id != job.id) taken.insert(other.name);
  }
  if (job.is_overridden("name") && taken.contains(job.name)) {
    Error error = refused("The record was not changed.");
    error.fields["name"].push_back("job with this name already exists.");
    return error;
  }
  job.name = unique_name(job.name, taken);
  return ok();
}

}  // namespace

Result<void> patch_job(Job& job, const json::value& patch, TimePoint now) {
  WL_TRY(Job changed, Patch(job, patch).apply());
  changed.last_updated = now;
  job = std::move(changed);
  return ok();
}

Result<Job> update_job(Storage& storage, const Uuid& id, const json::value& patch, TimePoint now) {
  WL_TRY(const json::value resolved, with_queue_names(storage, patch));
  auto written =
      storage.jobs().update_all([&](const std::vector<Job>& all) -> Result<std::vector<Job>> {
        const auto found = std::ranges::find(all, id, &Job::id);
        if (found == all.end())
          return Error{"job.not_found", fmt::format("There is no job {}.", id.to_string())};
        Job job = *found;
        WL_TRY_VOID(patch_job(job, resolved, now));
        WL_TRY_VOID(settle_name(job, all));
        return std::vector{std::move(job)};
      });
  if (!written.ok()) return std::move(written).error();
  WL_TRY_VOID(storage.queues().ensure(written->front().queue_names()));
  return std::move(written->front());
}

}  // namespace windlass::engine
