#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/records.h"
#include "storage/query.h"

namespace windlass {

/// Workers and queues. All calls block; all are thread-safe.
class WorkerStore {
 public:
  virtual ~WorkerStore() = default;
  /// Stores the worker (last_seen becomes now) and makes records of the queues it names.
  virtual Result<void> add(const Worker& worker) = 0;
  /// state "draining" or "stopped"; a stopped worker is not alive.
  virtual Result<void> set_state(const Uuid& worker, const std::string& state) = 0;
  /// Alive workers: state ready or draining, seen within the lease.
  virtual Result<std::vector<Worker>> alive() = 0;
  virtual Result<Page<Worker>> list(const Query& query) = 0;
  /// Workers of this host whose state is ready or draining, whether seen lately or not.
  virtual Result<std::vector<Worker>> unfinished_on_host(const std::string& hostname) = 0;
};

class QueueStore {
 public:
  virtual ~QueueStore() = default;
  virtual Result<Page<JobQueue>> list(const Query& query) = 0;
  /// Errors: `queue.not_found`.
  virtual Result<JobQueue> get(const Uuid& id) = 0;
  virtual Result<JobQueue> find(std::string_view name) = 0;
  /// Makes records of the names that have none.
  virtual Result<void> ensure(const std::vector<std::string>& names) = 0;
};

}  // namespace windlass
