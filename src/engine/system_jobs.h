#pragma once

#include <string>

#include "base/json.h"
#include "storage/storage.h"

namespace windlass::engine {

/// What Windlass' own jobs declare, as a runner's manifest would have it: kSyncJob and
/// kDryRunJob (model/git_repository.h), of the source "system".
json::value system_manifest();

/// Records them, before any job code is imported. `version` is that of the program. Errors:
/// `storage.*`.
Result<void> record_system_jobs(Storage& storage, const std::string& version, TimePoint now);

}  // namespace windlass::engine
