#include <thread>

#include "worker/worker_fixture.h"

namespace windlass::worker {
namespace {

using runner::FakeRun;
using runner::StopReason;
using ::testing::ElementsAre;

class DrainTest : public WorkerTest {
 protected:
  std::string state() {
    const Page<Worker> workers = storage->workers().list({}).value();
    for (const Worker& it : workers.items) {
      if (it.id == options.record.id) return it.state;
    }
    return "";
  }
};

TEST_F(DrainTest, RunsMayFinishAndNothingMoreIsClaimed) {
  options.record.slots = 1;
  runs_wait();
  start_worker();
  EXPECT_EQ(state(), "ready");
  const JobResult first = enqueue();
  ASSERT_TRUE(wait_started(1));
  worker->request_stop();
  ASSERT_TRUE(changes.wait([&] {
    nudge();
    return state() == "draining";
  }));
  const JobResult second = enqueue();
  EXPECT_EQ(worker->running(), 1U);
  FakeRun& run = the_run();
  EXPECT_TRUE(run.stops().empty());
  run.succeed();
  worker->wait();
  EXPECT_EQ(worker->running(), 0U);
  EXPECT_EQ(read(first).status, JobResultStatus::kSuccess);
  EXPECT_EQ(read(second).status, JobResultStatus::kPending);
  EXPECT_EQ(state(), "stopped");
}

TEST_F(DrainTest, AfterTheTimeoutRunsAreStoppedSoftly) {
  options.drain_timeout = std::chrono::milliseconds(1);
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  worker->request_stop();
  worker->wait();
  const JobResult result = read(run);
  EXPECT_EQ(result.status, JobResultStatus::kRevoked);
  EXPECT_EQ(result.reason_code, "drain_timeout");
  EXPECT_EQ(result.reason, "The worker was stopped and the run did not end within 0.001 s.");
  EXPECT_EQ(log_of(run).back(), "warning post_run: " + result.reason);
}

TEST_F(DrainTest, TwiceMeansNow) {
  runs_wait();
  runner.on_stop([](FakeRun& run) {
    if (!run.kills().empty()) run.be_killed();
  });
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  worker->request_stop();
  worker->request_stop();
  worker->wait();
  EXPECT_EQ(read(run).status, JobResultStatus::kRevoked);
  EXPECT_EQ(read(run).reason, "The worker was stopped at once.");
}

TEST_F(DrainTest, AnyOrderOfCallsIsFine) {
  start_worker();
  worker->stop();
  worker->stop();
  worker->wait();

  JobWorker unstarted(options, loop, runner, troubled, key, clock);
  unstarted.wait();
  unstarted.request_stop();
  unstarted.wait();
  EXPECT_TRUE(unstarted.start().ok());
  unstarted.wait();

  options.record.id = new_id(clock.now());
  JobWorker another(options, loop, runner, troubled, key, clock);
  ASSERT_TRUE(another.start().ok());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { another.stop(); });
  threads.clear();
  EXPECT_EQ(state(), "stopped");
}

TEST_F(DrainTest, StartingAndStoppingUnderLoadLeavesNoRunUnfinished) {
  runs_wait();
  for (int round = 0; round < 20; ++round) {
    options.record.id = new_id(clock.now());
    std::vector<JobResult> queued{enqueue(), enqueue(), enqueue()};
    start_worker();
    if (round % 2) worker->request_stop();
    worker->request_stop();
    worker->request_stop();
    worker->wait();
    for (const JobResult& run : queued) EXPECT_NE(read(run).status, JobResultStatus::kStarted);
  }
}

TEST_F(DrainTest, AStorageThatIsGoneDoesNotKeepTheWorkerForEver) {
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  troubled.troubled.fail("storage.full");
  worker->request_stop();
  worker->request_stop();
  EXPECT_TRUE(changes.wait([&] {
    clock.advance(std::chrono::seconds(1));
    nudge();
    return worker->running() == 0;
  }));
  std::jthread waiting([&] { worker->wait(); });
  EXPECT_TRUE(changes.wait([&] {
    clock.advance(std::chrono::seconds(1));
    nudge();
    return state() == "stopped";
  }));
  waiting.join();
  EXPECT_EQ(read(run).status,
            JobResultStatus::kStarted);  // its lease runs out, and others settle it
}

class OnceTest : public WorkerTest {
 protected:
  OnceTest() {
    queue = "local:1";
    options.record.queues = json::array{queue};
    options.record.slots = 1;
    options.once = true;
  }
};

TEST_F(OnceTest, EndsAfterItsRun) {
  const JobResult run = enqueue();
  options.only = run.number;
  start_worker();
  worker->wait();
  EXPECT_EQ(read(run).status, JobResultStatus::kSuccess);
}

TEST_F(OnceTest, AnEarlierRunOfAKilledCommandIsEndedUnstarted) {
  const JobResult stale = enqueue();
  const JobResult run = enqueue();
  options.only = run.number;
  start_worker();
  worker->wait();
  EXPECT_EQ(read(stale).reason_code, "worker_lost");
  EXPECT_EQ(read(run).status, JobResultStatus::kSuccess);
  EXPECT_EQ(runner.started(), 1U);
}

TEST_F(OnceTest, EndsWhenItsRunWasCancelledBeforeIt) {
  const JobResult run = enqueue();
  storage->results().request_cancel(run.id, "admin").value();
  options.only = run.number;
  start_worker();
  worker->wait();
  EXPECT_EQ(read(run).status, JobResultStatus::kRevoked);
}

}  // namespace
}  // namespace windlass::worker
