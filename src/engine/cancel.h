#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/job_result.h"
#include "model/records.h"
#include "storage/storage.h"

namespace windlass::engine {

/// Asks for the end of a run: a queued one is REVOKED at once, a running one is stopped by its
/// worker, an ended one stays as it is. Only its owner and superusers may. Errors:
/// `job_result.not_found`, `job_result.forbidden`.
Result<JobResult> cancel_result(Storage& storage, const Uuid& id, const User& by);

struct Cancelled {
  std::vector<Uuid> cancelled;  ///< asked to end
  std::vector<Uuid> unchanged;  ///< had ended
};

/// cancel_result() of several: all are found and may be cancelled, or none is.
Result<Cancelled> cancel_results(Storage& storage, const std::vector<Uuid>& ids, const User& by);

/// Calls of delete_result() that may wait at once; more ask for the run's end and are refused.
inline constexpr int kMostWaitingDeletes = 8;

/// Deletes a result with its events and files; one that has not ended is cancelled first, and its
/// end waited for, at most `wait`. Blocks. Errors: those of cancel_result();
/// `job_result.still_running` when it did not end in time, or too many wait: it is being stopped,
/// and not deleted.
Result<void> delete_result(Storage& storage, const Uuid& id, const User& by, Micros wait);

/// delete_result() of several: none is touched unless all are found and may be deleted. Those that
/// have not ended are asked to end before the first is waited for; `wait` is for all together.
/// `job_result.still_running` says how many were deleted before.
Result<void> delete_results(Storage& storage, const std::vector<Uuid>& ids, const User& by,
                            Micros wait);

}  // namespace windlass::engine
