#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/job.h"

namespace windlass::engine {

/// Names of the fields that a record may hold otherwise than its class: those flagged kOverridable,
/// and task_queues.
const std::vector<std::string_view>& overridable_fields();

/// Sets a field from a value of Job::class_values. A value of another kind than the field's leaves
/// it as it is.
void set_field(Job& job, std::string_view field, const json::value& value);

/// Makes this queue the first of task_queues, the default.
void put_first(Job& job, const std::string& queue);

/// Gives every field that is not overridden its class's value, the name aside. A default queue that
/// is overridden stays the first.
void restore_class_values(Job& job);

void set_overridden(Job& job, std::string_view field, bool overridden);

/// `name`, or the first of "name (2)", "name (3)", … that is not taken.
std::string unique_name(const std::string& name, const std::set<std::string>& taken);

}  // namespace windlass::engine
