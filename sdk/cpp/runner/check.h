#pragma once

/// What a manifest shows of mistakes that are told only where somebody asks for a check.

#include <windlass/jobs/json.hpp>

namespace windlass::runner {

using windlass::jobs::Json;

/// Appends warnings of the classes in `modules`, the manifest's member, to `warnings`.
void look_for_mistakes(const Json& modules, Json& warnings);

}  // namespace windlass::runner
