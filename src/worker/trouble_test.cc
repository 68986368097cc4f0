#include "worker/worker_fixture.h"

namespace windlass::worker {
namespace {

using runner::FakeRun;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Storage that fails, is slow, or says that runs are no longer the worker's.
class TroubleTest : public WorkerTest {
 protected:
  /// Makes the worker try again although the clock stands still.
  void pass_time(Micros by) {
    clock.advance(by);
    nudge();
  }
};

TEST_F(TroubleTest, WhatStorageDidNotTakeIsKeptInOrder) {
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  for (const char* code : {"storage.busy", "storage.full", "storage.failed"}) {
    troubled.troubled.fail(code);
    const std::size_t before = troubled.troubled.requests().size();
    FakeRun& started = the_run();
    for (int i = 0; i < 3; ++i) started.log("info", code + std::to_string(i));
    ASSERT_TRUE(changes.wait([&] {
      pass_time(std::chrono::milliseconds(50));
      return troubled.troubled.requests().size() > before + 2;
    }));
  }
  the_run().succeed();
  troubled.troubled.fail("");
  ASSERT_TRUE(changes.wait([&] {
    pass_time(std::chrono::milliseconds(50));
    return is_final(read(run).status);
  }));
  EXPECT_THAT(
      log_of(run),
      ElementsAre("info initialization: Running job", "info run: storage.busy0",
                  "info run: storage.busy1", "info run: storage.busy2", "info run: storage.full0",
                  "info run: storage.full1", "info run: storage.full2", "info run: storage.failed0",
                  "info run: storage.failed1", "info run: storage.failed2",
                  "success post_run: Job completed"));
}

TEST_F(TroubleTest, ClaimsGoOnAfterwards) {
  start_worker();
  troubled.troubled.fail("storage.busy");
  const JobResult run = enqueue();
  const std::size_t before = troubled.troubled.requests().size();
  ASSERT_TRUE(changes.wait([&] {
    pass_time(std::chrono::seconds(1));
    return troubled.troubled.requests().size() > before + 1;
  }));
  troubled.troubled.fail("");
  EXPECT_TRUE(changes.wait([&] {
    pass_time(std::chrono::seconds(1));
    return is_final(read(run).status);
  }));
}

TEST_F(TroubleTest, AFloodHoldsItsJobBackAndNothingIsLost) {
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  troubled.troubled.hold();
  const std::string text(10'000, 'x');
  int written = 0;
  while (!the_run().is_paused() && written < 10'000) {
    the_run().log("info", text);
    ++written;
  }
  EXPECT_GT(written, 50);
  EXPECT_LT(written, 200) << "about a mebibyte may wait";
  troubled.troubled.let_go();
  EXPECT_TRUE(runner.wait_until([&] { return !the_run().is_paused(); }));
  the_run().succeed();
  finished(run);
  EXPECT_EQ(log_of(run).size(), static_cast<std::size_t>(written) + 2);
}

TEST_F(TroubleTest, AFloodDoesNotDelayTheOutcomeOfAnotherRun) {
  runs_wait();
  start_worker();
  const JobResult flood = enqueue();
  const JobResult quick = enqueue();
  ASSERT_TRUE(wait_started(2));
  troubled.troubled.hold();
  const auto before = troubled.troubled.requests().size();
  FakeRun& noisy = the_run();
  FakeRun& other = runner.wait_for_run(1);
  for (int i = 0; i < 20'000; ++i) noisy.log("info", "line");
  other.succeed();
  troubled.troubled.let_go();
  finished(quick);
  std::size_t brought = 0;
  const auto requests = troubled.troubled.requests();
  for (std::size_t i = before; i < requests.size(); ++i) {
    bool has_outcome = false;
    for (const RunWrite& write : requests[i].writes) {
      brought += write.events.size();
      has_outcome = has_outcome || write.outcome;
    }
    if (has_outcome) break;
  }
  EXPECT_LT(brought, 10'000U);
  the_run().succeed();
  finished(flood);
  EXPECT_EQ(log_of(flood).size(), 20'002U);
}

TEST_F(TroubleTest, ALostWorkerEndsItsRunsAndRegistersAgain) {
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  // Nothing of the run is on its way any more: the next entry is what the worker learns it by.
  ASSERT_TRUE(changes.wait([&] { return log_of(run).size() == 1; }));
  storage->results().settle_worker(options.record.id, "Its worker is gone.").value();
  the_run().log("info", "still here");
  ASSERT_TRUE(runner.wait_until([&] { return runner.active() == 0; }));
  runner.on_start([](FakeRun& started) { started.succeed(); });
  const JobResult next = enqueue();
  EXPECT_TRUE(changes.wait([&] {
    pass_time(std::chrono::milliseconds(50));
    return read(next).status == JobResultStatus::kSuccess;
  }));
  EXPECT_EQ(read(run).reason_code, "worker_lost");
  EXPECT_EQ(log_of(run).back(), "failure post_run: Its worker is gone.");
  EXPECT_EQ(storage->workers().unfinished_on_host("host").value().size(), 1U);
}

TEST_F(TroubleTest, ASilentRunThatWasLostIsNoticedWithTheNextRenewal) {
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  ASSERT_TRUE(changes.wait([&] { return log_of(run).size() == 1; }));
  const std::size_t before = troubled.troubled.requests().size();
  ASSERT_TRUE(changes.wait([&] {
    pass_time(options.lease / 4);
    return troubled.troubled.requests().size() > before;
  }));
  const WorkRequest request = troubled.troubled.requests().back();
  EXPECT_TRUE(request.renew);
  ASSERT_EQ(request.writes.size(), 1U);
  EXPECT_EQ(request.writes[0].number, run.number);
  EXPECT_TRUE(request.writes[0].events.empty());
  the_run().succeed();
  finished(run);
}

TEST_F(TroubleTest, ALeaseThatCannotBeRenewedEndsTheRuns) {
  options.lease = std::chrono::milliseconds(400);
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  troubled.troubled.fail("storage.busy");
  clock.advance(options.lease * 3 / 4);
  EXPECT_EQ(runner.active(), 1U);
  clock.advance(options.lease / 10);
  ASSERT_TRUE(runner.wait_until([&] { return runner.active() == 0; }));
  troubled.troubled.fail("");
  ASSERT_TRUE(changes.wait([&] {
    pass_time(std::chrono::milliseconds(20));
    return is_final(read(run).status);
  }));
  const JobResult result = read(run);
  EXPECT_EQ(result.status, JobResultStatus::kFailure);
  EXPECT_EQ(result.reason_code, "lease_lost");
  EXPECT_THAT(log_of(run).back(),
              HasSubstr("could not reach the database for most of its lease of 0.4 s"));
}

TEST_F(TroubleTest, AWorkerThatCannotRegisterDoesNotStart) {
  const auto empty =
      open_sqlite({folder.path() / "empty", folder.path() / "files", folder.path() / "wake"}, clock)
          .value();
  JobWorker unlucky(options, loop, runner, *empty, key, clock);
  EXPECT_FALSE(unlucky.start().ok());
  unlucky.stop();
}

}  // namespace
}  // namespace windlass::worker
