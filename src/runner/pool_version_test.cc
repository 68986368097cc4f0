// Versions that follow one another, and children that serve several runs.
#include <algorithm>

#include "runner/pool_fixture.h"

namespace windlass::runner {
namespace {

using How = RunEnd::How;
using std::chrono::seconds;

std::string module_that_says(const std::string& word) {
  return R"py(
import os, signal
from windlass import jobs
class Says(jobs.Job):
    def run(self):
        return [")py" +
         word + R"py(", os.getpid(), os.getppid()]
class Waits(jobs.Job):
    def run(self):
        self.logger.info("waiting")
        try:
            while True:
                signal.pause()
        finally:
            self.logger.info(")py" +
         word + R"py(")
jobs.register_jobs(Says, Waits)
)py";
}

std::string word_of(const RunEnd& end) {
  const json::value* result = find(end.result, "result");
  return result == nullptr || !result->is_array() ? to_text(end.result)
                                                  : std::string(result->at(0).as_string());
}
pid_t pid_of(const RunEnd& end) {
  return static_cast<pid_t>(end.result.at("result").at(1).as_int64());
}
pid_t zygote_of(const RunEnd& end) {
  return static_cast<pid_t>(end.result.at("result").at(2).as_int64());
}

class PoolVersionTest : public PoolTest {
 protected:
  /// A version in a folder of its own, as the sources module makes them.
  VersionSpec make_version(const std::string& word) {
    const auto folder = jobs_.path() / word;
    std::filesystem::create_directory(folder);
    EXPECT_TRUE(write_new_file(folder / "says.py", module_that_says(word), 0600).ok());
    return {word, {{"jobs_root", folder, jobs_.path(), {"says"}}}};
  }
  void load_and_serve(const std::string& word) {
    const auto manifest = load(make_version(word));
    ASSERT_TRUE(manifest.ok()) << manifest.error().message;
    on_loop([&] { pool_->serve(word); });
  }
};

TEST_F(PoolVersionTest, RunsFinishOnTheVersionTheyBeganWith) {
  load_and_serve("one");
  Recorder& old = start("says.Waits");
  ASSERT_TRUE(old.wait_log("waiting"));
  const RunEnd first = run("says.Says");
  EXPECT_EQ(word_of(first), "one");
  load_and_serve("two");
  Recorder& next = start("says.Says");
  EXPECT_EQ(word_of(next.wait_end()), "two");
  EXPECT_EQ(next.version, "two");
  EXPECT_TRUE(is_alive(zygote_of(first))) << "the old zygote lives as long as its last run";
  old.tell([](auto& run) { run.stop(StopReason::kCancelled); });
  EXPECT_EQ(old.wait_end().how, How::kResult);
  EXPECT_TRUE(old.wait_log("one", 0));
  EXPECT_EQ(old.version, "one");
  EXPECT_TRUE(wait_dead(zygote_of(first)));
}

TEST_F(PoolVersionTest, ALoadedVersionServesOnlyWhenToldTo) {
  load_and_serve("one");
  ASSERT_TRUE(load(make_version("two")).ok());
  EXPECT_EQ(word_of(run("says.Says")), "one");
  ASSERT_TRUE(load(make_version("three")).ok());
  on_loop([&] { pool_->serve("three"); });
  EXPECT_EQ(word_of(run("says.Says")), "three");
  on_loop([&] { pool_->serve("two"); });  // dropped by the serve() before
  EXPECT_EQ(word_of(run("says.Says")), "three");
}

TEST_F(PoolVersionTest, TheSameVersionCanBeLoadedAgain) {
  load_and_serve("one");
  const RunEnd before = run("says.Says");
  ASSERT_TRUE(load({"one", {{"jobs_root", jobs_.path() / "one", jobs_.path(), {"says"}}}}).ok());
  on_loop([&] { pool_->serve("one"); });
  EXPECT_NE(zygote_of(run("says.Says")), zygote_of(before));
}

TEST_F(PoolVersionTest, RunsWaitForAnExpectedVersion) {
  load_and_serve("one");
  on_loop([&] { pool_->expect_version(seconds(60)); });
  Recorder& waits = start("says.Says");
  load_and_serve("two");
  EXPECT_EQ(word_of(waits.wait_end()), "two");
  on_loop([&] { pool_->expect_version(std::chrono::milliseconds(50)); });
  EXPECT_EQ(word_of(run("says.Says")), "two") << "what does not come is not waited for";
}

TEST_F(PoolVersionTest, IsolatedRunsNeverShareAChild) {
  load_and_serve("one");
  std::vector<pid_t> pids;
  for (int i = 0; i < 10; ++i) pids.push_back(pid_of(run("says.Says")));
  std::sort(pids.begin(), pids.end());
  EXPECT_EQ(std::unique(pids.begin(), pids.end()), pids.end());
}

constexpr const char* kReuseJobs = R"py(
import os, signal, subprocess, threading, time
from windlass import jobs

class Pid(jobs.Job):
    def run(self):
        print("printed by a run", flush=True)
        return os.getpid()

class LeavesProcess(jobs.Job):
    def run(self):
        if os.fork() == 0:
            os.setsid()
            while True:
                signal.pause()
        return os.getpid()

class LeavesThread(jobs.Job):
    def run(self):
        def chat():
            while True:
                self.logger.info("from the thread of a run before")
        threading.Thread(target=chat, daemon=True).start()
        return os.getpid()

class Spends(jobs.Job):
    def run(self):
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
        return os.getpid()

class Waits(jobs.Job):
    def run(self):
        self.logger.info("waiting")
        while True:
            signal.pause()

jobs.register_jobs(Pid, LeavesProcess, LeavesThread, Spends, Waits)
)py";

