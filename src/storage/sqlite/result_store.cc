#include "storage/sqlite/result_store.h"

#include "embedded_queries.h"
#include "storage/sqlite/input_rows.h"
#include "storage/sqlite/result_rows.h"
#include "storage/sqlite/run_writes.h"

namespace windlass::sqlite {

namespace {

/// Events that are deleted a transaction: short enough for other writers not to wait long.
constexpr std::int64_t kDeletedAtOnce = 5000;

Error not_found(const std::string& what) {
  return {"job_result.not_found", "There is no job result " + what + "."};
}

/// What must be known of a result before it changes.
struct RunState {
  RunPlace place;
  std::int64_t number = 0;
  JobResultStatus status = JobResultStatus::kPending;
  bool cancel_requested = false;
};

std::optional<RunState> find_state(Connection& db, const Uuid& id) {
  Prepared find = db.prepare(sql::kFindRunState);
  put(*find, 1, id);
  if (!find->executeStep()) return std::nullopt;
  return RunState{read_place(*find), value_at<std::int64_t>(*find, 4),
                  value_at<JobResultStatus>(*find, 5), value_at<bool>(*find, 6)};
}

void mark_cancelled(Connection& db, std::int64_t number, TimePoint now, const std::string& by) {
  Prepared mark = db.prepare(sql::kMarkCancel);
  mark->bind(1, number);
  put(*mark, 2, now);
  put(*mark, 3, by);
  mark->exec();
}

void revoke_waiting(Connection& db, const RunState& state, TimePoint now, const std::string& by) {
  RunWriter run(db, state.number, state.place);
  RunOutcome outcome;
  outcome.status = JobResultStatus::kRevoked;
  outcome.reason_code = "cancelled";
  outcome.reason = "Cancelled by " + by + ".";
  run.add_log(now, "failure", outcome.reason);
  run.finish(outcome, now);
}

}  // namespace

Result<std::vector<InputFile>> SqliteResultStore::input_files(std::int64_t number,
                                                              std::int64_t lease_token) {
  return readers_.read([&](Connection& db) -> Result<std::vector<InputFile>> {
    return read_input_files(db, number, lease_token);
  });
}

Result<std::int64_t> SqliteResultStore::reseal(
    const std::function<Result<std::string>(const std::string& sealed)>& change) {
  return writer_.run([&](Write& write) -> Result<std::int64_t> {
    WL_TRY(const std::int64_t inputs, reseal_inputs(write.db, change));
    WL_TRY(const std::int64_t files, reseal_files(write.db, change));
    return inputs + files;
  });
}

Result<JobResult> SqliteResultStore::get(const Uuid& id) {
  return readers_.read([&](Connection& db) -> Result<JobResult> {
    std::optional<JobResult> result = find_result(db, id);
    if (!result) return not_found(id.to_string());
    return *std::move(result);
  });
}

Result<JobResult> SqliteResultStore::get_by_number(std::int64_t number) {
  return readers_.read([&](Connection& db) -> Result<JobResult> {
    std::optional<JobResult> result = find_result(db, number);
    if (!result) return not_found("number " + std::to_string(number));
    return *std::move(result);
  });
}

Result<Page<JobResult>> SqliteResultStore::list(const Query& query) {
  return readers_.read([&](Connection& db) -> Result<Page<JobResult>> {
    WL_TRY(const CompiledQuery compiled, compile_query(query, listing_of<JobResult>()));
    Page<JobResult> page;
    page.count = count_results(db, query, compiled);
    WL_TRY(page.items, read_items<JobResult>(db, query));
    return page;
  });
}

Result<std::optional<JobResult>> SqliteResultStore::newest_of(const Uuid& git_repository,
                                                              std::string_view task_name) {
  return readers_.read([&](Connection& db) -> Result<std::optional<JobResult>> {
    Prepared find = db.prepare("SELECT " + column_list<JobResult>() + " FROM job_result " +
                               sql::kNewestOfRepository);
    put(*find, 1, git_repository);
    find->bind(2, std::string(task_name));
    if (!find->executeStep()) return std::optional<JobResult>();
    return std::optional<JobResult>(read_row<JobResult>(*find));
  });
}

Result<std::vector<Uuid>> SqliteResultStore::idle_of_repositories(std::string_view task_name,
                                                                  std::int64_t keep,
                                                                  std::int64_t limit) {
  return readers_.read([&](Connection& db) -> Result<std::vector<Uuid>> {
    Prepared find = db.prepare(sql::kIdleOfRepositories);
    find->bind(1, std::string(task_name));
    find->bind(2, keep);
    find->bind(3, limit);
    std::vector<Uuid> idle;
    while (find->executeStep()) idle.push_back(value_at<Uuid>(*find, 0));
    return idle;
  });
}

Result<JobResult> SqliteResultStore::request_cancel(const Uuid& id, const std::string& by) {
  return writer_.run([&](Write& write) -> Result<JobResult> {
    const std::optional<RunState> state = find_state(write.db, id);
    if (!state) return not_found(id.to_string());
    if (!is_final(state->status)) {
      const TimePoint now = clock_.now();
      if (!state->cancel_requested) mark_cancelled(write.db, state->number, now, by);
      if (state->status == JobResultStatus::kStarted) {
        write.notice(Notice::Kind::kCancel, state->number);
      } else {
        revoke_waiting(write.db, *state, now, by);
      }
      write.notice(Notice::Kind::kResult, state->number);
    }
    return *find_result(write.db, state->number);
  });
}

Result<void> SqliteResultStore::remove(const Uuid& id) {
  WL_TRY(const JobResult result, get(id));
  if (!is_final(result.status)) {
    return Error{"job_result.not_final",
                 "The run has not ended; cancel it first and delete its result afterwards."};
  }
  WL_TRY_VOID(remove_files_(id));
  bool more = true;
  while (more) {
    WL_TRY(more, writer_.run([&](Write& write) -> Result<bool> {
      Prepared events = write.db.prepare(sql::kDeleteSomeEvents);
      events->bind(1, result.number);
      events->bind(2, kDeletedAtOnce);
      if (events.run() == kDeletedAtOnce) return true;
      Prepared row = write.db.prepare(sql::kDeleteResult);
      row->bind(1, result.number);
      row.run();
      write.notice(Notice::Kind::kResult, result.number);
      return false;
    }));
  }
  return ok();
}

}  // namespace windlass::sqlite
