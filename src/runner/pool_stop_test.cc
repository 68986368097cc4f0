// Limits, cancelling, and stopping a pool with all it runs.
#include <signal.h>
#include <sys/wait.h>

#include "runner/pool_fixture.h"

namespace windlass::runner {
namespace {

using How = RunEnd::How;
using std::chrono::milliseconds;
using ::testing::Contains;

constexpr const char* kJobs = R"py(
import os, signal, sys, time
from windlass import jobs

def wait():
    while True:
        signal.pause()

class Waits(jobs.Job):
    def run(self):
        self.logger.info("waiting")
        wait()

class Stubborn(jobs.Job):
    def run(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            os.setsid()
            wait()
        self.logger.info("waiting")
        wait()

class StopsItsZygote(jobs.Job):
    def run(self):
        os.kill(os.getppid(), signal.SIGSTOP)
        return "done"

class Eats(jobs.Job):
    def run(self):
        kept = []
        while True:
            kept.append(bytearray(os.urandom(1024) * 4096))
            time.monotonic()

class SharesMemory(jobs.Job):
    def run(self):
        # 60 MB that eight processes share: 480 MB when counted in each.
        kept = bytearray(os.urandom(1024) * 60000)
        for _ in range(8):
            if os.fork() == 0:
                wait()
        self.logger.info("waiting")
        wait()

class Quick(jobs.Job):
    def run(self):
        return "done"

jobs.register_jobs(Waits, Stubborn, StopsItsZygote, Eats, SharesMemory, Quick)
)py";

class PoolStopTest : public PoolTest {
 protected:
  void serve_jobs() {
    write_module("stops", kJobs);
    serve();
  }
};

TEST_F(PoolStopTest, CancelInterruptsTheJob) {
  serve_jobs();
  Recorder& recorder = start("stops.Waits");
  ASSERT_TRUE(recorder.wait_log("waiting"));
  recorder.tell([](auto& run) { run.stop(StopReason::kCancelled); });
  const RunEnd& end = recorder.wait_end();
  EXPECT_EQ(end.how, How::kResult);
  EXPECT_EQ(get_string(end.result, "reason"), "cancelled");
  EXPECT_TRUE(end.stopped);
  EXPECT_EQ(end.stop_reason, StopReason::kCancelled);
}

TEST_F(PoolStopTest, CancelWithoutEffectKillsAfterTheGrace) {
  options_.cancel_grace = milliseconds(300);
  serve_jobs();
  Recorder& recorder = start("stops.Stubborn");
  ASSERT_TRUE(recorder.wait_log("waiting"));
  recorder.tell([](auto& run) {
    run.stop(StopReason::kCancelled);
    run.stop(StopReason::kDrain);
  });
  const RunEnd& end = recorder.wait_end();
  EXPECT_EQ(end.how, How::kKilled);
  EXPECT_EQ(end.stop_reason, StopReason::kCancelled) << "the first reason wins";
  EXPECT_EQ(end.leftovers, 1);
  EXPECT_EQ(WTERMSIG(end.wait_status), SIGKILL);
  EXPECT_FALSE(is_alive(static_cast<pid_t>(recorder.pid)));
}

TEST_F(PoolStopTest, KillEndsAtOnce) {
  serve_jobs();
  Recorder& recorder = start("stops.Stubborn");
  ASSERT_TRUE(recorder.wait_log("waiting"));
  recorder.tell([](auto& run) { run.kill(StopReason::kCancelled); });
  EXPECT_EQ(recorder.wait_end().how, How::kKilled);
  EXPECT_TRUE(recorder.end.stopped);
}

TEST_F(PoolStopTest, StopBeforeTheStart) {
  serve_jobs();
  Recorder* stopped = nullptr;
  Recorder* killed = nullptr;
  // On the loop, so that neither has a child yet when it is stopped: both spares are taken.
  on_loop([&] {
    for (int i = 0; i < 4; ++i) start("stops.Quick");
    stopped = &start("stops.Quick");
    stopped->run->stop(StopReason::kCancelled);
    stopped->run->stop(StopReason::kDrain);
    killed = &start("stops.Quick");
    killed->run->kill(StopReason::kDrain);
  });
  EXPECT_EQ(stopped->wait_end().how, How::kKilled);
  EXPECT_EQ(stopped->end.stop_reason, StopReason::kCancelled);
  EXPECT_FALSE(stopped->started);
  EXPECT_EQ(killed->wait_end().how, How::kKilled);
  EXPECT_EQ(killed->end.stop_reason, StopReason::kDrain);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(recorders_[i]->wait_end().how, How::kResult);
}

TEST_F(PoolStopTest, StopRightAfterTheStart) {
  serve_jobs();
  for (int i = 0; i < 20; ++i) {
    Recorder* recorder = nullptr;
    on_loop([&] {
      recorder = &start("stops.Waits");
      recorder->run->stop(StopReason::kCancelled);
    });
    const RunEnd& end = recorder->wait_end();
    EXPECT_TRUE(end.stopped);
    EXPECT_NE(end.how, How::kStartFailed);
  }
}

TEST_F(PoolStopTest, TheSoftLimitRaisesInTheJob) {
  serve_jobs();
  const RunEnd& end = start("stops.Waits", {}, [](RunSpec& spec) {
                        spec.soft_time_limit = milliseconds(100);
                      }).wait_end();
  EXPECT_EQ(end.how, How::kResult);
  EXPECT_EQ(get_string(end.result, "reason"), "soft_time_limit");
  EXPECT_EQ(end.stop_reason, StopReason::kSoftTimeLimit);
}

TEST_F(PoolStopTest, TheHardLimitEndsWhatIgnoresEverything) {
  serve_jobs();
  Recorder& recorder = start("stops.Stubborn", {}, [](RunSpec& spec) {
    spec.soft_time_limit = milliseconds(200);
    spec.time_limit = milliseconds(400);
  });
  const RunEnd& end = recorder.wait_end();
  EXPECT_EQ(end.how, How::kKilled);
  EXPECT_TRUE(end.stopped);
  EXPECT_EQ(end.stop_reason, StopReason::kTimeLimit);
  EXPECT_EQ(end.leftovers, 1);
}

TEST_F(PoolStopTest, AMemoryEaterIsEnded) {
  options_.memory_sample = milliseconds(20);
  serve_jobs();
  const RunEnd& end =
      start("stops.Eats", {}, [](RunSpec& spec) { spec.memory_limit = 200 << 20; }).wait_end();
  EXPECT_EQ(end.how, How::kKilled);
  EXPECT_EQ(end.stop_reason, StopReason::kMemoryLimit);
  EXPECT_GT(end.peak_memory, 200 << 20);
  EXPECT_FALSE(end.out_of_memory);
}

TEST_F(PoolStopTest, SharedMemoryCountsOnce) {
  options_.memory_sample = milliseconds(5);
  serve_jobs();
  Recorder& recorder =
      start("stops.SharesMemory", {}, [](RunSpec& spec) { spec.memory_limit = 300 << 20; });
  ASSERT_TRUE(recorder.wait_log("waiting"));
  // Samples are taken before the run that follows is through.
  EXPECT_EQ(start("stops.Waits", {}, [](RunSpec& spec) { spec.time_limit = milliseconds(50); })
                .wait_end()
                .how,
            How::kKilled);
  recorder.tell([](auto& run) { run.kill(StopReason::kCancelled); });
  EXPECT_EQ(recorder.wait_end().stop_reason, StopReason::kCancelled);
  EXPECT_GT(recorder.end.peak_memory, 50 << 20);
  EXPECT_LT(recorder.end.peak_memory, 300 << 20);
  EXPECT_EQ(recorder.end.leftovers, 8);
}

TEST_F(PoolStopTest, StoppingThePoolEndsItsRuns) {
  serve_jobs();
  Recorder& waits = start("stops.Waits");
  Recorder& stubborn = start("stops.Stubborn");
  ASSERT_TRUE(waits.wait_log("waiting"));
  ASSERT_TRUE(stubborn.wait_log("waiting"));
  Recorder* queued = nullptr;
  on_loop([&] {
    for (int i = 0; i < 5; ++i) queued = &start("stops.Quick");
  });
  pool_->stop();
  for (const auto& recorder : recorders_) {
    const std::lock_guard lock(recorder->mutex);
    EXPECT_TRUE(recorder->ended) << "every end is told before stop() returns";
  }
  EXPECT_EQ(waits.end.how, How::kKilled);
  EXPECT_EQ(waits.end.stop_reason, StopReason::kDrain);
  EXPECT_EQ(stubborn.end.leftovers, 1);
  EXPECT_EQ(active(), 0u);
  EXPECT_EQ(end_leftovers(options_.instance), 0) << "nothing was left";
  pool_->stop();
  EXPECT_EQ(run("stops.Quick").how, How::kStartFailed);
  EXPECT_EQ(load("v2").error().code, "runner.stopped");
}

TEST_F(PoolStopTest, StoppingBeforeAnythingAndWhileLoading) {
  pool().stop();
  pool_.reset();
  write_module("hangs", "import signal\nwhile True:\n    signal.pause()\n");
  bool told = false;
  on_loop([&] {
    pool().load(version(), [&](const Result<Manifest>& result) {
      told = !result.ok() && result.error().code == "runner.stopped";
    });
  });
  pool_->stop();
  EXPECT_TRUE(told);
  EXPECT_EQ(end_leftovers(options_.instance), 0);
}

TEST_F(PoolStopTest, AStoppedZygoteIsReplaced) {
  serve_jobs();
  // The run's end cannot be told by a zygote that it has stopped: after a time the zygote is ended
  // with it.
  EXPECT_EQ(run("stops.StopsItsZygote").how, How::kResult);
  EXPECT_EQ(run("stops.Quick").how, How::kResult);
}

TEST_F(PoolStopTest, WhatAKilledWorkerLeftIsFound) {
  serve_jobs();
  Recorder& waits = start("stops.Stubborn");
  ASSERT_TRUE(waits.wait_log("waiting"));
  EXPECT_EQ(end_leftovers("some.other.instance"), 0);
  EXPECT_EQ(end_leftovers(options_.instance.substr(0, options_.instance.size() - 1)), 0)
      << "whole names only";
  EXPECT_GE(end_leftovers(options_.instance), 4) << "base, zygote, run and what it started";
  EXPECT_EQ(waits.wait_end().how, How::kRunnerLost);
}

}  // namespace
}  // namespace windlass::runner
