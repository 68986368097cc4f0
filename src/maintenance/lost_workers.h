#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/service.h"
#include "runner/pool.h"
#include "storage/storage.h"

namespace windlass::maintenance {

/// Ends what a process left running, named by its instance marker; returns how many.
using EndLeftovers = std::function<int(const std::string& instance)>;

/// One look for workers that are gone: ends their runs as FAILURE, reason `worker_lost`, and logs
/// each. A worker of this machine whose process has ended is settled at once, any other when its
/// lease runs out. What such a run had started is dead before its end is recorded. With `alone`,
/// for a process that holds the home's lock, workers of this machine from an earlier boot or
/// container are gone too, and so are runs that killed commands (`runjob --local`) had queued for
/// themselves. Returns how many runs were ended. Errors: `storage.*`. Any thread; any number of
/// processes may look at the same time.
Result<int> settle_lost_workers(Storage& storage, const std::string& hostname, bool alone = false,
                                const EndLeftovers& end_leftovers = runner::end_leftovers);

/// Looks again and again, so that no run stays STARTED for ever. Every process of an installation
/// does this duty. Works on a thread of its own; storage outlives it.
class LostWorkers final : public Service {
 public:
  LostWorkers(Storage& storage, std::string hostname, Micros every = std::chrono::seconds(1),
              EndLeftovers end_leftovers = runner::end_leftovers);
  ~LostWorkers() override { stop(); }
  Result<void> start() override;
  void request_stop() override;
  void wait() override;

 private:
  void run();

  Storage& storage_;
  const std::string hostname_;
  const Micros every_;
  const EndLeftovers end_leftovers_;
  std::mutex mutex_;    ///< guards stopping_ and thread_
  std::mutex joining_;  ///< held while one of several callers joins
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace windlass::maintenance
