#pragma once

#include <optional>
#include <string>

#include "model/job_result.h"
#include "storage/results.h"
#include "storage/sqlite/rows.h"

namespace windlass::sqlite {

/// Where a result's events stand: what its row says before more are added.
struct RunPlace {
  std::int64_t attempt = 0;
  std::int64_t last_sequence = 0;
  std::int64_t logs = 0;
  std::int64_t consoles = 0;
};

/// Reads the first four columns of a statement that selects them in that order.
RunPlace read_place(const SQLite::Statement& statement);

/// Adds events to one result, in the transaction at hand: gives them sequence numbers, stores them,
/// and in the end writes the result's row once, with its counters and, when the attempt is over,
/// its outcome.
class RunWriter {
 public:
  RunWriter(Connection& db, std::int64_t number, const RunPlace& place)
      : db_(db), number_(number), place_(place) {}

  void add(const Event& event);
  /// An entry of grouping `post_run`.
  void add_log(TimePoint now, const std::string& level, const std::string& message);
  void add_status(TimePoint now, JobResultStatus status, const std::string& reason);
  void add_dropped(std::int64_t entries) { dropped_ += entries; }
  void set_progress(const json::value& progress) { progress_ = to_text(progress); }
  void set_source_version(const std::string& version) { source_version_ = version; }

  /// Writes the row, when anything was added.
  void store();
  /// Writes the row with the outcome, adds the status event, ends the lease, and wipes the inputs
  /// that are kept apart unless another attempt is due.
  void finish(const RunOutcome& outcome, TimePoint now);

 private:
  void count(const Event& event);
  void bind_counters(SQLite::Statement& statement);
  bool keep_large(std::string_view field, const std::string& text);

  Connection& db_;
  const std::int64_t number_;
  RunPlace place_;
  bool changed_ = false;
  std::int64_t debug_ = 0;
  std::int64_t info_ = 0;
  std::int64_t success_ = 0;
  std::int64_t warning_ = 0;
  std::int64_t error_ = 0;
  std::int64_t console_ = 0;
  std::int64_t dropped_ = 0;
  std::optional<std::string> progress_;
  std::optional<std::string> source_version_;
};

/// Keeps values of a new result that are too large for its row.
void insert_large(Connection& db, std::int64_t number, const LargeValues& values);

}  // namespace windlass::sqlite
