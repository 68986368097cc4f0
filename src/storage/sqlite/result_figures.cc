#include "embedded_queries.h"
#include "storage/sqlite/result_store.h"
#include "storage/sqlite/rows.h"

namespace windlass::sqlite {

namespace {

/// In the order of JobResultStatus, as count_by_status answers.
constexpr int kStatusCount = 6;
constexpr std::int64_t kQuarter = 900'000'000;  ///< microseconds
constexpr std::int64_t kDay = 86'400'000'000;

/// Pairs of a key and a number.
template <class Key>
std::vector<std::pair<Key, std::int64_t>> read_numbers(Connection& db, const char* sql) {
  std::vector<std::pair<Key, std::int64_t>> numbers;
  Prepared statement = db.prepare(sql);
  while (statement->executeStep()) {
    numbers.emplace_back(value_at<Key>(*statement, 0), value_at<std::int64_t>(*statement, 1));
  }
  return numbers;
}

/// Whole results of "SELECT … FROM job_result" and what follows, whose places are `bounds`.
std::vector<JobResult> read_results(Connection& db, const char* rest,
                                    const std::vector<std::int64_t>& bounds) {
  Prepared statement =
      db.prepare("SELECT " + column_list<JobResult>() + " FROM job_result " + rest);
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    statement->bind(static_cast<int>(i + 1), bounds[i]);
  }
  std::vector<JobResult> results;
  while (statement->executeStep()) results.push_back(read_row<JobResult>(*statement));
  return results;
}

}  // namespace

Result<ResultStore::Counts> SqliteResultStore::counts() {
  return readers_.read([&](Connection& db) -> Result<Counts> {
    Counts counts;
    Prepared by_status = db.prepare(sql::kCountByStatus);
    const bool any = by_status->executeStep();
    for (int i = 0; i < kStatusCount; ++i) {
      counts.by_status.emplace_back(static_cast<JobResultStatus>(i),
                                    any ? value_at<std::int64_t>(*by_status, i) : 0);
    }
    counts.waiting_by_queue = read_numbers<std::string>(db, sql::kWaitingByQueue);
    counts.running_by_queue = read_numbers<std::string>(db, sql::kRunningByQueue);
    counts.running_by_worker = read_numbers<Uuid>(db, sql::kRunningByWorker);
    return counts;
  });
}

Result<std::vector<EndedRuns>> SqliteResultStore::ended(TimePoint from, TimePoint to) {
  return readers_.read([&](Connection& db) -> Result<std::vector<EndedRuns>> {
    std::vector<EndedRuns> ended;
    Prepared look = db.prepare(sql::kEndedRuns);
    look->bind(1, to_micros(from) / kQuarter);
    look->bind(2, to_micros(to) / kQuarter);
    while (look->executeStep()) {
      ended.push_back({from_micros(value_at<std::int64_t>(*look, 0) * kQuarter),
                       value_at<std::int64_t>(*look, 1), value_at<std::int64_t>(*look, 2),
                       value_at<std::int64_t>(*look, 3)});
    }
    return ended;
  });
}

Result<std::vector<JobLoad>> SqliteResultStore::busiest_jobs(TimePoint from, std::int64_t limit) {
  return readers_.read([&](Connection& db) -> Result<std::vector<JobLoad>> {
    std::vector<JobLoad> loads;
    Prepared look = db.prepare(sql::kBusiestJobs);
    look->bind(1, to_micros(from) / kDay);
    look->bind(2, limit);
    while (look->executeStep()) {
      loads.push_back({value_at<Uuid>(*look, 0), value_at<std::int64_t>(*look, 1),
                       value_at<std::int64_t>(*look, 2)});
    }
    return loads;
  });
}

Result<std::vector<JobResult>> SqliteResultStore::newest_failures(TimePoint from,
                                                                  std::int64_t limit) {
  return readers_.read([&](Connection& db) -> Result<std::vector<JobResult>> {
    return read_results(db, sql::kNewestFailures, {to_micros(from), limit});
  });
}

Result<std::vector<JobResult>> SqliteResultStore::ended_between(TimePoint from, TimePoint to,
                                                                std::int64_t limit) {
  return readers_.read([&](Connection& db) -> Result<std::vector<JobResult>> {
    return read_results(db, sql::kEndedBetween, {to_micros(from), to_micros(to), limit});
  });
}

}  // namespace windlass::sqlite
