#pragma once

#include "base/json.h"
#include "base/result.h"

namespace windlass {

/// The rules of input variables, the same for REST, form and command line (behaviour: forms'
/// coercion, "5" is 5). `variables` is Job::variables, `data` the inputs given. Returns a value for
/// every declared variable: what was given, coerced; else the default; else the kind's empty value.
/// Error `job.inputs` with the messages of all fields at once; `job.data_not_object` when data is
/// no object (null counts as {}). Pure.
Result<json::object> validate_inputs(const json::value& variables, const json::value& data);

}  // namespace windlass
