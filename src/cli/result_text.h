#pragma once

#include "base/json.h"
#include "model/job_result.h"

namespace windlass::cli {

/// The shown fields of a result as JSON, names as in REST.
json::object result_json(const JobResult& result);
/// A result for a person: status, times, reason, return value, traceback.
void print_result(const JobResult& result);

}  // namespace windlass::cli
