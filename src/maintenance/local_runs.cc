#include "maintenance/local_runs.h"

#include <signal.h>

#include <cerrno>
#include <charconv>
#include <optional>

#include "model/job_source.h"

namespace windlass::maintenance {

namespace {

/// The process that a queue belongs to; nullopt for a queue of another kind.
std::optional<pid_t> owner_of(std::string_view queue) {
  if (!queue.starts_with(kLocalQueue)) return std::nullopt;
  queue.remove_prefix(kLocalQueue.size());
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(queue.data(), queue.data() + queue.size(), pid);
  if (error != std::errc() || end != queue.data() + queue.size() || pid <= 0) return std::nullopt;
  return pid;
}

bool is_gone(pid_t pid) {
  return ::kill(pid, 0) != 0 && errno == ESRCH;
}

Result<int> settle_queue(Storage& storage, const std::string& queue) {
  Query query;
  query.filters = {{"queue", Filter::Is::kOneOf, {DbValue(queue)}},
                   {"status",
                    Filter::Is::kOneOf,
                    {DbValue(std::string("PENDING")), DbValue(std::string("RETRY"))}}};
  WL_TRY(const Page<JobResult> waiting, storage.results().list(query));
  for (const JobResult& run : waiting.items) {
    WL_TRY(const JobResult ended,
           storage.results().request_cancel(
               run.id, "Windlass, because the command that queued it is gone"));
  }
  return static_cast<int>(waiting.items.size());
}

}  // namespace

Result<int> settle_local_runs(Storage& storage) {
  WL_TRY(const ResultStore::Counts counts, storage.results().counts());
  int total = 0;
  for (const auto& [queue, waiting] : counts.waiting_by_queue) {
    const std::optional<pid_t> owner = owner_of(queue);
    if (!owner || !is_gone(*owner)) continue;
    WL_TRY(const int settled, settle_queue(storage, queue));
    total += settled;
  }
  return total;
}

Result<void> forget_local_files(Storage& storage) {
  WL_TRY(const std::vector<Worker> alive, storage.workers().alive());
  for (const Worker& worker : alive) {
    const std::optional<pid_t> owner = owner_of(worker.name);
    if (owner && !is_gone(*owner)) return ok();
  }
  WL_TRY_VOID(
      storage.jobs().update_all([](const std::vector<Job>& all) -> Result<std::vector<Job>> {
        std::vector<Job> changed;
        for (Job job : all) {
          if (!job.installed || !job.source.starts_with(kFileSource)) continue;
          job.installed = false;
          changed.push_back(std::move(job));
        }
        return changed;
      }));
  return ok();
}

}  // namespace windlass::maintenance
