#include "worker/worker_fixture.h"

namespace windlass::worker {
namespace {

using runner::FakeRun;
using runner::RunEnd;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

RunEnd asks_again(double countdown) {
  RunEnd end;
  end.how = RunEnd::How::kResult;
  end.result = {{"type", "result"},
                {"status", "RETRY"},
                {"reason", "retry"},
                {"countdown", countdown},
                {"result", {{"exc_type", "ConnectionError"}, {"exc_message", "no route"}}},
                {"traceback", "Traceback: no route"}};
  return end;
}

class RetryTest : public WorkerTest {
 protected:
  RetryTest() { runs_wait(); }
  bool waits(const JobResult& run) {
    return changes.wait([&] { return read(run).status == JobResultStatus::kRetry; });
  }
  /// Moves the clock, and has the worker look at it.
  void advance(Micros by) {
    clock.advance(by);
    nudge();
  }
  void change_job(const std::function<void(Job&)>& change) {
    storage->jobs()
        .modify(job.id,
                [&](Job& record) -> Result<void> {
                  change(record);
                  return ok();
                })
        .value();
  }
};

TEST_F(RetryTest, ARunThatAsksForItHasAnotherAttemptInTime) {
  options.poll = std::chrono::hours(1);  // only the retry's own time brings the claim
  options.lease = std::chrono::hours(4);
  start_worker();
  const JobResult run = enqueue({{"text", "hi"}});
  runner.wait_for_run(0).end(asks_again(90));
  ASSERT_TRUE(waits(run));
  const JobResult between = read(run);
  EXPECT_EQ(between.retry_at, clock.now() + std::chrono::seconds(90));
  EXPECT_EQ(between.reason,
            "The job asked for another attempt, due in 90 s: ConnectionError: no route.");
  EXPECT_TRUE(between.result.is_null());
  EXPECT_EQ(runner.started(), 1u);
  advance(std::chrono::seconds(91));
  ASSERT_TRUE(wait_started(2));
  FakeRun& second = runner.wait_for_run(1);
  EXPECT_EQ(second.spec().frame.at("attempt"), 2);
  EXPECT_EQ(to_text(second.spec().frame.at("inputs")), R"({"text":"hi"})");
  second.succeed("done");
  EXPECT_EQ(finished(run).status, JobResultStatus::kSuccess);
  const auto entries = events(run, {EventKind::kLog});
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[1].level, "warning");
  EXPECT_EQ(entries[1].grouping, "post_run");
  EXPECT_EQ(entries[1].attempt, 1);
  EXPECT_THAT(entries[1].message, AllOf(HasSubstr("no route"), HasSubstr("Traceback: no route")));
  EXPECT_EQ(entries[2].message, "Running job");
  EXPECT_EQ(entries[2].attempt, 2);
}

TEST_F(RetryTest, ACancelThatCameMeanwhileWins) {
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  troubled.troubled.hold();
  storage->results().request_cancel(run.id, "admin").value();
  the_run().end(asks_again(0));
  troubled.troubled.let_go();
  const JobResult result = finished(run);
  EXPECT_EQ(result.status, JobResultStatus::kRevoked);
  EXPECT_EQ(result.reason, "Cancelled by admin.");
  EXPECT_EQ(runner.started(), 1u);
}

TEST_F(RetryTest, ALostInterpreterIsTriedAgainWhereTheJobDeclaresIt) {
  change_job([](Job& record) {
    record.max_retries = 1;
    record.retry_delay = 0;
  });
  start_worker();
  const JobResult run = enqueue();
  RunEnd lost;
  lost.how = RunEnd::How::kRunnerLost;
  runner.wait_for_run(0).end(lost);
  ASSERT_TRUE(wait_started(2));
  runner.wait_for_run(1).end(lost);
  const JobResult result = finished(run);
  EXPECT_EQ(result.attempt, 2);
  EXPECT_EQ(result.reason_code, "runner_lost");
  EXPECT_THAT(log_of(run)[1], HasSubstr("warning post_run: The interpreter"));
}

TEST_F(RetryTest, AWorkerThatWasLostMayTakeUpARunWhoseOldAttemptStillDies) {
  change_job([](Job& record) {
    record.max_retries = 1;
    record.retry_delay = 0;
  });
  runner.on_stop(nullptr);
  start_worker();
  const JobResult run = enqueue();
  FakeRun& first = runner.wait_for_run(0);
  storage->results().settle_worker(options.record.id, "Its worker is gone.").value();
  ASSERT_TRUE(waits(run));
  first.log("info", "still here");
  ASSERT_TRUE(changes.wait([&] {
    advance(std::chrono::milliseconds(50));
    return runner.started() == 2;
  }));
  FakeRun& second = runner.wait_for_run(1);
  EXPECT_EQ(worker->running(), 2u);
  first.be_killed();
  second.succeed();
  const JobResult result = finished(run);
  EXPECT_EQ(result.status, JobResultStatus::kSuccess);
  EXPECT_EQ(result.attempt, 2);
}

TEST_F(RetryTest, TheOneRunOfALocalWorkerIsTriedAgainBeforeItEnds) {
  queue = "local:1";
  options.record.queues = json::array{queue};
  const JobResult run = enqueue();
  options.once = true;
  options.only = run.number;
  start_worker();
  runner.wait_for_run(0).end(asks_again(0));
  ASSERT_TRUE(wait_started(2));
  runner.wait_for_run(1).succeed();
  EXPECT_EQ(finished(run).status, JobResultStatus::kSuccess);
  worker->wait();
}

TEST_F(RetryTest, ALocalWorkerEndsWhenItsRunIsCancelledBetweenAttempts) {
  queue = "local:1";
  options.record.queues = json::array{queue};
  const JobResult run = enqueue();
  options.once = true;
  options.only = run.number;
  start_worker();
  runner.wait_for_run(0).end(asks_again(3600));
  ASSERT_TRUE(waits(run));
  storage->results().request_cancel(run.id, "admin").value();
  advance(options.poll);
  worker->wait();
  EXPECT_EQ(read(run).status, JobResultStatus::kRevoked);
}

TEST_F(RetryTest, OfTwoSingletonRunsClaimedTogetherOneRuns) {
  change_job([](Job& record) { record.is_singleton = true; });
  const JobResult first = enqueue();
  const JobResult second = enqueue();
  start_worker();
  const JobResult refused = finished(second);
  EXPECT_EQ(refused.status, JobResultStatus::kFailure);
  EXPECT_EQ(refused.reason_code, "singleton");
  EXPECT_THAT(refused.reason,
              AllOf(HasSubstr(first.id.to_string()), HasSubstr("ignore_singleton_lock")));
  EXPECT_THAT(log_of(second), ElementsAre("failure post_run: " + refused.reason));
  the_run().succeed();
  EXPECT_EQ(finished(first).status, JobResultStatus::kSuccess);
  EXPECT_EQ(runner.started(), 1u);
}

TEST_F(RetryTest, UploadedFilesReachTheRun) {
  NewRun run;
  run.id = new_id(clock.now());
  run.job = job.id;
  run.name = job.name;
  run.task_name = job.class_path;
  run.queue = queue;
  run.task_kwargs = json::object{{"table", nullptr}};
  run.files = {{"table", "t.csv", false, "a,b"}, {"cert", "c.pem", true, key.seal("inside")}};
  start_worker();
  const JobResult queued = storage->results().enqueue(run).value();
  FakeRun& started = runner.wait_for_run(0);
  const json::value& inputs = started.spec().frame.at("inputs");
  ASSERT_EQ(started.spec().files.size(), 2u);
  const auto read = [&](const char* field) {
    const auto place = static_cast<std::size_t>(get_int(*find(inputs, field), "descriptor"));
    return read_all(started.spec().files.at(place).get(), field, 100).value();
  };
  EXPECT_EQ(read("table"), "a,b");
  EXPECT_EQ(read("cert"), "inside");
  started.succeed();
  EXPECT_EQ(finished(queued).status, JobResultStatus::kSuccess);
}

TEST_F(RetryTest, FilesThatCannotBeOpenedEndTheRunUnstarted) {
  NewRun run;
  run.id = new_id(clock.now());
  run.job = job.id;
  run.name = job.name;
  run.task_name = job.class_path;
  run.queue = queue;
  run.files = {{"cert", "c.pem", true, "0123456789abcdef:AAAA"}};
  start_worker();
  const JobResult result = finished(storage->results().enqueue(run).value());
  EXPECT_EQ(result.reason_code, "inputs_unreadable");
  EXPECT_EQ(runner.started(), 0u);
}

}  // namespace
}  // namespace windlass::worker
