#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/text.h"
#include "engine/job_records.h"
#include "engine/overrides.h"
#include "model/job_source.h"
#include "model/python_text.h"

namespace windlass::engine {

namespace {

constexpr std::size_t kLongestText = 255;
constexpr std::string_view kQueues = "task_queues";
constexpr std::string_view kJobQueues = "job_queues";

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
  /// `taken`: names of other jobs. `errors`: what is wrong with fields that `patch` lacks for it.
  Patch(const Job& job, const json::value& patch, const std::set<std::string>& taken,
        FieldErrors errors)
      : job_(job), patch_(patch), taken_(taken), errors_(std::move(errors)) {}

  Result<Job> apply() {
    for (const Field<Job>& field : fields_of<Job>()) {
      const json::value* given = field.has(kWritable) ? find(patch_, field.name) : nullptr;
      if (given == nullptr) continue;
      take(field.name, as_value(field, *given), field.has(kOverridable));
    }
    take_queues();
    for (const std::string_view field : overridable_fields()) {
      take_override(field, std::string(field) + "_override");
    }
    take_override(kQueues, "job_queues_override");
    take_default_override();
    if (job_.is_overridden("name") && taken_.contains(job_.name)) {
      errors_["name"].push_back("job with this name already exists.");
    }
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

  /// A default that is overridden stays the first, whatever becomes of the others.
  void take_queues() {
    const std::vector<std::string> before = job_.queue_names();
    if (const json::value* given = find(patch_, kQueues)) {
      take(kQueues, as_queues(*given), true);
      if (job_.is_overridden(kDefaultQueue) && !before.empty()) put_first(job_, before.front());
    }
    const json::value* given = find(patch_, kDefaultQueue);
    if (given == nullptr) return;
    const auto name = as_text(*given, true);
    if (!name.ok()) {
      errors_[std::string(kDefaultQueue)].push_back(name.error().message);
      return;
    }
    put_first(job_, std::string(to_view(name->get_string())));
    set_overridden(job_, kDefaultQueue, true);
  }

  /// Taken back, the default is the class's again, where the queues still have it.
  void take_default_override() {
    const bool before = job_.is_overridden(kDefaultQueue);
    take_override(kDefaultQueue, std::string(kDefaultQueue) + "_override");
    if (!before || job_.is_overridden(kDefaultQueue)) return;
    const json::value* declared = find(job_.class_values, kQueues);
    if (declared == nullptr || !declared->is_array() || declared->get_array().empty()) {
      if (!job_.is_overridden(kQueues)) job_.task_queues = json::array{};
      return;
    }
    const json::value& first = declared->get_array().front();
    const std::vector<std::string> names = job_.queue_names();
    if (first.is_string() && std::ranges::find(names, to_view(first.get_string())) != names.end()) {
      put_first(job_, std::string(to_view(first.get_string())));
    }
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
  const std::set<std::string>& taken_;
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

/// What patch_job() can read of a PATCH.
struct NamedQueues {
  json::object patch;  ///< without the fields that are wrong
  FieldErrors errors;
};

std::string no_queue(const json::value& given) {
  return fmt::format("\"{}\" is not a valid choice.", python_text(given));
}

/// The names of `job_queues`; messages for what is wrong.
Result<json::array> queue_list(Storage& storage, const json::value& given,
                               std::vector<std::string>& wrong) {
  json::array names;
  if (given.is_null()) {
    wrong.push_back(not_null().message);
  } else if (!given.is_array()) {
    wrong.emplace_back("Expected a list of queues, each as an id or a name.");
  } else {
    for (const json::value& item : given.get_array()) {
      WL_TRY(const auto name, queue_name(storage, item));
      if (name) {
        names.emplace_back(*name);
      } else {
        wrong.push_back(no_queue(item));
      }
    }
  }
  return names;
}

/// `job_queues` and `default_job_queue` in the words of patch_job().
Result<NamedQueues> with_queue_names(Storage& storage, const json::value& patch) {
  NamedQueues out{patch.is_object() ? patch.get_object() : json::object{}, {}};
  if (const json::value* queues = find(patch, kJobQueues)) {
    std::vector<std::string> wrong;
    WL_TRY(json::array names, queue_list(storage, *queues, wrong));
    if (wrong.empty()) {
      out.patch[to_json_view(kQueues)] = std::move(names);
    } else {
      out.errors[std::string(kJobQueues)] = std::move(wrong);
    }
  }
  const json::value* first = find(patch, kDefaultQueue);
  if (first != nullptr && !first->is_null()) {
    WL_TRY(const auto name, queue_name(storage, *first));
    if (name) {
      out.patch[to_json_view(kDefaultQueue)] = *name;
    } else {
      out.errors[std::string(kDefaultQueue)] = {no_queue(*first)};
      out.patch.erase(to_json_view(kDefaultQueue));
    }
  }
  return out;
}

}  // namespace

Result<void> patch_job(Job& job, const json::value& patch, TimePoint now) {
  WL_TRY(Job changed, Patch(job, patch, {}, {}).apply());
  changed.last_updated = now;
  job = std::move(changed);
  return ok();
}

Result<Job> update_job(Storage& storage, const Uuid& id, const json::value& patch, TimePoint now) {
  WL_TRY(const NamedQueues named, with_queue_names(storage, patch));
  const json::value resolved = named.patch;
  auto written =
      storage.jobs().update_all([&](const std::vector<Job>& all) -> Result<std::vector<Job>> {
        const auto found = std::ranges::find(all, id, &Job::id);
        if (found == all.end())
          return Error{"job.not_found", fmt::format("There is no job {}.", id.to_string())};
        std::set<std::string> taken;
        for (const Job& other : all) {
          if (other.id != id) taken.insert(other.name);
        }
        WL_TRY(Job job, Patch(*found, resolved, taken, named.errors).apply());
        job.name = unique_name(job.name, taken);  // one that comes back from the class
        job.last_updated = now;
        return std::vector{std::move(job)};
      });
  if (!written.ok()) return std::move(written).error();
  WL_TRY_VOID(storage.queues().ensure(written->front().queue_names()));
  return std::move(written->front());
}

Result<void> check_removable(const Job& job) {
  if (job.source != kSystemSource) return ok();
  return Error{
      "job.system",
      fmt::format("{} is one of Windlass' own jobs and stays; disable it instead.", job.name)};
}

}  // namespace windlass::engine
