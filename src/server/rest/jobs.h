#pragma once

#include "model/job.h"
#include "server/rest/call.h"

namespace windlass::rest {

/// The job that the path's place `{job}` names by id, class path or name. Error `job.not_found`.
Result<Job> job_of_path(Call& call);

}  // namespace windlass::rest
