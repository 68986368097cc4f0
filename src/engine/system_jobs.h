#pragma once

#include "base/json.h"

namespace windlass::engine {

/// What Windlass' own jobs declare, as a runner's manifest would have it: kSyncJob and
/// kDryRunJob (model/git_repository.h), of the source "system".
json::value system_manifest();

}  // namespace windlass::engine
