#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Job RetryConformance::add_retrying_job(std::int64_t max_retries, double delay, double backoff) {
  return storage()
      .jobs()
      .modify(add_job().id,
              [&](Job& record) -> Result<void> {
                record.max_retries = max_retries;
                record.retry_delay = delay;
                record.retry_backoff = backoff;
                return ok();
              })
      .value();
}

JobResult RetryConformance::retry(const Worker& worker, const ClaimedRun& run, Micros wait) {
  RunWrite part = write_of(run);
  part.outcome = outcome_of(JobResultStatus::kRetry);
  part.outcome->reason_code = "retry";
  part.outcome->reason = "Again.";
  part.outcome->result = "not kept";
  part.outcome->traceback = "not kept";
  part.outcome->retry_after = wait;
  EXPECT_THAT(write(worker, std::move(part)).lost, IsEmpty());
  return reload(run.result);
}

TEST_P(RetryConformance, ARetryIsClaimedWhenItIsDueAndNotBefore) {
  const Job job = add_job();
  enqueue(job);
  const Worker worker = add_worker();
  const JobResult waiting = retry(worker, claim(worker).at(0), seconds(30));
  EXPECT_EQ(waiting.status, JobResultStatus::kRetry);
  EXPECT_EQ(waiting.retry_at, clock().now() + seconds(30));
  EXPECT_EQ(waiting.reason_code, "retry");
  EXPECT_TRUE(waiting.result.is_null());
  EXPECT_EQ(waiting.traceback, std::nullopt);
  clock().advance(seconds(30) - microseconds(1));
  EXPECT_THAT(claim(worker), IsEmpty());
  const JobResult younger = enqueue(job);
  clock().advance(microseconds(1));
  const std::vector<ClaimedRun> claimed = claim(worker, 2);
  ASSERT_THAT(claimed, SizeIs(2));
  EXPECT_EQ(claimed[0].result.number, waiting.number) << "the oldest first";
  EXPECT_EQ(claimed[1].result.number, younger.number);
  const JobResult& again = claimed[0].result;
  EXPECT_EQ(again.attempt, 2);
  EXPECT_EQ(again.date_started, clock().now()) << "of the newest attempt";
  EXPECT_EQ(again.retry_at, std::nullopt);
  EXPECT_EQ(again.reason, "");
  EXPECT_EQ(again.reason_code, "");
}

TEST_P(RetryConformance, AClaimTellsWhenTheNextRetryOfItsQueuesFallsDue) {
  const Job job = add_job();
  const Worker worker = add_worker("host:1", {"a", "b"});
  for (const auto& [queue, wait] : {std::pair{"a", 50}, {"a", 20}, {"b", 30}, {"c", 1}}) {
    enqueue(job, queue);
    const Worker helper = add_worker("helper", {queue});
    retry(helper, claim(helper).at(0), seconds(wait));
  }
  WorkRequest request;
  request.worker = worker.id;
  request.queues = {"a", "b"};
  EXPECT_EQ(storage().results().exchange(request)->next_retry, std::nullopt)
      << "nothing is claimed";
  request.claim_limit = 5;
  EXPECT_EQ(storage().results().exchange(request)->next_retry, seconds(20));
  clock().advance(seconds(20));
  const WorkReply reply = storage().results().exchange(request).value();
  EXPECT_THAT(reply.claimed, SizeIs(1));
  EXPECT_EQ(reply.next_retry, seconds(10));
  request.queues = {"*"};
  EXPECT_THAT(storage().results().exchange(request)->claimed, SizeIs(1)) << "that of c";
}

TEST_P(RetryConformance, InputsAreKeptBetweenAttemptsAndWipedWithTheLast) {
  NewRun run = new_run(add_job());
  run.sealed_inputs = "sealed";
  run.files = {{"table", "t.csv", false, "a,b"}};
  enqueue(run);
  const Worker worker = add_worker();
  retry(worker, claim(worker).at(0), seconds(0));
  const ClaimedRun second = claim(worker).at(0);
  EXPECT_EQ(second.sealed_inputs, "sealed");
  EXPECT_TRUE(second.has_files);
  EXPECT_THAT(storage().results().input_files(second.result.number, second.lease_token).value(),
              SizeIs(1));
  finish(worker, second);
  EXPECT_EQ(database().look_up("SELECT count(*) FROM job_input"), "0");
  EXPECT_EQ(database().look_up("SELECT count(*) FROM job_input_file"), "0");
}

TEST_P(RetryConformance, ACancelThatCameMeanwhileWins) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  storage().results().request_cancel(run.result.id, "ada").value();
  const JobResult result = retry(worker, run, seconds(1));
  EXPECT_EQ(result.status, JobResultStatus::kRevoked);
  EXPECT_EQ(result.reason_code, "cancelled");
  EXPECT_EQ(result.reason, "Cancelled by ada.");
  EXPECT_EQ(result.retry_at, std::nullopt);
  EXPECT_EQ(result.warning_log_count, 1);
}

