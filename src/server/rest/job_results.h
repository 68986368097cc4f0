#pragma once

#include "model/job_result.h"
#include "server/rest/call.h"

namespace windlass::rest {

/// The result that the path's place `{id}` names. Error `job_result.not_found`.
Result<JobResult> result_of_path(Call& call);

}  // namespace windlass::rest
