#include <algorithm>
#include <cstring>

#include "base/crypto.h"
#include "base/log.h"
#include "embedded_queries.h"
#include "model/job.h"
#include "storage/sqlite/errors.h"
#include "storage/sqlite/result_rows.h"
#include "storage/sqlite/result_store.h"
#include "storage/sqlite/run_writes.h"

namespace windlass::sqlite {

namespace {

std::int64_t new_token() {
  std::int64_t token = 0;
  while (token <= 0) random_bytes(&token, sizeof token);
  return token;
}

Result<void> check_worker(Connection& db, const Uuid& worker) {
  Prepared find = db.prepare(sql::kFindWorkerState);
  put(*find, 1, worker);
  if (find->executeStep() && value_at<std::string>(*find, 0) != "lost") return ok();
  return Error{
      "worker.not_found",
      "This worker is not known any more: it was not heard of in time, and its runs were ended."};
}

/// A cancel that was asked for while the attempt ended leaves no other to come.
RunOutcome cancelled(RunOutcome outcome, const std::string& by) {
  outcome.status = JobResultStatus::kRevoked;
  outcome.reason_code = "cancelled";
  outcome.reason = "Cancelled by " + by + ".";
  return outcome;
}

/// False when the lease is not this writer's any more.
bool store_write(Write& write, const RunWrite& part, TimePoint now) {
  Prepared lease = write.db.prepare(sql::kFindLease);
  lease->bind(1, part.number);
  if (!lease->executeStep() || value_at<std::int64_t>(*lease, 4) != part.lease_token) return false;
  RunWriter run(write.db, part.number, read_place(*lease));
  for (const Event& event : part.events) run.add(event);
  run.add_dropped(part.dropped_log_count);
  if (part.progress && !part.progress->is_null()) run.set_progress(*part.progress);
  if (part.source_version) run.set_source_version(*part.source_version);
  write.notice(Notice::Kind::kResult, part.number);
  if (!part.outcome) {
    run.store();
  } else if (part.outcome->status != JobResultStatus::kRetry) {
    run.finish(*part.outcome, now);
  } else if (value_at<bool>(*lease, 5)) {
    const RunOutcome outcome = cancelled(*part.outcome, value_at<std::string>(*lease, 6));
    run.add_log(now, "warning", outcome.reason);
    run.finish(outcome, now);
  } else {
    run.finish(*part.outcome, now);
    write.notice(Notice::Kind::kQueued);
  }
  return true;
}

std::vector<std::string> queues_with_work(Connection& db) {
  std::vector<std::string> names;
  Prepared waiting = db.prepare(sql::kWaitingByQueue);
  while (waiting->executeStep()) {
    names.push_back(value_at<std::string>(*waiting, 0));
    if (names.back().starts_with(kLocalQueue)) names.pop_back();
  }
  return names;
}

struct Waiting {
  std::vector<std::int64_t> numbers;
  std::optional<Micros> next_retry;
};

/// The retries of one queue that are due, and when the next one is.
void add_retries(Connection& db, const std::string& queue, std::int64_t limit, TimePoint now,
                 Waiting& waiting) {
  Prepared find = db.prepare(sql::kRetriesInQueue);
  put(*find, 1, queue);
  find->bind(2, limit);
  while (find->executeStep()) {
    const auto due = value_at<TimePoint>(*find, 1);
    if (due > now) {
      waiting.next_retry = std::min(due - now, waiting.next_retry.value_or(Micros::max()));
      return;
    }
    waiting.numbers.push_back(value_at<std::int64_t>(*find, 0));
  }
}

/// The runs that have waited longest in any of the queues.
Waiting oldest_waiting(Connection& db, std::vector<std::string> queues, std::int64_t limit,
                       TimePoint now) {
  if (std::find(queues.begin(), queues.end(), "*") != queues.end()) queues = queues_with_work(db);
  std::sort(queues.begin(), queues.end());
  queues.erase(std::unique(queues.begin(), queues.end()), queues.end());
  Waiting waiting;
  std::vector<std::int64_t>& numbers = waiting.numbers;
  Prepared find = db.prepare(sql::kWaitingInQueue);
  for (const std::string& queue : queues) {
    put(*find, 1, queue);
    find->bind(2, limit);
    while (find->executeStep()) numbers.push_back(value_at<std::int64_t>(*find, 0));
    find->reset();
    add_retries(db, queue, limit, now, waiting);
  }
  std::sort(numbers.begin(), numbers.end());
  if (static_cast<std::int64_t>(numbers.size()) > limit) {
    numbers.resize(static_cast<std::size_t>(limit));
  }
  return waiting;
}

/// Of the first run that the query finds of this class.
std::optional<Uuid> first_of(Connection& db, const std::string& query,
                             const std::string& class_path) {
  Prepared find = db.prepare(query);
  put(*find, 1, class_path);
  if (!find->executeStep()) return std::nullopt;
  return value_at<Uuid>(*find, 0);
}

/// A run under way comes first. One between two attempts holds the lock against new runs, not
/// against another that has been under way before too.
std::optional<Uuid> singleton_holder(Connection& db, const JobResult& run) {
  const std::optional<Uuid> started = first_of(db, sql::kFindSingletonHolder, run.task_name);
  if (started || run.attempt > 1) return started;
  return first_of(db, sql::kFindSingletonWaiting, run.task_name);
}

std::vector<std::string> sensitive_fields(const json::value& variables) {
  std::vector<std::string> names;
  const json::array* list = variables.if_array();
  if (list == nullptr) return names;
  for (const json::value& declaration : *list) {
    const Variable variable(declaration);
    if (variable.sensitive()) names.push_back(variable.name());
  }
  return names;
}

/// Without its inputs, or without knowing which of them are secret, a run must not start: it throws
/// DamagedValue. Before the run has its own lease, which would make it its own singleton holder.
ClaimedRun read_claimed(Connection& db, std::int64_t number) {
  ClaimedRun run;
  run.result = *find_result(db, number, OnDamage::kThrow);
  Prepared details = db.prepare(sql::kFindClaimDetails);
  details->bind(1, number);
  details->executeStep();
  run.sealed_inputs = value_at<std::string>(*details, 0);
  run.username = value_at<std::string>(*details, 1);
  if (!details->isColumnNull(2)) {
    run.soft_time_limit = value_at<double>(*details, 2);
    run.time_limit = value_at<double>(*details, 3);
    run.has_sensitive_variables = value_at<bool>(*details, 4);
    if (value_at<bool>(*details, 5) && !run.result.ignore_singleton_lock) {
      run.singleton_holder = singleton_holder(db, run.result);
    }
    run.max_retries = value_at<std::int64_t>(*details, 6);
    run.retry_delay = value_at<double>(*details, 7);
    run.retry_backoff = value_at<double>(*details, 8);
    run.sensitive_fields = sensitive_fields(value_at<json::value>(*details, 10));
  }
  run.has_files = value_at<bool>(*details, 9);
  return run;
}

/// The claim's own update has counted its status event already.
RunPlace place_before_claim(const JobResult& result) {
  const std::int64_t logs = result.debug_log_count + result.info_log_count +
                            result.success_log_count + result.warning_log_count +
                            result.error_log_count;
  return {result.attempt, result.last_sequence - 1, logs, result.console_count};
}

ClaimedRun claim(Write& write, std::int64_t number, const WorkRequest& request, TimePoint now,
                 Micros lease) {
  Prepared start = write.db.prepare(sql::kStartRun);
  start->bind(1, number);
  put(*start, 2, now);
  put(*start, 3, request.worker_name);
  start->exec();
  ClaimedRun run = read_claimed(write.db, number);
  run.lease_token = new_token();
  Prepared grant = write.db.prepare(sql::kInsertLease);
  grant->bind(1, number);
  put(*grant, 2, request.worker);
  grant->bind(3, run.lease_token);
  put(*grant, 4, now + lease);
  put(*grant, 5, run.singleton_holder.has_value());
  grant->exec();
  RunWriter events(write.db, number, place_before_claim(run.result));
  events.add_status(now, JobResultStatus::kStarted, "");
  write.notice(Notice::Kind::kResult, number);
  return run;
}

/// Ends a run whose claim met values that cannot be read: left queued, it would be met again by
/// every claim, and hold up the runs behind it.
void end_damaged(Write& write, std::int64_t number, TimePoint now, const std::string& what) {
  RunOutcome outcome;
  outcome.status = JobResultStatus::kFailure;
  outcome.reason_code = "damaged";
  outcome.reason = "The database holds values of this run or its job that cannot be read.";
  log::error(outcome.reason, Error{"storage.damaged", outcome.reason, what});
  RunWriter events(write.db, number, place_before_claim(*find_result(write.db, number)));
  events.add_status(now, JobResultStatus::kStarted, "");
  events.add_log(now, "failure", outcome.reason);
  events.finish(outcome, now);
  write.notice(Notice::Kind::kResult, number);
}

void renew(Connection& db, const Uuid& worker, TimePoint now, Micros lease) {
  Prepared leases = db.prepare(sql::kRenewLeases);
  put(*leases, 1, worker);
  put(*leases, 2, now + lease);
  leases->exec();
}

void mark_seen(Connection& db, const Uuid& worker, TimePoint now) {
  Prepared seen = db.prepare(sql::kWorkerSeen);
  put(*seen, 1, worker);
  put(*seen, 2, now);
  seen->exec();
}

std::vector<CancelRequest> find_cancels(Connection& db, const Uuid& worker) {
  std::vector<CancelRequest> cancels;
  Prepared find = db.prepare(sql::kFindCancels);
  put(*find, 1, worker);
  while (find->executeStep()) {
    cancels.push_back({value_at<std::int64_t>(*find, 0), value_at<std::string>(*find, 1)});
  }
  return cancels;
}

}  // namespace

Result<WorkReply> SqliteResultStore::exchange(const WorkRequest& request) {
  return writer_.run([&](Write& write) { return work(write, request); });
}

Result<WorkReply> SqliteResultStore::work(Write& write, const WorkRequest& request) {
  WL_TRY_VOID(check_worker(write.db, request.worker));
  const TimePoint now = clock_.now();
  WorkReply reply;
  for (const RunWrite& part : request.writes) {
    if (!store_write(write, part, now)) reply.lost.push_back(part.number);
  }
  if (request.renew) renew(write.db, request.worker, now, lease_);
  if (request.claim_limit > 0) {
    const Waiting waiting = oldest_waiting(write.db, request.queues, request.claim_limit, now);
    for (const std::int64_t number : waiting.numbers) {
      try {
        reply.claimed.push_back(claim(write, number, request, now, lease_));
      } catch (const DamagedValue& damage) {
        end_damaged(write, number, now, damage.what());
      }
    }
    reply.next_retry = waiting.next_retry;
  }
  // A worker that claims is alive: its record must not run out before its leases.
  if (request.renew || !reply.claimed.empty()) mark_seen(write.db, request.worker, now);
  if (request.look_for_cancels) reply.cancels = find_cancels(write.db, request.worker);
  return reply;
}

}  // namespace windlass::sqlite