TEST_P(RetryConformance, ACancelBetweenAttemptsEndsTheRunAtOnce) {
  NewRun run = new_run(add_job());
  run.files = {{"table", "t.csv", false, "a,b"}};
  enqueue(run);
  const Worker worker = add_worker();
  const JobResult waiting = retry(worker, claim(worker).at(0), seconds(60));
  const JobResult result = storage().results().request_cancel(waiting.id, "ada").value();
  EXPECT_EQ(result.status, JobResultStatus::kRevoked);
  EXPECT_EQ(result.retry_at, std::nullopt);
  EXPECT_EQ(database().look_up("SELECT count(*) FROM job_input_file"), "0");
  clock().advance(seconds(60));
  EXPECT_THAT(claim(worker), IsEmpty());
}

TEST_P(RetryConformance, ALostRunIsTriedAgainAsOftenAsItsJobDeclares) {
  const Job job = add_retrying_job(2, 4, 2.5);
  const JobResult run = enqueue(job);
  std::vector<Micros> waits;
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const Worker worker = add_worker("host:" + std::to_string(attempt));
    ASSERT_THAT(claim(worker), SizeIs(1));
    const auto settled = storage().results().settle_worker(worker.id, "The worker is gone.");
    ASSERT_THAT(settled.value(), SizeIs(1));
    const JobResult after = reload(run);
    EXPECT_EQ(settled->at(0).result.status, after.status);
    if (after.status != JobResultStatus::kRetry) continue;
    EXPECT_EQ(after.reason_code, "retry");
    EXPECT_EQ(after.reason, "The worker is gone.");
    EXPECT_EQ(after.warning_log_count, attempt);
    waits.push_back(*after.retry_at - clock().now());
    clock().advance(waits.back());
  }
  EXPECT_THAT(waits, ElementsAre(seconds(4), seconds(10)));
  const JobResult result = reload(run);
  EXPECT_EQ(result.status, JobResultStatus::kFailure);
  EXPECT_EQ(result.reason_code, "worker_lost");
  EXPECT_EQ(result.attempt, 3);
  EXPECT_EQ(result.error_log_count, 1);
}

TEST_P(RetryConformance, AnExpiredLeaseIsTriedAgainToo) {
  const JobResult run = enqueue(add_retrying_job(1));
  claim(add_worker());
  clock().advance(kDefaultLease * 2);
  EXPECT_THAT(storage().results().settle_expired().value(), SizeIs(1));
  EXPECT_EQ(reload(run).status, JobResultStatus::kRetry);
}

TEST_P(RetryConformance, ALostRunThatWasCancelledOrBelongsToAGoneCommandIsNotTriedAgain) {
  const Job job = add_retrying_job(5);
  const JobResult cancelled = enqueue(job, "default");
  const JobResult local = enqueue(job, "local:1");
  const Worker worker = add_worker("host:1", {"default", "local:1"});
  ASSERT_THAT(claim(worker, 2), SizeIs(2));
  storage().results().request_cancel(cancelled.id, "ada").value();
  storage().results().settle_worker(worker.id, "The worker is gone.").value();
  EXPECT_EQ(reload(cancelled).reason_code, "worker_lost");
  EXPECT_EQ(reload(local).reason_code, "worker_lost");
}

TEST_P(RetryConformance, EventsAreAskedForByAttempt) {
  const JobResult run = enqueue(add_job());
  const Worker worker = add_worker();
  for (const char* message : {"one", "two", "three"}) {
    const ClaimedRun claimed = claim(worker).at(0);
    RunWrite part = write_of(claimed);
    part.events = {log_event(message), log_event(message, "warning"), log_event(message)};
    write(worker, part);
    retry(worker, claimed, seconds(0));
  }
  EventQuery query;
  query.number = run.number;
  query.kinds = {EventKind::kLog};
  for (const auto& [attempt, message] : {std::pair{1, "one"}, {2, "two"}, {3, "three"}}) {
    query.attempt = attempt;
    query.offset = 0;
    query.levels.clear();
    const std::vector<Event> events = storage().events().list(query).value();
    ASSERT_THAT(events, SizeIs(3));
    for (const Event& event : events) {
      EXPECT_EQ(event.attempt, attempt);
      EXPECT_EQ(event.message, message);
    }
    EXPECT_EQ(storage().events().count(query).value(), 3);
    query.offset = 2;
    EXPECT_THAT(storage().events().list(query).value(), SizeIs(1));
    query.offset = 0;
    query.levels = {"warning"};
    EXPECT_THAT(storage().events().list(query).value(), SizeIs(1));
    EXPECT_EQ(storage().events().count(query).value(), 1);
  }
  query.attempt = 4;
  EXPECT_THAT(storage().events().list(query).value(), IsEmpty());
}

}  // namespace windlass::conformance
