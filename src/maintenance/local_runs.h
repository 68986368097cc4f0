#pragma once

#include "storage/storage.h"

namespace windlass::maintenance {

/// `runjob --local` queues its run in a queue of its own, "local:<pid>". When the command is killed
/// before it claims the run, nobody else would: ends such runs as REVOKED. Only for processes on
/// the machine whose commands use this database. Returns how many. Errors: `storage.*`.
Result<int> settle_local_runs(Storage& storage);

/// Jobs of a file that `runjob --local` was given by its path are installed while the command runs.
/// One that was killed leaves them so: unless such a command is at work, marks them not installed.
/// To be called after settle_lost_workers(). Errors: `storage.*`.
Result<void> forget_local_files(Storage& storage);

}  // namespace windlass::maintenance