class PoolReuseTest : public PoolTest {
 protected:
  PoolReuseTest() {
    options_.reuse = true;
    options_.spares = 0;  // a spare that is ready late would be taken before the child that has run
    options_.runs_per_child = 4;
    write_module("reuse", kReuseJobs);
    serve();
  }
  pid_t pid_after(const std::string& class_path) {
    return static_cast<pid_t>(get_int(run(class_path).result, "result"));
  }
};

TEST_F(PoolReuseTest, AChildServesSeveralRuns) {
  Recorder& first = start("reuse.Pid");
  const auto child = static_cast<pid_t>(get_int(first.wait_end().result, "result"));
  EXPECT_EQ(first.output(), "printed by a run\n");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pid_after("reuse.Pid"), child);
  EXPECT_FALSE(is_alive(child)) << "it has had its runs";
  EXPECT_NE(pid_after("reuse.Pid"), child);
}

TEST_F(PoolReuseTest, WhatARunLeavesEndsItsChild) {
  const pid_t child = pid_after("reuse.LeavesProcess");
  EXPECT_EQ(recorders_.back()->end.leftovers, 1);
  EXPECT_FALSE(is_alive(child));
  const pid_t chatty = pid_after("reuse.LeavesThread");
  EXPECT_FALSE(is_alive(chatty));
  Recorder& after = start("reuse.Pid");
  EXPECT_EQ(after.wait_end().how, How::kResult);
  EXPECT_TRUE(after.logs().empty());
}

TEST_F(PoolReuseTest, EachRunHasItsOwnFigures) {
  run("reuse.Spends");
  const RunEnd& quick = run("reuse.Pid");
  EXPECT_LT(quick.cpu_seconds, 0.04);
  EXPECT_GT(quick.cpu_seconds, 0);
  EXPECT_GT(quick.peak_memory, 1 << 20);
  EXPECT_GT(run("reuse.Spends").cpu_seconds, 0.04);
}

TEST_F(PoolReuseTest, ACancelledRunTakesItsChildAlong) {
  Recorder& recorder = start("reuse.Waits");
  ASSERT_TRUE(recorder.wait_log("waiting"));
  recorder.tell([](auto& run) { run.stop(StopReason::kCancelled); });
  EXPECT_EQ(recorder.wait_end().how, How::kResult);
  EXPECT_FALSE(is_alive(static_cast<pid_t>(recorder.pid)));
}

TEST_F(PoolReuseTest, ANewVersionEndsIdleChildren) {
  const pid_t child = pid_after("reuse.Pid");
  EXPECT_TRUE(is_alive(child));
  serve("v2");
  EXPECT_TRUE(wait_dead(child));
  EXPECT_NE(pid_after("reuse.Pid"), child);
}

}  // namespace
}  // namespace windlass::runner
