#include "engine/overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

namespace windlass::engine {

namespace {

template <class Value>
void assign(Value& to, const json::value& from) {
  if constexpr (std::is_same_v<Value, bool>) {
    if (from.is_bool()) to = from.get_bool();
  } else if constexpr (std::is_same_v<Value, double>) {
    if (from.is_number()) to = from.to_number<double>();
  } else if constexpr (std::is_same_v<Value, std::string>) {
    if (from.is_string()) to = to_view(from.get_string());
  } else if constexpr (std::is_same_v<Value, json::value>) {
    to = from;
  }
}

}  // namespace

const std::vector<std::string_view>& overridable_fields() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out{"task_queues"};
    for (const Field<Job>& field : fields_of<Job>()) {
      if (field.has(kOverridable)) out.push_back(field.name);
    }
    return out;
  }();
  return names;
}

void set_field(Job& job, std::string_view field, const json::value& value) {
  const Field<Job>* found = find_field<Job>(field);
  WL_CHECK(found != nullptr, "a field of the job's list");
  std::visit([&](auto member) { assign(job.*member, value); }, found->member);
}

void put_first(Job& job, const std::string& queue) {
  json::array queues{json::value(queue)};
  for (const std::string& other : job.queue_names()) {
    if (other != queue) queues.emplace_back(other);
  }
  job.task_queues = std::move(queues);
}

void restore_class_values(Job& job) {
  const std::vector<std::string> before = job.queue_names();
  for (const std::string_view field : overridable_fields()) {
    const json::value* value = find(job.class_values, field);
    if (field != "name" && value != nullptr && !job.is_overridden(field))
      set_field(job, field, *value);
  }
  if (job.is_overridden(kDefaultQueue) && !before.empty()) put_first(job, before.front());
}

void set_overridden(Job& job, std::string_view field, bool overridden) {
  if (job.is_overridden(field) == overridden) return;
  json::array names = job.overrides.is_array() ? job.overrides.get_array() : json::array{};
  if (overridden) {
    names.emplace_back(to_json_view(field));
  } else {
    const auto gone = std::remove(names.begin(), names.end(), json::value(to_json_view(field)));
    names.erase(gone, names.end());
  }
  job.overrides = std::move(names);
}

std::string unique_name(const std::string& name, const std::set<std::string>& taken) {
  if (!taken.contains(name)) return name;
  int number = 2;
  while (taken.contains(fmt::format("{} ({})", name, number))) ++number;
  return fmt::format("{} ({})", name, number);
}

}  // namespace windlass::engine
