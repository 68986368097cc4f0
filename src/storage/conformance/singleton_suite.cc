#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using testing::SizeIs;

Job SingletonConformance::add_singleton(const std::string& name) {
  return storage()
      .jobs()
      .modify(add_job(name).id,
              [](Job& record) -> Result<void> {
                record.is_singleton = true;
                return ok();
              })
      .value();
}

TEST_P(SingletonConformance, OfRunsClaimedTogetherOneMayGoOn) {
  const Job job = add_singleton();
  const Job other = add_singleton("Other");
  enqueue(job);
  enqueue(job);
  enqueue(other);
  const std::vector<ClaimedRun> claimed = claim(add_worker(), 3);
  ASSERT_THAT(claimed, SizeIs(3));
  EXPECT_EQ(claimed[0].singleton_holder, std::nullopt);
  EXPECT_EQ(claimed[1].singleton_holder, claimed[0].result.id);
  EXPECT_EQ(claimed[2].singleton_holder, std::nullopt) << "another class";
}

TEST_P(SingletonConformance, OnlyTheRecordAndTheRunDecide) {
  const Job job = add_job();
  enqueue(job);
  const Worker worker = add_worker();
  const ClaimedRun first = claim(worker).at(0);
  EXPECT_EQ(first.singleton_holder, std::nullopt);
  enqueue(job);
  EXPECT_EQ(claim(worker).at(0).singleton_holder, std::nullopt) << "no singleton";
  storage()
      .jobs()
      .modify(job.id,
              [](Job& record) -> Result<void> {
                record.is_singleton = true;
                return ok();
              })
      .value();
  NewRun run = new_run(job);
  run.ignore_singleton_lock = true;
  enqueue(run);
  EXPECT_EQ(claim(worker).at(0).singleton_holder, std::nullopt) << "the lock is ignored";
  enqueue(job);
  EXPECT_EQ(claim(worker).at(0).singleton_holder, first.result.id);
}

TEST_P(SingletonConformance, TheLockIsFreeWhenItsHolderHasEndedHoweverThatWas) {
  const Job job = add_singleton();
  const Worker observer = add_worker("host:1");
  for (const char* how : {"success", "failure", "retry", "lost"}) {
    SCOPED_TRACE(how);
    enqueue(job);
    const Worker worker = add_worker("host:2");
    const ClaimedRun run = claim(worker).at(0);
    ASSERT_EQ(run.singleton_holder, std::nullopt);
    const std::string_view way = how;
    if (way == "lost") {
      storage().results().settle_worker(worker.id, "Gone.").value();
    } else {
      finish(worker, run,
             way == "success"   ? JobResultStatus::kSuccess
             : way == "failure" ? JobResultStatus::kFailure
                                : JobResultStatus::kRetry);
    }
    if (way == "retry") storage().results().request_cancel(run.result.id, "ada").value();
  }
}

TEST_P(SingletonConformance, ARunBetweenTwoAttemptsHoldsTheLock) {
  const Job job = add_singleton();
  const Job other = add_singleton("Other");
  const Worker worker = add_worker();
  enqueue(job);
  const ClaimedRun first = claim(worker).at(0);
  RunWrite part = write_of(first);
  part.outcome = outcome_of(JobResultStatus::kRetry);
  part.outcome->retry_after = std::chrono::seconds(30);
  write(worker, std::move(part));
  enqueue(job);
  enqueue(other);
  const std::vector<ClaimedRun> claimed = claim(worker, 2);
  ASSERT_THAT(claimed, SizeIs(2));
  EXPECT_EQ(claimed[0].singleton_holder, first.result.id);
  EXPECT_EQ(claimed[1].singleton_holder, std::nullopt) << "another class";
  finish(worker, claimed[0], JobResultStatus::kFailure);
  clock().advance(std::chrono::seconds(31));
  const ClaimedRun again = claim(worker).at(0);
  EXPECT_EQ(again.result.id, first.result.id);
  EXPECT_EQ(again.singleton_holder, std::nullopt) << "its own waiting is no obstacle";
}

TEST_P(SingletonConformance, OfTwoThatWaitForAnotherAttemptTheFirstMayGoOn) {
  const Job job = add_singleton();
  const Worker worker = add_worker();
  enqueue(job);
  NewRun second = new_run(job);
  second.ignore_singleton_lock = true;
  enqueue(second);
  const std::vector<ClaimedRun> claimed = claim(worker, 2);
  for (const ClaimedRun& run : claimed) finish(worker, run, JobResultStatus::kRetry);
  EXPECT_EQ(claim(worker).at(0).singleton_holder, std::nullopt);
}

TEST_P(SingletonConformance, ARefusedRunThatHasNotEndedYetHoldsNothing) {
  const Job job = add_singleton();
  const Worker worker = add_worker();
  enqueue(job);
  enqueue(job);
  const std::vector<ClaimedRun> claimed = claim(worker, 2);
  ASSERT_TRUE(claimed.at(1).singleton_holder);
  finish(worker, claimed[0]);
  enqueue(job);
  EXPECT_EQ(claim(worker).at(0).singleton_holder, std::nullopt);
}

}  // namespace windlass::conformance
