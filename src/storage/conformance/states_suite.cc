#include "storage/conformance/conformance.h"

namespace windlass::conformance {

namespace {

constexpr JobResultStatus kAll[] = {JobResultStatus::kPending, JobResultStatus::kStarted,
                                    JobResultStatus::kRetry,   JobResultStatus::kSuccess,
                                    JobResultStatus::kFailure, JobResultStatus::kRevoked};

std::string set_status(std::int64_t number, JobResultStatus status) {
  return "UPDATE job_result SET status = '" + std::string(to_string(status)) +
         "', date_done = " + (is_final(status) ? "1" : "NULL") +
         " WHERE number = " + std::to_string(number);
}

/// Puts a pending result into a status along legal arrows, past the storage.
void bring_to(TestDatabase& database, std::int64_t number, JobResultStatus status) {
  if (status == JobResultStatus::kPending) return;
  database.execute(set_status(number, JobResultStatus::kStarted)).value();
  if (status != JobResultStatus::kStarted) database.execute(set_status(number, status)).value();
}

}  // namespace

TEST_P(StatesConformance, TheDatabaseAllowsTheArrowsAndNothingElse) {
  const Job job = add_job();
  for (const JobResultStatus from : kAll) {
    for (const JobResultStatus to : kAll) {
      if (from == to) continue;
      const JobResult result = enqueue(job);
      bring_to(database(), result.number, from);
      const auto changed = database().execute(set_status(result.number, to));
      EXPECT_EQ(changed.ok(), may_follow(from, to)) << to_string(from) << " to " << to_string(to);
      EXPECT_EQ(reload(result).status, may_follow(from, to) ? to : from);
    }
  }
}

TEST_P(StatesConformance, TheDatabaseRefusesUnknownStatusesAndUnfinishedEnds) {
  const JobResult result = enqueue(add_job());
  const std::string where = " WHERE number = " + std::to_string(result.number);
  EXPECT_FALSE(database().execute("UPDATE job_result SET status = 'DONE'" + where).ok());
  EXPECT_FALSE(database().execute("UPDATE job_result SET date_done = 1" + where).ok());
  EXPECT_FALSE(database().execute("UPDATE job_result SET status = 'FAILURE'" + where).ok());
}

TEST_P(StatesConformance, NoFieldOfAFinalResultChanges) {
  const Job job = add_job();
  for (const JobResultStatus status : kAll) {
    if (!is_final(status)) continue;
    const JobResult result = enqueue(job);
    bring_to(database(), result.number, status);
    for (const Field<JobResult>& field : fields_of<JobResult>()) {
      if (field.kind == FieldKind::kReference) continue;  // cleared when its object is deleted
      const std::string column = "\"" + std::string(field.name) + "\"";
      EXPECT_FALSE(database()
                       .execute("UPDATE job_result SET " + column + " = " + column +
                                " WHERE number = " + std::to_string(result.number))
                       .ok())
          << field.name;
    }
  }
}

TEST_P(StatesConformance, AResultBeginsAsPending) {
  const JobResult result = enqueue(add_job());
  std::string columns;
  std::string values;
  for (const Field<JobResult>& field : fields_of<JobResult>()) {
    if (field.name == "number") continue;
    const std::string column = "\"" + std::string(field.name) + "\"";
    columns += (columns.empty() ? "" : ", ") + column;
    values += values.empty() ? "" : ", ";
    values += field.name == "id"       ? "'0190f3a1-0000-7000-8000-000000000000'"
              : field.name == "status" ? "'STARTED'"
                                       : column;
  }
  EXPECT_FALSE(
      database()
          .execute("INSERT INTO job_result (" + columns + ") SELECT " + values + " FROM job_result")
          .ok());
  EXPECT_EQ(storage().results().list({})->count, 1);
}

TEST_P(StatesConformance, NumbersAndSequencesHave40Bits) {
  const Job job = add_job();
  const std::int64_t last = (std::int64_t{1} << 40) - 1;
  enqueue(job);
  database().execute("UPDATE job_result SET number = " + std::to_string(last - 1)).value();
  database().set_last_number(last - 1).value();
  const JobResult result = enqueue(job);
  EXPECT_EQ(result.number, last);
  EXPECT_EQ(parse_entry_id(entry_id(result, last))->number, last);
  EXPECT_EQ(storage().results().enqueue(new_run(job)).error().code, "storage.failed");

  const Worker worker = add_worker();
  database()
      .execute("UPDATE job_result SET last_sequence = " + std::to_string(last - 2) +
               " WHERE number = " + std::to_string(last))
      .value();
  const std::vector<ClaimedRun> runs = claim(worker, 2);
  RunWrite part = write_of(runs.at(1));
  part.events = {log_event("the last")};
  write(worker, part);
  EXPECT_EQ(storage().events().get(last, last).value()->message, "the last");
  WorkRequest request;
  request.worker = worker.id;
  request.writes = {part};
  EXPECT_EQ(storage().results().exchange(request).error().code, "storage.failed");
}

TEST_P(StatesConformance, CancellingAWaitingRunEndsItAtOnce) {
  const Job job = add_job();
  NewRun run = new_run(job);
  run.sealed_inputs = "sealed";
  const JobResult waiting = enqueue(run);
  clock().advance(std::chrono::seconds(1));
  const JobResult result = storage().results().request_cancel(waiting.id, "ada").value();
  EXPECT_EQ(result.status, JobResultStatus::kRevoked);
  EXPECT_EQ(result.reason_code, "cancelled");
  EXPECT_EQ(result.reason, "Cancelled by ada.");
  EXPECT_EQ(result.date_done, clock().now());
  EXPECT_EQ(result.cancel_requested_at, clock().now());
  EXPECT_EQ(result.cancel_requested_by, "ada");
  EXPECT_EQ(result.error_log_count, 1);
  EventQuery query;
  query.number = result.number;
  const std::vector<Event> events = storage().events().list(query).value();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[1].level, "failure");
  EXPECT_EQ(events[1].grouping, "post_run");
  EXPECT_EQ(events[1].message, "Cancelled by ada.");
  EXPECT_EQ(events[2].kind, EventKind::kStatus);
  EXPECT_EQ(events[2].level, "REVOKED");
  EXPECT_EQ(database().look_up("SELECT count(*) FROM job_input"), "0");
  EXPECT_TRUE(claim(add_worker()).empty());
}

