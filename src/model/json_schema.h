#pragma once

#include "base/json.h"
#include "model/job.h"

namespace windlass {

/// What one input variable may be, as JSON Schema draft 2020-12, for its value as run() gets it:
/// the rules take more than that ("5" for 5), so that what fits the schema is right, and what a
/// run has been given fits. Title, description, default (never a sensitive one's, which is
/// writeOnly), type, bounds and choices; what JSON Schema has no word for stands under `x-`:
/// x-visible-if, x-choices-method, x-regex (one that is Python's own), x-upload, x-object-type,
/// x-min-prefix-length, x-max-prefix-length. Of patterns, \w and \d mean Unicode's letters and
/// digits. Pure.
json::object variable_schema(const Variable& variable);

/// The schema of the `data` object of a run; `variables` is Job::variables. Required is what has
/// neither default nor visible_if.
json::object inputs_schema(const json::value& variables);

}  // namespace windlass
