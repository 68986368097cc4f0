#include <algorithm>
#include <cstring>

#include "base/crypto.h"
#include "embedded_queries.h"
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
  if (part.outcome) {
    run.finish(*part.outcome, now);
  } else {
    run.store();
  }
  write.notice(Notice::Kind::kResult, part.number);
  if (part.outcome && part.outcome->status == JobResultStatus::kRetry) {
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

/// Numbers of the runs that have waited longest in any of the queues.
std::vector<std::int64_t> oldest_waiting(Connection& db, std::vector<std::string> queues,
                                         std::int64_t limit) {
  if (std::find(queues.begin(), queues.end(), "*") != queues.end()) queues = queues_with_work(db);
  std::sort(queues.begin(), queues.end());
  queues.erase(std::unique(queues.begin(), queues.end()), queues.end());
  std::vector<std::int64_t> numbers;
  Prepared find = db.prepare(sql::kWaitingInQueue);
  for (const std::string& queue : queues) {
    put(*find, 1, queue);
    find->bind(2, limit);
    while (find->executeStep()) numbers.push_back(value_at<std::int64_t>(*find, 0));
    find->reset();
  }
  std::sort(numbers.begin(), numbers.end());
  if (static_cast<std::int64_t>(numbers.size()) > limit) {
    numbers.resize(static_cast<std::size_t>(limit));
  }
  return numbers;
}

ClaimedRun read_claimed(Connection& db, std::int64_t number) {
  ClaimedRun run;
  run.result = *find_result(db, number);
  Prepared details = db.prepare(sql::kFindClaimDetails);
  details->bind(1, number);
  details->executeStep();
  run.sealed_inputs = value_at<std::string>(*details, 0);
  run.username = value_at<std::string>(*details, 1);
  if (!details->isColumnNull(2)) {
    run.soft_time_limit = value_at<double>(*details, 2);
    run.time_limit = value_at<double>(*details, 3);
    run.has_sensitive_variables = value_at<bool>(*details, 4);
  }
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
  const std::int64_t token = new_token();
  Prepared grant = write.db.prepare(sql::kInsertLease);
  grant->bind(1, number);
  put(*grant, 2, request.worker);
  grant->bind(3, token);
  put(*grant, 4, now + lease);
  grant->exec();
  ClaimedRun run = read_claimed(write.db, number);
  run.lease_token = token;
  RunWriter events(write.db, number, place_before_claim(run.result));
  events.add_status(now, JobResultStatus::kStarted, "");
  write.notice(Notice::Kind::kResult, number);
  return run;
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
  return writer_.run([&](Write& write) -> Result<WorkReply> {
    WL_TRY_VOID(check_worker(write.db, request.worker));
    const TimePoint now = clock_.now();
    WorkReply reply;
    for (const RunWrite& part : request.writes) {
      if (!store_write(write, part, now)) reply.lost.push_back(part.number);
    }
    if (request.renew) renew(write.db, request.worker, now, lease_);
    if (request.claim_limit > 0) {
      for (const std::int64_t number :
           oldest_waiting(write.db, request.queues, request.claim_limit)) {
        reply.claimed.push_back(claim(write, number, request, now, lease_));
      }
    }
    // A worker that claims is alive: its record must not run out before its leases.
    if (request.renew || !reply.claimed.empty()) mark_seen(write.db, request.worker, now);
    if (request.look_for_cancels) reply.cancels = find_cancels(write.db, request.worker);
    return reply;
  });
}

}  // namespace windlass::sqlite