TEST_P(StatesConformance, CancellingARunningRunAsksItsWorker) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const ClaimedRun run = claim(worker).at(0);
  clock().advance(std::chrono::seconds(1));
  const JobResult asked = storage().results().request_cancel(run.result.id, "ada").value();
  EXPECT_EQ(asked.status, JobResultStatus::kStarted);
  EXPECT_EQ(asked.cancel_requested_at, clock().now());
  clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(storage().results().request_cancel(run.result.id, "bob")->cancel_requested_by, "ada");

  WorkRequest request;
  request.worker = worker.id;
  request.look_for_cancels = true;
  const WorkReply reply = storage().results().exchange(request).value();
  ASSERT_EQ(reply.cancels.size(), 1u);
  EXPECT_EQ(reply.cancels[0].number, run.result.number);
  EXPECT_EQ(reply.cancels[0].by, "ada");
  EXPECT_EQ(finish(worker, run, JobResultStatus::kRevoked).status, JobResultStatus::kRevoked);
  EXPECT_TRUE(storage().results().exchange(request)->cancels.empty());
}

TEST_P(StatesConformance, CancellingAFinalResultChangesNothing) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const JobResult done = finish(worker, claim(worker).at(0));
  const JobResult same = storage().results().request_cancel(done.id, "ada").value();
  EXPECT_EQ(same.status, JobResultStatus::kSuccess);
  EXPECT_EQ(same.cancel_requested_at, std::nullopt);
  EXPECT_EQ(same.last_sequence, done.last_sequence);
  EXPECT_EQ(storage().results().request_cancel(new_id(clock().now()), "ada").error().code,
            "job_result.not_found");
}

TEST_P(StatesConformance, ARetryWaitsForAnotherClaimAndKeepsItsInputs) {
  NewRun run = new_run(add_job());
  run.sealed_inputs = "sealed";
  enqueue(run);
  const Worker worker = add_worker();
  const ClaimedRun first = claim(worker).at(0);
  const JobResult retry = finish(worker, first, JobResultStatus::kRetry);
  EXPECT_EQ(retry.status, JobResultStatus::kRetry);
  EXPECT_EQ(retry.date_done, std::nullopt);
  const ClaimedRun second = claim(worker).at(0);
  EXPECT_EQ(second.result.attempt, 2);
  EXPECT_EQ(second.sealed_inputs, "sealed");
  EXPECT_NE(second.lease_token, first.lease_token);
  RunWrite late = write_of(first);
  late.outcome = outcome_of(JobResultStatus::kSuccess);
  EXPECT_EQ(write(worker, late).lost.size(), 1u);
  RunWrite part = write_of(second);
  part.events = {log_event("again")};
  write(worker, part);
  EXPECT_EQ(storage().events().get(retry.number, 5).value()->attempt, 2);
  finish(worker, second);
  EXPECT_EQ(database().look_up("SELECT count(*) FROM job_input"), "0");
}

TEST_P(StatesConformance, ARetryCanBeCancelled) {
  enqueue(add_job());
  const Worker worker = add_worker();
  const JobResult retry = finish(worker, claim(worker).at(0), JobResultStatus::kRetry);
  EXPECT_EQ(storage().results().request_cancel(retry.id, "ada")->status, JobResultStatus::kRevoked);
  EXPECT_TRUE(claim(worker).empty());
}

}  // namespace windlass::conformance
