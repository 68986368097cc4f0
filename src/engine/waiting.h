#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/job_result.h"
#include "model/records.h"

namespace windlass::engine {

/// Why queued runs wait, from what is known at one moment. A plain value; one thread.
class Waiting {
 public:
  /// `running` tells how many runs each worker has, by its id.
  Waiting(std::vector<Worker> alive, std::map<Uuid, std::int64_t> running, TimePoint now)
      : alive_(std::move(alive)), running_(std::move(running)), now_(now) {}

  /// One sentence, with what to do where somebody has to do something.
  std::string reason(const JobResult& run) const;
  /// How many alive workers serve a queue.
  std::int64_t workers_on(std::string_view queue) const;

 private:
  const std::vector<Worker> alive_;
  const std::map<Uuid, std::int64_t> running_;
  const TimePoint now_;
};

}  // namespace windlass::engine
