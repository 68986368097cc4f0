#include "engine/waiting.h"

#include <fmt/format.h>

#include <algorithm>

namespace windlass::engine {

std::string Waiting::reason(const JobResult& run) const {
  if (run.status == JobResultStatus::kRetry && run.retry_at && *run.retry_at > now_) {
    return fmt::format("Attempt {} is due at {}.", run.attempt + 1,
                       to_rfc3339(std::chrono::floor<std::chrono::seconds>(*run.retry_at)));
  }
  std::int64_t slots = 0;
  std::int64_t taken = 0;
  bool ready = false;
  for (const Worker& worker : alive_) {
    if (!serves(worker, run.queue)) continue;
    const auto running = running_.find(worker.id);
    slots += worker.slots;
    taken += running == running_.end() ? 0 : running->second;
    ready |= worker.state == "ready";
  }
  if (slots == 0) {
    return fmt::format("No worker serves the queue \"{0}\". Start one with `windlass {1}`.",
                       run.queue, run.queue == "default" ? "start" : "worker --queue " + run.queue);
  }
  if (!ready) return "The workers of its queue are stopping and take nothing new.";
  if (taken >= slots) {
    return fmt::format("All workers of its queue are busy ({} of {} slots).", taken, slots);
  }
  return "A worker is about to take it.";
}

std::int64_t Waiting::workers_on(std::string_view queue) const {
  return std::count_if(alive_.begin(), alive_.end(),
                       [&](const Worker& worker) { return serves(worker, queue); });
}

}  // namespace windlass::engine
