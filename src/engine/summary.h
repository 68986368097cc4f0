#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/job.h"
#include "storage/storage.h"

namespace windlass::engine {

struct SummaryRequest {
  std::chrono::minutes utc_offset{0};  ///< what local time is ahead of UTC; whole quarters of hours
  int days = 14;
};

/// What goes on and went on, for somebody who comes to look. Every figure costs the same whatever
/// the number of results: it comes from a kept counter or from one index range.
struct Summary {
  struct WaitingRun {
    JobResult run;
    std::string reason;
  };
  struct Day {
    std::chrono::year_month_day date;  ///< local
    std::int64_t success = 0;
    std::int64_t failure = 0;
    std::int64_t revoked = 0;
  };
  struct BusyJob {
    Job job;
    std::int64_t runs = 0;
    std::int64_t failures = 0;
    std::optional<double> median_duration;  ///< seconds, of the newest 50 that ended SUCCESS
  };
  struct QueueLoad {
    JobQueue queue;
    std::int64_t waiting = 0;
    std::int64_t running = 0;
    std::int64_t workers = 0;
  };
  struct WorkerLoad {
    Worker worker;
    std::int64_t running = 0;
  };

  std::vector<JobResult> running;   ///< newest first, kListed at most
  std::vector<WaitingRun> waiting;  ///< oldest first, kListed at most
  std::vector<JobResult> failures;  ///< of the last 24 h, newest first, kFailuresListed at most
  std::int64_t running_count = 0;
  std::int64_t waiting_count = 0;
  std::int64_t failure_count = 0;
  std::vector<Day> days;              ///< oldest first, the last is today; those without runs too
  std::vector<BusyJob> busiest_jobs;  ///< of today and the six days before (UTC)
  std::vector<QueueLoad> queues;      ///< by name
  std::vector<WorkerLoad> workers;    ///< alive ones

  static constexpr std::int64_t kListed = 50;
  static constexpr std::int64_t kFailuresListed = 20;
  static constexpr std::int64_t kBusiestListed = 8;
};

Result<Summary> summarise(Storage& storage, const SummaryRequest& request, TimePoint now);

/// Seconds from start to end; nothing for a run that has not both.
std::optional<double> duration_of(const JobResult& run);

}  // namespace windlass::engine
