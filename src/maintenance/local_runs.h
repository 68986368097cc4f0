#pragma once

#include "storage/storage.h"

namespace windlass::maintenance {

/// `runjob --local` queues its run in a queue of its own, "local:<pid>". When the command is killed
/// before it claims the run, nobody else would: ends such runs as REVOKED. Only for processes on
/// the machine whose commands use this database. Returns how many. Errors: `storage.*`.
Result<int> settle_local_runs(Storage& storage);

}  // namespace windlass::maintenance
