#include <functional>
#include <future>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "storage/conformance/conformance.h"

namespace windlass::conformance {

namespace {

/// Offers what the test says, and keeps what came of it. Thread-safe.
class Claimer final : public StandingClaim {
 public:
  explicit Claimer(const Worker& worker) {
    request_.worker = worker.id;
    request_.worker_name = worker.name;
    request_.queues = {"default"};
    request_.claim_limit = 1;
  }

  std::optional<WorkRequest> offer(const std::string& queue) override {
    const std::lock_guard lock(mutex_);
    ++asked_;
    if (queue != "default" || room_ == 0) return std::nullopt;
    --room_;
    if (when_asked_) when_asked_();
    return request_;
  }
  void settled(const WorkRequest& offered, Result<WorkReply> reply) override {
    EXPECT_EQ(offered.worker, request_.worker);
    const std::lock_guard lock(mutex_);
    if (!reply.ok()) {
      errors_.push_back(reply.error().code);
      return;
    }
    for (ClaimedRun& run : reply->claimed) claimed_.push_back(std::move(run));
  }

  void have_room(int room) {
    const std::lock_guard lock(mutex_);
    room_ = room;
  }
  /// Called while an offer is made.
  void when_asked(std::function<void()> call) { when_asked_ = std::move(call); }
  int asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  std::vector<std::int64_t> claimed() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::int64_t> numbers;
    for (const ClaimedRun& run : claimed_) numbers.push_back(run.result.number);
    return numbers;
  }
  std::vector<std::string> errors() const {
    const std::lock_guard lock(mutex_);
    return errors_;
  }

 private:
  mutable std::mutex mutex_;
  WorkRequest request_;
  std::function<void()> when_asked_;
  int room_ = 0;
  int asked_ = 0;
  std::vector<ClaimedRun> claimed_;
  std::vector<std::string> errors_;
};

/// A claimer that stands by, and the notices of waiting runs meanwhile.
class Standing {
 public:
  Standing(Storage& storage, const Worker& worker)
      : claimer(worker),
        stand_(storage.results().stand_by(claimer)),
        subscription_(storage.notifier().subscribe([this](const Notice& notice) {
          const std::lock_guard lock(mutex_);
          if (notice.kind == Notice::Kind::kQueued) ++queued_;
        })) {}

  /// Since the last call.
  int told() {
    const std::lock_guard lock(mutex_);
    return std::exchange(queued_, 0);
  }
  void end() { stand_.reset(); }

  Claimer claimer;

 private:
  std::unique_ptr<StandingClaim::Stand> stand_;
  std::mutex mutex_;
  int queued_ = 0;
  std::unique_ptr<Notifier::Subscription> subscription_;
};

using ::testing::ElementsAre;
using ::testing::IsEmpty;

}  // namespace

TEST_P(StandingConformance, ARunThatNeedNotWaitIsClaimedAtOnce) {
  const Job job = add_job();
  const Worker worker = add_worker();
  Standing standing(storage(), worker);
  standing.claimer.have_room(1);
  const JobResult result = enqueue(job);
  EXPECT_EQ(result.status, JobResultStatus::kPending) << "as it was queued";
  EXPECT_THAT(standing.claimer.claimed(), ElementsAre(result.number));
  EXPECT_EQ(standing.told(), 0) << "nobody else need look for it";
  const JobResult started = reload(result);
  EXPECT_EQ(started.status, JobResultStatus::kStarted);
  EXPECT_EQ(started.worker, worker.name);
  EXPECT_EQ(started.last_sequence, 2);
}

TEST_P(StandingConformance, WithoutRoomARunWaits) {
  const Job job = add_job();
  Standing standing(storage(), add_worker());
  const JobResult result = enqueue(job);
  EXPECT_EQ(standing.claimer.asked(), 1);
  EXPECT_EQ(reload(result).status, JobResultStatus::kPending);
  EXPECT_EQ(standing.told(), 1);
}

TEST_P(StandingConformance, ARunOfAnotherQueueWaits) {
  const Job job = add_job();
  Standing standing(storage(), add_worker());
  standing.claimer.have_room(1);
  const JobResult result = enqueue(job, "other");
  EXPECT_THAT(standing.claimer.claimed(), IsEmpty());
  EXPECT_EQ(reload(result).status, JobResultStatus::kPending);
  EXPECT_EQ(standing.told(), 1);
}

TEST_P(StandingConformance, WhoHasWaitedLongerComesFirst) {
  const Job job = add_job();
  Standing standing(storage(), add_worker());
  const JobResult first = enqueue(job);
  standing.told();
  standing.claimer.have_room(1);
  const JobResult second = enqueue(job);
  EXPECT_THAT(standing.claimer.claimed(), ElementsAre(first.number));
  EXPECT_EQ(reload(second).status, JobResultStatus::kPending);
  EXPECT_EQ(standing.told(), 1) << "others may claim the second";
}

TEST_P(StandingConformance, ALostWorkerHindersNoRun) {
  const Job job = add_job();
  Standing standing(storage(), add_worker());
  standing.claimer.have_room(1);
  clock().advance(2 * kDefaultLease);
  storage().results().settle_expired().value();
  const JobResult result = enqueue(job);
  EXPECT_THAT(standing.claimer.errors(), ElementsAre("worker.not_found"));
  EXPECT_EQ(reload(result).status, JobResultStatus::kPending);
  EXPECT_EQ(standing.told(), 1);
}

TEST_P(StandingConformance, WhatIsNotQueuedAsksNobody) {
  const Job job = add_job();
  Standing standing(storage(), add_worker());
  standing.claimer.have_room(1);
  NewRun run = new_run(job);
  run.job = new_id(clock().now());
  EXPECT_EQ(storage().results().enqueue(run).error().code, "job.not_found");
  EXPECT_EQ(standing.claimer.asked(), 0);
}

TEST_P(StandingConformance, NobodyIsAskedAfterTheEndOfAStand) {
  const Job job = add_job();
  Standing standing(storage(), add_worker());
  standing.claimer.have_room(1);
  standing.end();
  EXPECT_EQ(reload(enqueue(job)).status, JobResultStatus::kPending);
  EXPECT_EQ(standing.claimer.asked(), 0);
}

TEST_P(StandingConformance, AStandEndsAfterWhatWasOffered) {
  const Job job = add_job();
  Standing standing(storage(), add_worker());
  standing.claimer.have_room(1);
  std::promise<void> ends;
  std::thread ending;
  standing.claimer.when_asked([&] {
    ending = std::thread([&] {
      ends.set_value();
      standing.end();
      EXPECT_EQ(standing.claimer.claimed().size(), 1u);
    });
    ends.get_future().wait();
  });
  enqueue(job);
  ending.join();
}

TEST_P(StandingConformance, ManyAtOnceAreClaimedOnceEach) {
  const Job job = add_job();
  Standing standing(storage(), add_worker());
  constexpr int kThreads = 4;
  constexpr int kRuns = 50;
  standing.claimer.have_room(kThreads * kRuns);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int run = 0; run < kRuns; ++run) enqueue(job);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::int64_t> claimed = standing.claimer.claimed();
  EXPECT_THAT(standing.claimer.errors(), IsEmpty());
  EXPECT_EQ(claimed.size(), static_cast<std::size_t>(kThreads * kRuns));
  EXPECT_EQ(std::set<std::int64_t>(claimed.begin(), claimed.end()).size(), claimed.size());
}

}  // namespace windlass::conformance
