#include "storage/sqlite/run_writes.h"

#include "embedded_queries.h"

namespace windlass::sqlite {

RunPlace read_place(const SQLite::Statement& statement) {
  return {value_at<std::int64_t>(statement, 0), value_at<std::int64_t>(statement, 1),
          value_at<std::int64_t>(statement, 2), value_at<std::int64_t>(statement, 3)};
}

void RunWriter::add(const Event& event) {
  count(event);
  Prepared statement = db_.prepare(sql::kInsertEvent);
  statement->bind(1, number_);
  statement->bind(2, ++place_.last_sequence);
  statement->bind(3, static_cast<std::int64_t>(event.kind));
  statement->bind(4, place_.attempt);
  put(*statement, 5, event.created);
  put(*statement, 6, event.level);
  put(*statement, 7, event.grouping);
  put(*statement, 8, event.message);
  put(*statement, 9, event.log_object);
  put(*statement, 10, event.absolute_url);
  put(*statement, 11, event.data);
  statement->bind(12, place_.logs);
  statement->bind(13, place_.consoles);
  statement->exec();
  changed_ = true;
}

void RunWriter::count(const Event& event) {
  if (event.kind == EventKind::kConsole) {
    ++console_;
    ++place_.consoles;
  } else if (event.kind == EventKind::kLog) {
    const std::string_view counter = level_counter(event.level);
    ++(counter == "debug"     ? debug_
       : counter == "info"    ? info_
       : counter == "success" ? success_
       : counter == "warning" ? warning_
                              : error_);
    ++place_.logs;
  }
}

void RunWriter::add_log(TimePoint now, const std::string& level, const std::string& message) {
  Event event;
  event.kind = EventKind::kLog;
  event.created = now;
  event.level = level;
  event.grouping = "post_run";
  event.message = message;
  add(event);
}

void RunWriter::add_status(TimePoint now, JobResultStatus status, const std::string& reason) {
  Event event;
  event.kind = EventKind::kStatus;
  event.created = now;
  event.level = to_string(status);
  event.message = reason;
  add(event);
}

void RunWriter::bind_counters(SQLite::Statement& statement) {
  int index = 1;
  for (const std::int64_t value : {number_, place_.last_sequence, debug_, info_, success_, warning_,
                                   error_, console_, dropped_}) {
    statement.bind(index++, value);
  }
  put(statement, index++, progress_);
  put(statement, index, source_version_);
}

void RunWriter::store() {
  if (!changed_ && dropped_ == 0 && !progress_ && !source_version_) return;
  Prepared append = db_.prepare(sql::kAppendToRun);
  bind_counters(*append);
  append->exec();
}

bool RunWriter::keep_large(std::string_view field, const std::string& text) {
  if (static_cast<std::int64_t>(text.size()) <= kListValueLimit) return false;
  insert_large(db_, number_, {{std::string(field), text}});
  return true;
}

void RunWriter::finish(const RunOutcome& outcome, TimePoint now) {
  add_status(now, outcome.status, outcome.reason);
  const bool over = is_final(outcome.status);
  std::optional<std::string> result;
  if (over && !outcome.result.is_null()) result = to_text(outcome.result);
  if (result && keep_large("result", *result)) result.reset();
  std::optional<std::string> traceback;
  if (over) traceback = outcome.traceback;
  if (traceback && keep_large("traceback", *traceback)) traceback.reset();

  Prepared finish = db_.prepare(sql::kFinishRun);
  bind_counters(*finish);
  put(*finish, 12, outcome.status);
  put(*finish, 13, over ? std::optional(now) : std::nullopt);
  put(*finish, 14, result);
  put(*finish, 15, traceback);
  put(*finish, 16, outcome.reason_code);
  put(*finish, 17, outcome.reason);
  finish->bind(18, outcome.peak_memory);
  finish->bind(19, outcome.cpu_seconds);
  put(*finish, 20, over ? std::nullopt : std::optional(now + outcome.retry_after));
  finish->exec();

  Prepared end_lease = db_.prepare(sql::kDeleteLease);
  end_lease->bind(1, number_);
  end_lease->exec();
  if (!over) return;
  for (const char* statement : {sql::kDeleteInput, sql::kDeleteInputFiles}) {
    Prepared wipe = db_.prepare(statement);
    wipe->bind(1, number_);
    wipe->exec();
  }
}

void insert_large(Connection& db, std::int64_t number, const LargeValues& values) {
  for (const auto& [field, text] : values) {
    Prepared keep = db.prepare(sql::kInsertLarge);
    keep->bind(1, number);
    put(*keep, 2, field);
    put(*keep, 3, text);
    keep->exec();
  }
}

}  // namespace windlass::sqlite
