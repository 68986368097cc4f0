#include "engine/cancel.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace windlass::engine {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
/// A notice may be lost: look by ourselves this often.
constexpr auto kPoll = std::chrono::milliseconds(500);

/// Remembers that something was told about one result since it was last looked at.
class ResultSignal {
 public:
  ResultSignal(Notifier& notifier, std::int64_t number)
      : subscription_(notifier.subscribe([this, number](const Notice& notice) {
          if (notice.kind == Notice::Kind::kResult && notice.number == number) raise();
        })) {}
  void wait_until(SteadyTime deadline) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [&] { return raised_; });
    raised_ = false;
  }

 private:
  void raise() {
    const std::lock_guard lock(mutex_);
    raised_ = true;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool raised_ = false;
  std::unique_ptr<Notifier::Subscription> subscription_;  ///< last: its end waits for the callback
};

Result<JobResult> find_own(Storage& storage, const Uuid& id, const User& by) {
  WL_TRY(JobResult result, storage.results().get(id));
  const bool may = by.is_active && (by.is_superuser || result.user == by.id);
  if (may) return result;
  return Error{"job_result.forbidden",
               "Only who started this run, or a superuser, may stop or delete it."};
}

/// One of the few calls of this process that may wait for the end of a run: each takes a thread
/// from all other requests.
class WaitingPlace {
 public:
  WaitingPlace() : had_(taken_.fetch_add(1) < kMostWaitingDeletes) {}
  ~WaitingPlace() { taken_.fetch_sub(1); }
  WaitingPlace(const WaitingPlace&) = delete;
  WaitingPlace& operator=(const WaitingPlace&) = delete;
  bool had() const { return had_; }

 private:
  inline static std::atomic<int> taken_{0};
  const bool had_;
};

Error still_running(Micros wait) {
  return {"job_result.still_running",
          fmt::format("The run is being stopped but has not ended within {} s; delete its result "
                      "again in a moment.",
                      std::chrono::duration_cast<std::chrono::seconds>(wait).count())};
}

/// Asks for the run's end and waits for it.
Result<void> end_run(Storage& storage, JobResult result, const User& by, Micros wait) {
  ResultSignal signal(storage.notifier(), result.number);
  const SteadyTime deadline = std::chrono::steady_clock::now() + wait;
  WL_TRY(result, storage.results().request_cancel(result.id, by.username));
  if (is_final(result.status)) return ok();
  const WaitingPlace place;
  if (!place.had()) {
    return Error{"job_result.still_running",
                 "The run is being stopped, and too many requests wait for such ends already; "
                 "delete its result again in a moment."};
  }
  while (!is_final(result.status)) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now >= deadline) return still_running(wait);
    signal.wait_until(std::min(deadline, now + kPoll));
    WL_TRY(result, storage.results().get(result.id));
  }
  return ok();
}

}  // namespace

Result<JobResult> cancel_result(Storage& storage, const Uuid& id, const User& by) {
  WL_TRY_VOID(find_own(storage, id, by));
  return storage.results().request_cancel(id, by.username);
}

Result<Cancelled> cancel_results(Storage& storage, const std::vector<Uuid>& ids, const User& by) {
  for (const Uuid& id : ids) WL_TRY_VOID(find_own(storage, id, by));
  Cancelled outcome;
  for (const Uuid& id : ids) {
    WL_TRY(const JobResult before, storage.results().get(id));
    const bool ended = is_final(before.status);
    if (!ended) WL_TRY_VOID(storage.results().request_cancel(id, by.username));
    (ended ? outcome.unchanged : outcome.cancelled).push_back(id);
  }
  return outcome;
}

Result<void> delete_result(Storage& storage, const Uuid& id, const User& by, Micros wait) {
  WL_TRY(JobResult result, find_own(storage, id, by));
  if (!is_final(result.status)) WL_TRY_VOID(end_run(storage, std::move(result), by, wait));
  return storage.results().remove(id);
}

Result<void> delete_results(Storage& storage, const std::vector<Uuid>& ids, const User& by,
                            Micros wait) {
  WL_TRY_VOID(cancel_results(storage, ids, by));
  const SteadyTime deadline = std::chrono::steady_clock::now() + wait;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto left =
        std::chrono::duration_cast<Micros>(deadline - std::chrono::steady_clock::now());
    auto deleted = delete_result(storage, ids[i], by, std::max(left, Micros(0)));
    if (deleted.ok() || deleted.error().code == "job_result.not_found") continue;
    if (deleted.error().code != "job_result.still_running") return deleted;
    return Error{"job_result.still_running",
                 fmt::format("{} of {} results were deleted; the others are being stopped but have "
                             "not all ended. Delete them again in a moment.",
                             i, ids.size())};
  }
  return ok();
}

}  // namespace windlass::engine
