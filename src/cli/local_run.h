#pragma once

#include <functional>
#include <string>

#include "config/settings.h"
#include "engine/submit.h"

namespace windlass::cli {

/// `runjob --local`: loads the jobs, runs one in this process tree with a worker of its own, and
/// records it in the home. request.job may be the path of a file anywhere; then only that file is
/// loaded. `report` follows the run while it is under way and gives the exit status.
int run_locally(const Settings& settings, engine::RunRequest request,
                const std::function<int(Storage&, const JobResult&)>& report);

}  // namespace windlass::cli
