#include "engine/cancel.h"

#include <fmt/format.h>

#include <algorithm>
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

}  // namespace

Result<JobResult> cancel_result(Storage& storage, const Uuid& id, const User& by) {
  WL_TRY_VOID(find_own(storage, id, by));
  return storage.results().request_cancel(id, by.username);
}

Result<void> delete_result(Storage& storage, const Uuid& id, const User& by, Micros wait) {
  WL_TRY(JobResult result, find_own(storage, id, by));
  ResultSignal signal(storage.notifier(), result.number);
  const SteadyTime deadline = std::chrono::steady_clock::now() + wait;
  if (!is_final(result.status)) {
    WL_TRY(result, storage.results().request_cancel(id, by.username));
  }
  while (!is_final(result.status)) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now >= deadline) {
      return Error{"job_result.still_running",
                   fmt::format("The run is being stopped but has not ended within {} s; delete its "
                               "result again in a moment.",
                               std::chrono::duration_cast<std::chrono::seconds>(wait).count())};
    }
    signal.wait_until(std::min(deadline, now + kPoll));
    WL_TRY(result, storage.results().get(id));
  }
  return storage.results().remove(id);
}

}  // namespace windlass::engine
