#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/event_loop.h"
#include "base/sealing_key.h"
#include "base/service.h"
#include "model/records.h"
#include "model/sanitiser.h"
#include "runner/runner.h"
#include "storage/storage.h"

namespace windlass::worker {

/// Answers a question of a job, the `ask` frame of spec/runner-protocol.md, with its value. Called
/// on a thread of the worker's that is not the event loop, one question at a time; may block.
using AnswerQuestion =
    std::function<Result<json::value>(const json::object& ask, const ClaimedRun& run)>;

struct WorkerOptions {
  Worker record;  ///< id, name, hostname, pid, instance, queues, slots
  Micros lease = kDefaultLease;
  Micros flush_after =
      std::chrono::milliseconds(20);      ///< events wait this long at most before they are stored
  std::size_t flush_bytes = 256 << 10;    ///< … or until this much waits
  Micros poll = std::chrono::seconds(1);  ///< claims without a wake-up
  Micros soft_time_limit = std::chrono::seconds(300);  ///< for jobs that say 0
  Micros time_limit = std::chrono::seconds(600);
  std::int64_t memory_limit = 0;             ///< bytes a run; 0: none
  std::int64_t log_entry_limit = 1'000'000;  ///< log and console entries a run
  std::int64_t log_byte_limit = 256 << 20;   ///< bytes of messages a run
  std::int64_t create_file_max_size = 10 << 20;
  Micros drain_timeout = std::chrono::seconds(30);
  Sanitiser sanitiser = Sanitiser::standard();  ///< over what jobs log, print, return and raise
  AnswerQuestion answer;                        ///< none: every question is refused
  bool hold = false;  ///< claims nothing before release(): job code is not loaded yet
  bool once = false;  ///< `runjob --local`: claims only run `only`, and ends after it
  std::int64_t only = 0;
};

/// Claims runs, has the runner execute them, records what they report and how they end; a run may
/// have another attempt.
///
///   claim → start → record → finish
///
/// One event loop (frames, limits, decisions) and one thread that exchanges with storage, so that a
/// commit never holds the frames back. request_stop() drains: no new claims, runs may finish within
/// drain_timeout, then are stopped (kDrain); a second request_stop() means now. wait() returns when
/// every run has ended and is recorded. Everything given in outlives the worker.
class JobWorker final : public Service {
 public:
  JobWorker(WorkerOptions options, EventLoop& loop, runner::Runner& runner, Storage& storage,
            const SealingKey& key, const Clock& clock);
  ~JobWorker() override;
  Result<void> start() override;
  void request_stop() override;
  void wait() override;
  /// Ends WorkerOptions::hold. Any thread; safe to call again.
  void release();
  /// Runs under way. Any thread.
  std::size_t running() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace windlass::worker
