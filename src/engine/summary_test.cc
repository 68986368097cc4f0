#include "engine/summary.h"

#include <gtest/gtest.h>

#include "engine/test_home.h"

namespace windlass::engine {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

class SummaryTest : public testing::Test {
 protected:
  JobResult enqueue(const std::string& queue = "default") {
    NewRun run;
    run.id = new_id(clock_.now());
    run.job = job_.id;
    run.name = job_.name;
    run.task_name = job_.class_path;
    run.queue = queue;
    return home_.storage().results().enqueue(run).value();
  }
  ClaimedRun claim() {
    WorkRequest request;
    request.worker = worker_.id;
    request.worker_name = worker_.name;
    request.claim_limit = 1;
    request.renew = true;
    request.queues = {"default"};
    return home_.storage().results().exchange(request)->claimed.at(0);
  }
  /// A run that ends after `seconds`.
  void run(JobResultStatus status, std::int64_t seconds = 1) {
    enqueue();
    const ClaimedRun claimed = claim();
    clock_.advance(std::chrono::seconds(seconds));
    WorkRequest request;
    request.worker = worker_.id;
    request.worker_name = worker_.name;
    request.renew = true;
    RunWrite write;
    write.number = claimed.result.number;
    write.lease_token = claimed.lease_token;
    write.outcome.emplace();
    write.outcome->status = status;
    request.writes.push_back(std::move(write));
    ASSERT_TRUE(home_.storage().results().exchange(request)->lost.empty());
  }
  Summary look(SummaryRequest request = {}) {
    return summarise(home_.storage(), request, clock_.now()).value();
  }

  FakeClock clock_{TimePoint(std::chrono::ceil<days>(FakeClock().now()))};  // a day's beginning
  TestHome home_{clock_};
  Job job_ = [this] {
    Job job;
    job.name = "Report";
    return home_.add_job(job);
  }();
  Worker worker_ = home_.add_worker({"default"});
};

TEST_F(SummaryTest, OfNothingIsEmptyButForTheDays) {
  const Summary summary = look();
  EXPECT_TRUE(summary.running.empty());
  EXPECT_TRUE(summary.busiest_jobs.empty());
  ASSERT_EQ(summary.days.size(), 14u);
  EXPECT_EQ(summary.days.back().success, 0);
  EXPECT_EQ(summary.workers.size(), 1u);
}

TEST_F(SummaryTest, TellsWhatRunsAndWhatWaitsAndWhy) {
  enqueue();
  enqueue();
  enqueue();
  const JobResult elsewhere = enqueue("slow");
  claim();
  claim();
  const Summary summary = look();
  EXPECT_EQ(summary.running_count, 2);
  EXPECT_EQ(summary.running.size(), 2u);
  EXPECT_EQ(summary.waiting_count, 2);
  ASSERT_EQ(summary.waiting.size(), 2u);
  EXPECT_EQ(summary.waiting[0].reason, "All workers of its queue are busy (2 of 2 slots).");
  EXPECT_EQ(summary.waiting[1].run.id, elsewhere.id);
  EXPECT_EQ(summary.waiting[1].reason,
            "No worker serves the queue \"slow\". Start one with `windlass worker --queue slow`.");
  ASSERT_FALSE(summary.queues.empty());
  EXPECT_EQ(summary.queues[0].queue.name, "default");
  EXPECT_EQ(summary.queues[0].waiting, 1);
  EXPECT_EQ(summary.queues[0].running, 2);
  EXPECT_EQ(summary.queues[0].workers, 1);
  ASSERT_EQ(summary.workers.size(), 1u);
  EXPECT_EQ(summary.workers[0].running, 2);
}

TEST_F(SummaryTest, CountsAndListsTheFailuresOfADay) {
  run(JobResultStatus::kFailure);
  run(JobResultStatus::kSuccess);
  for (int i = 0; i < 21; ++i) run(JobResultStatus::kFailure);
  Summary summary = look();
  EXPECT_EQ(summary.failure_count, 22);
  EXPECT_EQ(static_cast<std::int64_t>(summary.failures.size()), Summary::kFailuresListed);
  clock_.advance(hours(24) + minutes(15));
  summary = look();
  EXPECT_EQ(summary.failure_count, 0);
  EXPECT_TRUE(summary.failures.empty());
}

TEST_F(SummaryTest, DaysAreThoseOfTheLocalClock) {
  clock_.advance(hours(23) + minutes(40));
  run(JobResultStatus::kSuccess);
  SummaryRequest request;
  request.days = 2;
  const Summary utc = look(request);
  EXPECT_EQ(utc.days[1].success, 1);
  request.utc_offset = minutes(-60 * 5 - 45);
  EXPECT_EQ(look(request).days[1].date, utc.days[1].date);
  EXPECT_EQ(look(request).days[1].success, 1);
  request.utc_offset = minutes(30);
  const Summary ahead = look(request);
  EXPECT_EQ(ahead.days[1].success, 1) << "half past midnight of the next day";
  EXPECT_EQ(std::chrono::sys_days(ahead.days[1].date) - std::chrono::sys_days(utc.days[1].date),
            days(1));
  clock_.advance(days(1));
  request.utc_offset = minutes(0);
  EXPECT_EQ(look(request).days[0].success, 1);
}

TEST_F(SummaryTest, TheBusiestJobsHaveAMedian) {
  for (const int seconds : {1, 7, 2}) run(JobResultStatus::kSuccess, seconds);
  run(JobResultStatus::kFailure, 5);
  const Summary summary = look();
  ASSERT_EQ(summary.busiest_jobs.size(), 1u);
  EXPECT_EQ(summary.busiest_jobs[0].job.id, job_.id);
  EXPECT_EQ(summary.busiest_jobs[0].runs, 4);
  EXPECT_EQ(summary.busiest_jobs[0].failures, 1);
  EXPECT_EQ(summary.busiest_jobs[0].median_duration, 2.0);
  clock_.advance(days(7));
  EXPECT_TRUE(look().busiest_jobs.empty());
}

}  // namespace
}  // namespace windlass::engine
