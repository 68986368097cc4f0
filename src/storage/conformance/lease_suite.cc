#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(LeaseConformance, ARunWhoseLeaseRanOutEndsAsFailure) {
  NewRun run = new_run(add_job());
  run.sealed_inputs = "sealed";
  enqueue(run);
  const Worker worker = add_worker("host:9");
  const ClaimedRun claimed = claim(worker).at(0);
  clock().advance(kDefaultLease);
  EXPECT_THAT(storage().results().settle_expired().value(), IsEmpty());
  clock().advance(std::chrono::microseconds(1));
  const std::vector<SettledRun> settled = storage().results().settle_expired().value();
  ASSERT_THAT(settled, SizeIs(1));
  EXPECT_EQ(settled[0].worker_instance, worker.instance);
  const JobResult result = reload(claimed.result);
  EXPECT_EQ(settled[0].result.number, result.number);
  EXPECT_EQ(result.status, JobResultStatus::kFailure);
  EXPECT_EQ(result.reason_code, "worker_lost");
  EXPECT_NE(result.reason.find("host:9"), std::string::npos);
  EXPECT_EQ(result.date_done, clock().now());
  EXPECT_EQ(result.error_log_count, 1);
  EXPECT_EQ(database().look_up("SELECT count(*) FROM job_input"), "0");

  EventQuery query;
  query.number = result.number;
  query.after = 2;
  const std::vector<Event> events = storage().events().list(query).value();
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].level, "failure");
  EXPECT_EQ(events[0].grouping, "post_run");
  EXPECT_EQ(events[0].message, result.reason);
  EXPECT_EQ(events[1].kind, EventKind::kStatus);
  EXPECT_EQ(events[1].level, "FAILURE");
  EXPECT_EQ(events[1].message, result.reason);
  EXPECT_THAT(storage().results().settle_expired().value(), IsEmpty());
}

TEST_P(LeaseConformance, RenewalKeepsRunsAndWorkerAlive) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  WorkRequest request;
  request.worker = worker.id;
  request.renew = true;
  for (int i = 0; i < 5; ++i) {
    clock().advance(kDefaultLease * 3 / 4);
    storage().results().exchange(request).value();
    EXPECT_THAT(storage().results().settle_expired().value(), IsEmpty());
    EXPECT_THAT(storage().workers().alive().value(), SizeIs(1));
  }
  EXPECT_EQ(finish(worker, run).status, JobResultStatus::kSuccess);
}

TEST_P(LeaseConformance, ALateOutcomeIsKeptWhileNobodySettled) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  clock().advance(kDefaultLease * 2);
  EXPECT_EQ(finish(worker, run).status, JobResultStatus::kSuccess);
}

TEST_P(LeaseConformance, ALostWorkerCanWriteNothing) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  clock().advance(kDefaultLease * 2);
  storage().results().settle_expired().value();
  WorkRequest request;
  request.worker = worker.id;
  request.writes = {write_of(run)};
  request.writes[0].outcome = outcome_of(JobResultStatus::kSuccess);
  EXPECT_EQ(storage().results().exchange(request).error().code, "worker.not_found");
  EXPECT_EQ(reload(run.result).status, JobResultStatus::kFailure);
  EXPECT_EQ(storage().workers().set_state(worker.id, "stopped").error().code, "worker.not_found");
  request.worker = new_id(clock().now());
  EXPECT_EQ(storage().results().exchange(request).error().code, "worker.not_found");
}

TEST_P(LeaseConformance, ASettledRunIsLostToItsWorkerButItsOthersAreNot) {
  const Job job = add_job();
  enqueue(job);
  const Worker slow = add_worker("slow:1");
  const ClaimedRun lost = claim(slow).at(0);
  clock().advance(kDefaultLease * 2);
  storage().results().settle_expired().value();
  const Worker other = add_worker("other:1");
  enqueue(job);
  const ClaimedRun kept = claim(other).at(0);
  WorkRequest request;
  request.worker = other.id;
  request.writes = {write_of(lost), write_of(kept)};
  for (RunWrite& part : request.writes) part.outcome = outcome_of(JobResultStatus::kSuccess);
  EXPECT_THAT(storage().results().exchange(request)->lost, ElementsAre(lost.result.number));
  EXPECT_EQ(reload(kept.result).status, JobResultStatus::kSuccess);
}

TEST_P(LeaseConformance, AClaimOfASilentWorkerDoesNotOutliveItsRecord) {
  const Worker worker = add_worker();
  clock().advance(kDefaultLease * 9 / 10);
  enqueue(add_job());
  ASSERT_THAT(claim(worker), SizeIs(1));
  clock().advance(kDefaultLease / 2);
  EXPECT_THAT(storage().results().settle_expired().value(), IsEmpty());
  EXPECT_THAT(storage().workers().alive().value(), SizeIs(1));
  clock().advance(kDefaultLease);
  EXPECT_THAT(storage().results().settle_expired().value(), SizeIs(1));
  EXPECT_THAT(storage().workers().alive().value(), IsEmpty());
}

TEST_P(LeaseConformance, SettlingAWorkerEndsItsRunsOnly) {
  const Job job = add_job();
  const Worker gone = add_worker("gone:1");
  const Worker fine = add_worker("fine:1");
  enqueue(job);
  enqueue(job);
  enqueue(job);
  const std::vector<ClaimedRun> ended = claim(gone, 2);
  const ClaimedRun kept = claim(fine).at(0);
  const std::vector<SettledRun> settled =
      storage().results().settle_worker(gone.id, "The worker was killed.").value();
  ASSERT_THAT(settled, SizeIs(2));
  for (const ClaimedRun& run : ended) {
    EXPECT_EQ(reload(run.result).reason_code, "worker_lost");
    EXPECT_EQ(reload(run.result).reason, "The worker was killed.");
  }
  EXPECT_EQ(reload(kept.result).status, JobResultStatus::kStarted);
  EXPECT_THAT(storage().results().settle_worker(gone.id, "x").value(), IsEmpty());
  EXPECT_THAT(storage().results().settle_worker(new_id(clock().now()), "x").value(), IsEmpty());
}

TEST_P(LeaseConformance, UnseenWorkersAreLostWithoutRunsToo) {
  const Worker worker = add_worker();
  clock().advance(kDefaultLease * 2);
  EXPECT_THAT(storage().results().settle_expired().value(), IsEmpty());
  const Page<Worker> page = storage().workers().list({}).value();
  EXPECT_EQ(page.items.at(0).state, "lost");
}

}  // namespace windlass::conformance
