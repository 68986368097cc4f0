#include <thread>

#include "worker/worker_fixture.h"

namespace windlass::worker {
namespace {

/// A worker that claims in the transactions of submissions.
class StandingTest : public WorkerTest {
 protected:
  StandingTest() { troubled.troubled.stands_by = true; }

  std::optional<WorkRequest> offer(const std::string& to = "default") {
    return troubled.troubled.standing->offer(to);
  }
  /// An offer, once the worker's first turn is over.
  WorkRequest first_offer() {
    std::optional<WorkRequest> made = offer();
    while (!made) {
      std::this_thread::yield();
      made = offer();
    }
    return *made;
  }
  void settle(const WorkRequest& offered, Result<WorkReply> reply) {
    troubled.troubled.standing->settled(offered, std::move(reply));
  }
  /// What exchanges have claimed, or could have.
  std::int64_t claims() {
    std::int64_t limit = 0;
    for (const WorkRequest& request : troubled.troubled.requests()) limit += request.claim_limit;
    return limit;
  }
};

TEST_F(StandingTest, AnIdleWorkerClaimsWhatIsSubmitted) {
  start_worker();
  const WorkRequest offered = first_offer();
  EXPECT_EQ(offered.claim_limit, 2);
  EXPECT_TRUE(offered.writes.empty());
  settle(offered, WorkReply{});
  const std::int64_t before = claims();
  const JobResult run = finished(enqueue());
  EXPECT_EQ(run.status, JobResultStatus::kSuccess);
  EXPECT_EQ(run.worker, options.record.name);
  EXPECT_EQ(claims(), before) << "the exchanges have stored its outcome, and claimed nothing";
}

TEST_F(StandingTest, OffersOnlyWhatItCanTake) {
  options.record.queues = json::array{"*"};
  start_worker();
  settle(first_offer(), WorkReply{});
  EXPECT_FALSE(offer("local:1")) << "it belongs to one process";
  const std::optional<WorkRequest> other = offer("other");
  ASSERT_TRUE(other);
  EXPECT_FALSE(offer()) << "all room is offered";
  settle(*other, WorkReply{});
  worker->request_stop();
  worker->wait();
  EXPECT_EQ(read(enqueue()).status, JobResultStatus::kPending) << "nobody is asked any more";
}

TEST_F(StandingTest, OffersNothingOfOtherQueues) {
  start_worker();
  settle(first_offer(), WorkReply{});
  EXPECT_FALSE(offer("other"));
}

TEST_F(StandingTest, OffersNothingBeforeJobCodeIsLoaded) {
  options.hold = true;
  start_worker();
  EXPECT_FALSE(offer());
  worker->release();
  settle(first_offer(), WorkReply{});
}

TEST_F(StandingTest, AWorkerForOneRunDoesNotStandBy) {
  options.once = true;
  options.only = 1;
  start_worker();
  EXPECT_EQ(troubled.troubled.standing, nullptr);
}

TEST_F(StandingTest, AnOfferThatFailedIsMadeUpForByAnExchange) {
  start_worker();
  const WorkRequest offered = first_offer();
  const JobResult run = enqueue();
  EXPECT_EQ(read(run).status, JobResultStatus::kPending) << "all room is offered";
  settle(offered, Error{"storage.failed", "The database does not answer."});
  EXPECT_EQ(finished(run).status, JobResultStatus::kSuccess);
}

TEST_F(StandingTest, AnOfferThatWasNotNeededLeavesRoomForWhoWaits) {
  start_worker();
  const WorkRequest offered = first_offer();
  const JobResult run = enqueue();
  settle(offered, WorkReply{});
  EXPECT_EQ(finished(run).status, JobResultStatus::kSuccess);
}

TEST_F(StandingTest, DrainingWaitsForWhatWasOffered) {
  start_worker();
  const WorkRequest offered = first_offer();
  const JobResult run = enqueue();
  worker->request_stop();
  ASSERT_TRUE(changes.wait([&] {
    nudge();
    return storage->workers().list({}).value().items.at(0).state == "draining";
  }));
  EXPECT_FALSE(offer());
  settle(offered, storage->results().exchange(offered));
  worker->wait();
  EXPECT_EQ(read(run).status, JobResultStatus::kSuccess);
}

}  // namespace
}  // namespace windlass::worker
