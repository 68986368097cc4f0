#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

std::vector<std::int64_t> numbers(const std::vector<ClaimedRun>& runs) {
  std::vector<std::int64_t> out;
  for (const ClaimedRun& run : runs) out.push_back(run.result.number);
  return out;
}

}  // namespace

TEST_P(QueueConformance, EnqueueStoresAPendingResult) {
  const Job job = add_job();
  const User user = add_user();
  NewRun run = new_run(job);
  run.user = user.id;
  run.task_kwargs = json::object{{"x", 1}};
  const JobResult result = enqueue(run);
  EXPECT_GT(result.number, 0);
  EXPECT_EQ(result.status, JobResultStatus::kPending);
  EXPECT_EQ(result.date_created, clock().now());
  EXPECT_EQ(result.source, "jobs_root");
  EXPECT_EQ(result.attempt, 0);
  const JobResult kept = reload(result);
  for (const Field<JobResult>& field : fields_of<JobResult>()) {
    std::visit([&](auto member) { EXPECT_EQ(kept.*member, result.*member) << field.name; },
               field.member);
  }
  EXPECT_EQ(storage().results().get_by_number(result.number)->id, result.id);
}

TEST_P(QueueConformance, EnqueueForADeletedJobIsRefused) {
  const Job job = add_job();
  storage().jobs().remove(job.id).value();
  EXPECT_EQ(storage().results().enqueue(new_run(job)).error().code, "job.not_found");
  EXPECT_EQ(storage().results().list({})->count, 0);
}

TEST_P(QueueConformance, ClaimsOldestFirstOfTheWorkersQueues) {
  const Job job = add_job();
  const JobResult a = enqueue(job, "a");
  const JobResult b = enqueue(job, "b");
  const JobResult c = enqueue(job, "c");
  const JobResult d = enqueue(job, "a");
  const Worker worker = add_worker("host:1", {"b", "a"});
  EXPECT_THAT(numbers(claim(worker, 2)), ElementsAre(a.number, b.number));
  EXPECT_THAT(numbers(claim(worker, 2)), ElementsAre(d.number));
  EXPECT_THAT(claim(worker, 2), IsEmpty());
  const JobResult local = enqueue(job, "local:1");
  const Worker all = add_worker("host:2", {"*"});
  EXPECT_THAT(numbers(claim(all, 2)), ElementsAre(c.number)) << "a local run is its command's";
  const Worker its_own = add_worker("local:1", {"local:1"});
  EXPECT_THAT(numbers(claim(its_own, 2)), ElementsAre(local.number));
}

TEST_P(QueueConformance, AClaimStartsTheRunAndBringsWhatItNeeds) {
  const Job job = add_job();
  storage()
      .jobs()
      .modify(job.id,
              [](Job& record) -> Result<void> {
                record.soft_time_limit = 3;
                record.time_limit = 4.5;
                record.has_sensitive_variables = false;
                return ok();
              })
      .value();
  NewRun run = new_run(job);
  run.user = add_user("ada").id;
  run.task_kwargs = json::object{{"x", 1}};
  run.sealed_inputs = "sealed";
  enqueue(run);
  const Worker worker = add_worker("host:7");
  clock().advance(std::chrono::seconds(2));
  const ClaimedRun claimed = claim(worker).at(0);
  EXPECT_EQ(claimed.result.status, JobResultStatus::kStarted);
  EXPECT_EQ(claimed.result.date_started, clock().now());
  EXPECT_EQ(claimed.result.worker, "host:7");
  EXPECT_EQ(claimed.result.attempt, 1);
  EXPECT_EQ(claimed.result.task_kwargs, run.task_kwargs);
  EXPECT_NE(claimed.lease_token, 0);
  EXPECT_EQ(claimed.sealed_inputs, "sealed");
  EXPECT_EQ(claimed.username, "ada");
  EXPECT_EQ(claimed.soft_time_limit, 3);
  EXPECT_EQ(claimed.time_limit, 4.5);
  EXPECT_FALSE(claimed.has_sensitive_variables);
}

