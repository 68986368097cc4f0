#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/event_loop.h"
#include "storage/storage.h"
#include "worker/inputs.h"
#include "worker/outbox.h"
#include "worker/worker.h"

namespace windlass::worker {

struct FileAnswer {
  RunKey run;
  std::int64_t file = 0;
  Result<FileProxy> stored = FileProxy{};
};

/// A run to be started, and its inputs.
struct ClaimedWork {
  ClaimedRun run;
  Result<RunInputs> inputs = RunInputs{};  ///< none of a run that another singleton run refuses
};

/// What came of one turn.
struct Answers {
  std::vector<ClaimedWork> claimed;
  std::vector<std::int64_t>
      lost;  ///< runs that are no longer ours; nothing more of them will be stored
  std::vector<CancelRequest> cancels;
  std::vector<std::int64_t> relieved;  ///< runs that had been crowded and have room again
  std::optional<FileAnswer> file;
  bool only_is_gone = false;  ///< `WorkerOptions::only` has ended or another worker has it
  bool empty() const {
    return claimed.empty() && lost.empty() && cancels.empty() && relieved.empty() && !file &&
           !only_is_gone;
  }
};

/// Told on the event loop, one call at a time.
class ExchangeObserver {
 public:
  virtual ~ExchangeObserver() = default;
  virtual void on_answers(Answers answers) = 0;
};

/// The thread that speaks to storage for a worker, so that a commit never holds the frames back.
/// Collects what runs report, and in each turn gives it over together with the renewal of the
/// leases and the claim for free slots; between turns, a claim stands by for the next run that is
/// queued in this process. An outcome or a claim does not wait; events wait for flush_after or
/// flush_bytes. When storage fails, everything is kept and tried again. Owns the
/// count of free slots: a claimed run takes one until finish() or release().
class Exchange : private StandingClaim {
 public:
  Exchange(const WorkerOptions& options, Storage& storage, const SealingKey& key,
           const Clock& clock, EventLoop& loop, ExchangeObserver& observer);
  ~Exchange() override;

  /// Records the worker as ready, and starts claiming. Errors: `storage.*`.
  Result<void> start();

  /// Thread-safe, never blocking. All of them ignore runs that were lost.
  /// Returns true when the run should be held back until on_answers names it as relieved.
  bool add(const RunKey& run, Event event);
  bool add_progress(const RunKey& run, Event event, json::value progress);
  void set_version(const RunKey& run, const std::string& version);
  bool add_file(FileToKeep file);
  /// The last write of an attempt. Frees its slot. `WorkerOptions::only` may be claimed again after
  /// a retry.
  void finish(const RunKey& run, RunOutcome outcome, std::int64_t dropped);
  /// Frees the slot of a run that was lost.
  void release();
  /// Ends WorkerOptions::hold.
  void let_claim();
  /// Claims nothing more. The thread ends when the outcome of every claimed run is stored, or can
  /// no longer be since the leases have run out.
  void drain();
  /// Waits for the thread's end, if it was started. Any thread.
  void join();
  /// When the leases were last renewed, by the clock's steady time.
  Micros renewed_at() const { return Micros(renewed_at_.load(std::memory_order_relaxed)); }

 private:
  class WakingLock;

  std::optional<WorkRequest> offer(const std::string& queue) override;
  void settled(const WorkRequest& offered, Result<WorkReply> reply) override;
  void run();
  bool claims_now(Micros now) const;
  bool may_claim() const { return !held_ && !draining_ && free_ > 0; }
  bool due(Micros now) const;
  Micros deadline(Micros now) const;
  bool finished(Micros now) const;
  void turn(std::unique_lock<std::mutex>& lock);
  void take_room(WorkRequest& request);
  WorkRequest take(Micros now);
  void settle(WorkRequest& request, WorkReply reply, Micros began, Answers& answers);
  void settle_claim(const WorkRequest& request, const WorkReply& reply, Micros began,
                    const Answers& answers);
  void put_back(WorkRequest& request);
  void retry_later(const Error& error, Micros now);
  void lose_all(Answers& answers);
  Result<void> register_worker();
  void keep_file(std::unique_lock<std::mutex>& lock);
  Result<RunInputs> inputs_of(const ClaimedRun& run);
  std::vector<ClaimedWork> open_claimed(std::vector<ClaimedRun> claimed);
  void look_for_only(std::unique_lock<std::mutex>& lock, Answers& answers);
  void tell_state(std::unique_lock<std::mutex>& lock, const std::string& state);
  void post(Answers answers);
  template <class Fill>
  bool note(const RunKey& run, std::size_t bytes, Fill fill);
  void on_notice(const Notice& notice);

  const WorkerOptions& options_;
  Worker record_;  ///< this worker as it is registered; the thread's
  Storage& storage_;
  const SealingKey& key_;
  const Clock& clock_;
  EventLoop& loop_;
  ExchangeObserver& observer_;
  std::vector<std::string> queues_;
  std::unique_ptr<Notifier::Subscription> subscription_;
  std::unique_ptr<StandingClaim::Stand> stand_;
  std::thread thread_;
  std::mutex joining_;  ///< held while one of several callers joins
  std::atomic<std::int64_t> renewed_at_{0};

  mutable std::mutex mutex_;  ///< guards all below
  std::condition_variable changed_;
  Outbox outbox_;
  std::int64_t free_ = 0;
  std::int64_t offers_ = 0;  ///< of which nothing has come yet
  bool wake_ = false;        ///< the thread is to be woken when the mutex is free
  bool urgent_ = false;      ///< something must not wait for flush_after
  bool claim_wanted_ = true;
  bool cancels_wanted_ = false;
  bool registered_ = true;
  bool held_ = false;  ///< WorkerOptions::hold, until let_claim()
  bool draining_ = false;
  bool draining_told_ = false;
  bool only_settled_ = false;  ///< `only` was claimed, or cannot be any more
  Micros renew_due_{0};
  Micros poll_due_{0};
  Micros claim_due_ = Micros::max();  ///< when a run waits no longer for its next attempt
  Micros retry_due_{0};
  Micros backoff_{0};          ///< 0: the last exchange went well
  std::int64_t failures_ = 0;  ///< in a row
  Micros sleeps_until_{0};     ///< what the thread waits for
  bool linger_ = false;  ///< the next wait ends after flush_after, so that first events need not
                         ///< wake the thread
};

}  // namespace windlass::worker
