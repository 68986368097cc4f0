#include "storage/conformance/conformance.h"

namespace windlass::conformance {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

namespace {

using std::chrono::days;
using std::chrono::minutes;

std::vector<std::int64_t> numbers_of(const std::vector<JobResult>& results) {
  std::vector<std::int64_t> numbers;
  for (const JobResult& result : results) numbers.push_back(result.number);
  return numbers;
}

}  // namespace

std::int64_t FiguresConformance::run(const Job& job, JobResultStatus status) {
  enqueue(job);
  const auto claimed = claim(worker_);
  return finish(worker_, claimed.at(0), status).number;
}

std::vector<std::vector<std::int64_t>> FiguresConformance::ended() {
  std::vector<std::vector<std::int64_t>> rows;
  const auto told = storage().results().ended(begin_, begin_ + days(2));
  for (const EndedRuns& row : told.value()) {
    rows.push_back({(row.from - begin_) / minutes(15), row.success, row.failure, row.revoked});
  }
  return rows;
}

std::vector<std::pair<std::string, std::int64_t>> FiguresConformance::loads(TimePoint from) {
  std::vector<std::pair<std::string, std::int64_t>> loads;
  const auto told = storage().results().busiest_jobs(from, 8);
  for (const JobLoad& load : told.value()) {
    loads.emplace_back(storage().jobs().get(load.job)->name, load.runs);
  }
  return loads;
}

TEST_P(FiguresConformance, EndedRunsAreCountedAQuarterOfAnHour) {
  const Job job = add_job();
  enqueue(job);  // what waits is not counted
  run(job, JobResultStatus::kSuccess);
  run(job, JobResultStatus::kFailure);
  clock().advance(minutes(15) - Micros(1));
  run(job, JobResultStatus::kSuccess);
  clock().advance(Micros(1));
  run(job, JobResultStatus::kRevoked);
  EXPECT_THAT(ended(), ElementsAre(ElementsAre(0, 2, 1, 0), ElementsAre(1, 0, 0, 1)));
  EXPECT_THAT(storage().results().ended(begin_ + minutes(30), begin_ + days(1)).value(), IsEmpty());
}

TEST_P(FiguresConformance, DeletedRunsAreNotCounted) {
  const Job job = add_job();
  const std::int64_t number = run(job, JobResultStatus::kSuccess);
  run(job, JobResultStatus::kFailure);
  const Uuid id = storage().results().get_by_number(number)->id;
  ASSERT_TRUE(storage().results().remove(id).ok());
  EXPECT_THAT(ended(), ElementsAre(ElementsAre(0, 0, 1, 0)));
  EXPECT_THAT(loads(begin_), ElementsAre(Pair("Report", 1)));
}

TEST_P(FiguresConformance, TheBusiestJobsComeFirst) {
  const Job one = add_job("One");
  const Job two = add_job("Two");
  run(one, JobResultStatus::kSuccess);
  clock().advance(days(1));
  run(two, JobResultStatus::kSuccess);
  run(two, JobResultStatus::kFailure);
  EXPECT_THAT(loads(begin_), ElementsAre(Pair("Two", 2), Pair("One", 1)));
  EXPECT_THAT(loads(begin_ + days(1)), ElementsAre(Pair("Two", 2)));
  EXPECT_EQ(storage().results().busiest_jobs(begin_, 1)->size(), 1u);
  EXPECT_EQ(storage().results().busiest_jobs(begin_, 1)->front().failures, 1);
  ASSERT_TRUE(storage().jobs().remove(two.id).ok());
  EXPECT_THAT(loads(begin_), ElementsAre(Pair("One", 1))) << "a deleted job is busy no more";
}

TEST_P(FiguresConformance, FailuresAreFoundAmongOtherRuns) {
  const Job job = add_job();
  const std::int64_t old = run(job, JobResultStatus::kFailure);
  clock().advance(minutes(1));
  const std::int64_t second = run(job, JobResultStatus::kFailure);
  clock().advance(minutes(1));
  run(job, JobResultStatus::kSuccess);
  const std::int64_t third = run(job, JobResultStatus::kFailure);
  auto& results = storage().results();
  EXPECT_THAT(numbers_of(results.newest_failures(begin_ + minutes(1), 20).value()),
              ElementsAre(third, second));
  EXPECT_THAT(numbers_of(results.newest_failures(begin_, 1).value()), ElementsAre(third));
  EXPECT_THAT(numbers_of(results.ended_between(begin_, begin_ + minutes(2), 20).value()),
              ElementsAre(second, old));
  EXPECT_EQ(results.ended_between(begin_, begin_ + days(1), 2)->size(), 2u);
}

TEST_P(FiguresConformance, RunsUnderWayAreCountedByQueueAndWorker) {
  const Job job = add_job();
  for (int i = 0; i < 3; ++i) enqueue(job);
  claim(worker_, 2);
  const auto counts = storage().results().counts().value();
  EXPECT_THAT(counts.waiting_by_queue, ElementsAre(Pair("default", 1)));
  EXPECT_THAT(counts.running_by_queue, ElementsAre(Pair("default", 2)));
  EXPECT_THAT(counts.running_by_worker, ElementsAre(Pair(worker_.id, 2)));
}

}  // namespace windlass::conformance
