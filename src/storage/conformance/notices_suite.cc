#include <condition_variable>
#include <mutex>
#include <set>

#include "storage/conformance/conformance.h"

namespace windlass::conformance {

namespace {

using Told = std::pair<Notice::Kind, std::int64_t>;

/// Collects notices and lets a test wait for one.
class Listener {
 public:
  explicit Listener(Notifier& notifier)
      : subscription_(notifier.subscribe([this](const Notice& notice) {
          {
            const std::lock_guard lock(mutex_);
            told_.emplace(notice.kind, notice.number);
          }
          changed_.notify_all();
        })) {}

  bool wait_for(Notice::Kind kind, std::int64_t number = 0) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] {
      return told_.contains({kind, number});
    });
  }
  std::set<Told> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(told_, {});
  }
  void end() { subscription_.reset(); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Told> told_;
  std::unique_ptr<Notifier::Subscription> subscription_;
};

}  // namespace

TEST_P(NoticesConformance, EveryChangeIsTold) {
  Listener listener(storage().notifier());
  const Job job = add_job();
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kJobs));
  const JobResult result = enqueue(job);
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kQueued));
  const Worker worker = add_worker();
  listener.take();
  const ClaimedRun run = claim(worker).at(0);
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kResult, result.number));
  listener.take();
  RunWrite part = write_of(run);
  part.events = {log_event("x")};
  write(worker, part);
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kResult, result.number));
  storage().results().request_cancel(result.id, "ada").value();
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kCancel, result.number));
  finish(worker, run, JobResultStatus::kRevoked);
  const JobResult other = enqueue(job);
  const ClaimedRun again = claim(worker).at(0);
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kResult, other.number));
  listener.take();
  finish(worker, again, JobResultStatus::kRetry);
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kQueued));
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kResult, other.number));
  listener.take();
  storage()
      .jobs()
      .modify(job.id,
              [](Job& record) -> Result<void> {
                record.enabled = false;
                return ok();
              })
      .value();
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kJobs));
}

TEST_P(NoticesConformance, AFailedWriteTellsNothing) {
  const Job job = add_job();
  NewRun run = new_run(job);
  enqueue(run);
  Listener listener(storage().notifier());
  EXPECT_FALSE(storage().results().enqueue(run).ok()) << "the id exists";
  enqueue(job);
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kQueued));
  EXPECT_EQ(listener.take().size(), 2u) << "of the second: queued, and its result";
}

TEST_P(NoticesConformance, NothingIsToldAfterTheEndOfASubscription) {
  Listener listener(storage().notifier());
  listener.end();
  add_job();
  EXPECT_TRUE(listener.take().empty());
}

TEST_P(NoticesConformance, ACallbackMayEndItsOwnSubscription) {
  int calls = 0;
  std::unique_ptr<Notifier::Subscription> subscription;
  subscription = storage().notifier().subscribe([&](const Notice&) {
    ++calls;
    subscription.reset();
  });
  storage().notifier().notify({Notice::Kind::kJobs, 0});
  storage().notifier().notify({Notice::Kind::kJobs, 0});
  EXPECT_EQ(calls, 1);
}

TEST_P(NoticesConformance, OtherStoragesOnTheDatabaseAreTold) {
  const std::unique_ptr<Storage> other = database().open(clock()).value();
  Listener theirs(other->notifier());
  Listener ours(storage().notifier());
  const Job job = add_job();
  EXPECT_TRUE(theirs.wait_for(Notice::Kind::kJobs));
  NewRun run = new_run(job);
  const JobResult result = other->results().enqueue(run).value();
  EXPECT_TRUE(ours.wait_for(Notice::Kind::kQueued));
  EXPECT_TRUE(theirs.wait_for(Notice::Kind::kQueued));
  const Worker worker = add_worker();
  claim(worker);
  EXPECT_TRUE(theirs.wait_for(Notice::Kind::kResult, result.number));
  other->notifier().notify({Notice::Kind::kCancel, std::int64_t{1} << 39});
  EXPECT_TRUE(ours.wait_for(Notice::Kind::kCancel, std::int64_t{1} << 39));
}

TEST_P(NoticesConformance, AStorageThatClosedIsNotMissed) {
  database().open(clock()).value().reset();
  Listener listener(storage().notifier());
  add_job();
  EXPECT_TRUE(listener.wait_for(Notice::Kind::kJobs));
}

}  // namespace windlass::conformance
