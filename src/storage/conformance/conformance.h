#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "storage/storage.h"

namespace windlass::conformance {

/// One database of the adapter under test, empty at first, deleted at the end.
class TestDatabase {
 public:
  virtual ~TestDatabase() = default;
  /// A storage as one more process would open it. `clock` outlives it.
  virtual Result<std::unique_ptr<Storage>> open(const Clock& clock) = 0;
  /// Runs SQL past the storage, on a connection of its own.
  virtual Result<void> execute(const std::string& sql) = 0;
  /// The first value of the first row, as text.
  virtual std::string look_up(const std::string& sql) = 0;
  /// Makes the next result's number the one after `number`.
  virtual Result<void> set_last_number(std::int64_t number) = 0;
};

using MakeDatabase = std::unique_ptr<TestDatabase> (*)();

/// The fixture of all suites: a migrated storage on a fresh database, with a clock that only moves
/// when told.
class Conformance : public testing::TestWithParam<MakeDatabase> {
 protected:
  Conformance();
  Storage& storage() { return *storage_; }
  TestDatabase& database() { return *database_; }
  FakeClock& clock() { return clock_; }
  /// Closes the storage and opens the database again.
  void reopen();

  Job add_job(const std::string& name = "Report");
  User add_user(const std::string& username = "ada");
  /// An alive worker that serves `queues`.
  Worker add_worker(const std::string& name = "host:1",
                    const std::vector<std::string>& queues = {"default"});
  JobResult enqueue(const Job& job, const std::string& queue = "default");
  JobResult enqueue(const NewRun& run) { return storage().results().enqueue(run).value(); }
  NewRun new_run(const Job& job, const std::string& queue = "default");
  /// Claims up to `limit` runs of the worker's queues.
  std::vector<ClaimedRun> claim(const Worker& worker, std::int64_t limit = 1);
  /// Exchanges one write; returns the reply.
  WorkReply write(const Worker& worker, RunWrite part);
  /// Ends a claimed run.
  JobResult finish(const Worker& worker, const ClaimedRun& run,
                   JobResultStatus status = JobResultStatus::kSuccess);
  JobResult reload(const JobResult& result) { return storage().results().get(result.id).value(); }

 private:
  FakeClock clock_;
  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Storage> storage_;
};

/// A write of this claimed run, without content yet.
RunWrite write_of(const ClaimedRun& run);
Event log_event(const std::string& message, const std::string& level = "info",
                const std::string& grouping = "run");
RunOutcome outcome_of(JobResultStatus status);

class JobsConformance : public Conformance {};
class QueueConformance : public Conformance {};
class StatesConformance : public Conformance {};
class LeaseConformance : public Conformance {};
class RetryConformance : public Conformance {
 protected:
  /// A job whose class declares further attempts.
  Job add_retrying_job(std::int64_t max_retries, double delay = 10, double backoff = 1);
  /// Ends a claimed run so that another attempt is due after `wait`.
  JobResult retry(const Worker& worker, const ClaimedRun& run, Micros wait);
};
class InputsConformance : public Conformance {};
class SingletonConformance : public Conformance {
 protected:
  Job add_singleton(const std::string& name = "Report");
};
class EventsConformance : public Conformance {};
class ListsConformance : public Conformance {
 protected:
  std::vector<std::int64_t> numbers(const Query& query);
  /// Compares with the plain answer; `all` are all results, newest first.
  void expect_counts(const std::vector<JobResult>& all);
  void expect_page(const Query& query, const std::vector<JobResult>& all);
};
class FiguresConformance : public Conformance {
 protected:
  /// Has a run end at once; its number.
  std::int64_t run(const Job& job, JobResultStatus status);
  /// {quarters since begin_, success, failure, revoked} of two days.
  std::vector<std::vector<std::int64_t>> ended();
  /// {name, runs} of the busiest jobs.
  std::vector<std::pair<std::string, std::int64_t>> loads(TimePoint from);

  /// The beginning of a day, where the clock is put.
  const TimePoint begin_ = [this] {
    const auto tomorrow = std::chrono::ceil<std::chrono::days>(clock().now());
    clock().advance(TimePoint(tomorrow) - clock().now());
    return TimePoint(tomorrow);
  }();
  const Worker worker_ = add_worker();
};
class FilesConformance : public Conformance {};
class GitRepositoriesConformance : public Conformance {
 protected:
  GitRepository add_repository(const std::string& name = "net");
};
class AccountsConformance : public Conformance {
 protected:
  /// A session of an hour.
  Session begin_session(const User& user, const std::string& key_hash);
};
class WorkersConformance : public Conformance {};
class NoticesConformance : public Conformance {};
class StandingConformance : public Conformance {};
class ConcurrencyConformance : public Conformance {};

/// Runs all suites on an adapter.
#define WL_CONFORMANCE(adapter, make_database)                                                   \
  namespace windlass::conformance {                                                              \
  INSTANTIATE_TEST_SUITE_P(adapter, JobsConformance, testing::Values(make_database));            \
  INSTANTIATE_TEST_SUITE_P(adapter, QueueConformance, testing::Values(make_database));           \
  INSTANTIATE_TEST_SUITE_P(adapter, StatesConformance, testing::Values(make_database));          \
  INSTANTIATE_TEST_SUITE_P(adapter, LeaseConformance, testing::Values(make_database));           \
  INSTANTIATE_TEST_SUITE_P(adapter, RetryConformance, testing::Values(make_database));           \
  INSTANTIATE_TEST_SUITE_P(adapter, InputsConformance, testing::Values(make_database));          \
  INSTANTIATE_TEST_SUITE_P(adapter, SingletonConformance, testing::Values(make_database));       \
  INSTANTIATE_TEST_SUITE_P(adapter, EventsConformance, testing::Values(make_database));          \
  INSTANTIATE_TEST_SUITE_P(adapter, ListsConformance, testing::Values(make_database));           \
  INSTANTIATE_TEST_SUITE_P(adapter, FiguresConformance, testing::Values(make_database));         \
  INSTANTIATE_TEST_SUITE_P(adapter, FilesConformance, testing::Values(make_database));           \
  INSTANTIATE_TEST_SUITE_P(adapter, GitRepositoriesConformance, testing::Values(make_database)); \
  INSTANTIATE_TEST_SUITE_P(adapter, AccountsConformance, testing::Values(make_database));        \
  INSTANTIATE_TEST_SUITE_P(adapter, WorkersConformance, testing::Values(make_database));         \
  INSTANTIATE_TEST_SUITE_P(adapter, NoticesConformance, testing::Values(make_database));         \
  INSTANTIATE_TEST_SUITE_P(adapter, StandingConformance, testing::Values(make_database));        \
  INSTANTIATE_TEST_SUITE_P(adapter, ConcurrencyConformance, testing::Values(make_database));     \
  }

}  // namespace windlass::conformance
