#include "embedded_queries.h"
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
};

std::vector<HeldRun> read_held(SQLite::Statement& statement) {
  std::vector<HeldRun> runs;
  while (statement.executeStep()) {
    runs.push_back({read_place(statement), value_at<std::int64_t>(statement, 4),
                    value_at<std::string>(statement, 5), value_at<std::string>(statement, 6)});
  }
  return runs;
}

SettledRun settle(Write& write, const HeldRun& held, TimePoint now, const std::string& reason) {
  RunOutcome outcome;
  outcome.status = JobResultStatus::kFailure;
  outcome.reason_code = "worker_lost";
  outcome.reason = reason;
  RunWriter run(write.db, held.number, held.place);
  run.add_log(now, "failure", reason);
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