TEST_P(QueueConformance, ARunEndsWithItsEventsInOneSequence) {
  const Job job = add_job();
  enqueue(job);
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  RunWrite part = write_of(run);
  part.events = {log_event("one"), log_event("two", "warning")};
  part.source_version = "v1";
  part.progress = json::object{{"done", 1}, {"total", 2}, {"message", ""}};
  write(worker, part);
  clock().advance(std::chrono::seconds(1));
  part = write_of(run);
  part.events = {log_event("three", "critical")};
  part.dropped_log_count = 5;
  part.outcome = outcome_of(JobResultStatus::kFailure);
  part.outcome->reason = "It failed.";
  part.outcome->result = json::object{{"exc_type", "ValueError"}};
  part.outcome->traceback = "Traceback";
  part.outcome->peak_memory = 1000;
  part.outcome->cpu_seconds = 0.5;
  EXPECT_THAT(write(worker, part).lost, IsEmpty());

  const JobResult done = reload(run.result);
  EXPECT_EQ(done.status, JobResultStatus::kFailure);
  EXPECT_EQ(done.date_done, clock().now());
  EXPECT_EQ(done.reason_code, "fail");
  EXPECT_EQ(done.reason, "It failed.");
  EXPECT_EQ(done.result, part.outcome->result);
  EXPECT_EQ(done.traceback, "Traceback");
  EXPECT_EQ(done.source_version, "v1");
  EXPECT_EQ(get_int(done.progress, "done"), 1);
  EXPECT_EQ(done.info_log_count, 1);
  EXPECT_EQ(done.warning_log_count, 1);
  EXPECT_EQ(done.error_log_count, 1);
  EXPECT_EQ(done.dropped_log_count, 5);
  EXPECT_EQ(done.peak_memory, 1000);
  EXPECT_EQ(done.cpu_seconds, 0.5);
  EXPECT_EQ(done.last_sequence, 6);

  EventQuery query;
  query.number = done.number;
  std::vector<std::string> seen;
  std::int64_t sequence = 0;
  const std::vector<Event> events = storage().events().list(query).value();
  for (const Event& event : events) {
    EXPECT_EQ(event.sequence, ++sequence);
    seen.push_back(event.level + ":" + event.message);
  }
  EXPECT_THAT(seen, ElementsAre("PENDING:", "STARTED:", "info:one", "warning:two", "critical:three",
                                "FAILURE:It failed."));
}

TEST_P(QueueConformance, AWrongTokenWritesNothing) {
  const Job job = add_job();
  enqueue(job);
  enqueue(job);
  const Worker worker = add_worker();
  const std::vector<ClaimedRun> runs = claim(worker, 2);
  ASSERT_THAT(runs, SizeIs(2));
  WorkRequest request;
  request.worker = worker.id;
  for (const ClaimedRun& run : runs) {
    RunWrite part = write_of(run);
    part.events = {log_event("x")};
    part.outcome = outcome_of(JobResultStatus::kSuccess);
    request.writes.push_back(part);
  }
  request.writes[0].lease_token ^= 1;
  const WorkReply reply = storage().results().exchange(request).value();
  EXPECT_THAT(reply.lost, ElementsAre(runs[0].result.number));
  EXPECT_EQ(reload(runs[0].result).status, JobResultStatus::kStarted);
  EXPECT_EQ(reload(runs[0].result).info_log_count, 0);
  EXPECT_EQ(reload(runs[1].result).status, JobResultStatus::kSuccess);
}

TEST_P(QueueConformance, AWriteAfterTheOutcomeIsLost) {
  const Job job = add_job();
  enqueue(job);
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  const JobResult done = finish(worker, run);
  RunWrite part = write_of(run);
  part.events = {log_event("late")};
  part.outcome = outcome_of(JobResultStatus::kFailure);
  EXPECT_THAT(write(worker, part).lost, ElementsAre(done.number));
  EXPECT_EQ(reload(done).status, JobResultStatus::kSuccess);
  EXPECT_EQ(reload(done).last_sequence, done.last_sequence);
}

}  // namespace windlass::conformance
