#include "embedded_queries.h"
#include "model/retry.h"
#include "storage/sqlite/result_rows.h"
#include "storage/sqlite/result_store.h"
#include "storage/sqlite/run_writes.h"

namespace windlass::sqlite {

namespace {

/// A run under a lease that is to be ended.
struct HeldRun {
  RunPlace place;
  std::int64_t number = 0;
  std::string worker_name;
  std::string worker_instance;
  std::optional<Micros> retry_after;  ///< another attempt is due
};

std::optional<Micros> read_retry(const SQLite::Statement& statement, std::int64_t attempt) {
  const bool local = value_at<std::string>(statement, 7).starts_with(kLocalQueue);
  const bool cancelled = value_at<bool>(statement, 8);
  if (local || cancelled || statement.isColumnNull(9)) return std::nullopt;
  return declared_retry({value_at<std::int64_t>(statement, 9), value_at<double>(statement, 10),
                         value_at<double>(statement, 11)},
                        attempt);
}

std::vector<HeldRun> read_held(SQLite::Statement& statement) {
  std::vector<HeldRun> runs;
  while (statement.executeStep()) {
    const RunPlace place = read_place(statement);
    runs.push_back({place, value_at<std::int64_t>(statement, 4),
                    value_at<std::string>(statement, 5), value_at<std::string>(statement, 6),
                    read_retry(statement, place.attempt)});
  }
  return runs;
}

SettledRun settle(Write& write, const HeldRun& held, TimePoint now, const std::string& reason) {
  RunOutcome outcome;
  outcome.status = JobResultStatus::kFailure;
  outcome.reason_code = "worker_lost";
  outcome.reason = reason;
  if (held.retry_after) {
    outcome.status = JobResultStatus::kRetry;
    outcome.reason_code = "retry";
    outcome.retry_after = *held.retry_after;
    write.notice(Notice::Kind::kQueued);
  }
  RunWriter run(write.db, held.number, held.place);
  run.add_log(now, held.retry_after ? "warning" : "failure", reason);
  run.finish(outcome, now);
  write.notice(Notice::Kind::kResult, held.number);
  return {*find_result(write.db, held.number), held.worker_instance};
}

Result<bool> something_expired(Readers& readers, TimePoint now, Micros lease) {
  return readers.read([&](Connection& db) -> Result<bool> {
    Prepared look = db.prepare(sql::kSomethingExpired);
    put(*look, 1, now);
    put(*look, 2, now - lease);
    look->executeStep();
    return value_at<bool>(*look, 0);
  });
}

}  // namespace

Result<std::vector<SettledRun>> SqliteResultStore::settle_expired() {
  const TimePoint now = clock_.now();
  // Asked often and nearly always in vain: a look that takes no lock comes first.
  WL_TRY(const bool due, something_expired(readers_, now, lease_));
  if (!due) return std::vector<SettledRun>{};
  return writer_.run([&](Write& write) -> Result<std::vector<SettledRun>> {
    Prepared lose = write.db.prepare(sql::kLoseUnseenWorkers);
    put(*lose, 1, now - lease_);
    lose->exec();
    Prepared find = write.db.prepare(sql::kLeasesExpired);
    put(*find, 1, now);
    std::vector<SettledRun> settled;
    for (const HeldRun& held : read_held(*find)) {
      settled.push_back(settle(write, held, now,
                               "The worker " + held.worker_name +
                                   " is gone: it did not renew its lease on this run in time."));
    }
    return settled;
  });
}

Result<std::vector<SettledRun>> SqliteResultStore::settle_worker(const Uuid& worker,
                                                                 const std::string& reason) {
  return writer_.run([&](Write& write) -> Result<std::vector<SettledRun>> {
    const TimePoint now = clock_.now();
    Prepared lose = write.db.prepare(sql::kLoseWorker);
    put(*lose, 1, worker);
    lose->exec();
    Prepared find = write.db.prepare(sql::kLeasesOfWorker);
    put(*find, 1, worker);
    std::vector<SettledRun> settled;
    for (const HeldRun& held : read_held(*find)) {
      settled.push_back(settle(write, held, now, reason));
    }
    return settled;
  });
}

}  // namespace windlass::sqlite
