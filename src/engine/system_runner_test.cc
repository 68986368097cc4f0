#include "engine/system_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "runner/fake_runner.h"

namespace windlass::engine {
namespace {

using runner::RunEnd;
using runner::StopReason;
using testing::ElementsAre;

/// Writes down what a run reports.
class Watched final : public runner::RunObserver {
 public:
  void on_started(const std::string& of, std::int64_t, const std::string&) override {
    const std::lock_guard lock(mutex_);
    version = of;
    changed_.notify_all();
  }
  void on_frame(json::object frame) override {
    const std::lock_guard lock(mutex_);
    frames.push_back(std::move(frame));
    changed_.notify_all();
  }
  void on_console(bool, std::string_view) override {}
  void on_ended(RunEnd how) override {
    const std::lock_guard lock(mutex_);
    end = std::move(how);
    changed_.notify_all();
  }
  bool wait(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), condition);
  }
  bool wait_end() {
    return wait([this] { return end.has_value(); });
  }
  std::vector<std::string> messages() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all;
    for (const json::object& frame : frames) all.push_back(get_string(frame, "message"));
    return all;
  }

  std::string version;
  std::vector<json::object> frames;
  std::optional<RunEnd> end;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

class SystemRunnerTest : public testing::Test {
 protected:
  ~SystemRunnerTest() override {
    loop_.call([this] { run_.reset(); });
    system_.reset();
    loop_.stop();
  }
  void start(SystemJob work, const std::function<void(runner::RunSpec&)>& change = nullptr) {
    system_ = std::make_unique<SystemRunner>(loop_, others_, clock_, "1.2.3",
                                             std::map<std::string, SystemJob>{{"own.Job", work}});
    runner::RunSpec spec;
    spec.frame = {{"type", "run"}, {"class_path", "own.Job"}, {"inputs", {{"repository", "r1"}}}};
    if (change) change(spec);
    loop_.call([&] { run_ = system_->start(std::move(spec), watched_); });
  }
  void on_loop(const std::function<void()>& what) { loop_.call(what); }

  SystemClock clock_;
  EventLoop loop_{"test"};
  runner::FakeRunner others_{loop_};
  std::unique_ptr<SystemRunner> system_;
  Watched watched_;
  std::unique_ptr<runner::Run> run_;
};

/// Works until it is stopped.
SystemEnd until_stopped(const json::object&, Progress& progress) {
  while (!progress.stopped()) std::this_thread::yield();
  return {false, nullptr, "It was stopped.", ""};
}

TEST_F(SystemRunnerTest, WorkThatThrowsFailsItsRun) {
  start([](const json::object&, Progress&) -> SystemEnd { throw std::bad_alloc(); });
  ASSERT_TRUE(watched_.wait_end());
  EXPECT_EQ(watched_.end->how, RunEnd::How::kResult);
  EXPECT_EQ(get_string(watched_.end->result, "status"), "FAILURE");
  EXPECT_EQ(get_string(watched_.end->result, "reason"), "sync_failed");
  EXPECT_THAT(get_string(watched_.end->result, "message"), testing::HasSubstr("bad_alloc"));
}

TEST_F(SystemRunnerTest, TellsTheRunAsAnyOther) {
  start([](const json::object& inputs, Progress& progress) -> SystemEnd {
    progress.log("info", "begin " + get_string(inputs, "repository"));
    progress.status("half");
    progress.log("success", "end");
    return {true, json::object{{"jobs", 2}}, "", ""};
  });
  ASSERT_TRUE(watched_.wait_end());
  EXPECT_EQ(watched_.version, "1.2.3");
  EXPECT_THAT(watched_.messages(), ElementsAre("begin r1", "half", "end"));
  EXPECT_EQ(get_string(watched_.frames[1], "type"), "progress");
  EXPECT_EQ(get_string(watched_.frames[2], "level"), "success");
  EXPECT_EQ(watched_.end->how, RunEnd::How::kResult);
  EXPECT_EQ(get_string(watched_.end->result, "status"), "SUCCESS");
  EXPECT_EQ(get_int(watched_.end->result.at("result"), "jobs"), 2);
  EXPECT_FALSE(watched_.end->stopped);
  on_loop([&] { EXPECT_EQ(system_->active(), 0u); });
}

TEST_F(SystemRunnerTest, TellsWhyItFailed) {
  start([](const json::object&, Progress&) -> SystemEnd {
    return {false, json::object{}, "The remote does not answer.", "Traceback\nE: x"};
  });
  ASSERT_TRUE(watched_.wait_end());
  const json::value& frame = watched_.end->result;
  EXPECT_EQ(get_string(frame, "status"), "FAILURE");
  EXPECT_EQ(get_string(frame, "reason"), "sync_failed");
  EXPECT_EQ(get_string(frame, "message"), "The remote does not answer.");
  EXPECT_EQ(get_string(frame, "traceback"), "Traceback\nE: x");
}

TEST_F(SystemRunnerTest, StopsWhenItIsAskedTo) {
  start(until_stopped);
  on_loop([&] { EXPECT_EQ(system_->active(), 1u); });
  on_loop([&] {
    run_->stop(StopReason::kCancelled);
    run_->kill(StopReason::kDrain);
  });
  ASSERT_TRUE(watched_.wait_end());
  EXPECT_TRUE(watched_.end->stopped);
  EXPECT_EQ(watched_.end->stop_reason, StopReason::kCancelled) << "the first reason counts";
  EXPECT_EQ(get_string(watched_.end->result, "reason"), "cancelled");
}

TEST_F(SystemRunnerTest, KeepsTheLimitsOfTheRun) {
  start(until_stopped,
        [](runner::RunSpec& spec) { spec.soft_time_limit = std::chrono::milliseconds(5); });
  ASSERT_TRUE(watched_.wait_end());
  EXPECT_EQ(watched_.end->stop_reason, StopReason::kSoftTimeLimit);
  EXPECT_EQ(get_string(watched_.end->result, "reason"), "soft_time_limit");
}

TEST_F(SystemRunnerTest, TellsNothingWhilePaused) {
  std::mutex mutex;
  std::condition_variable changed;
  bool paused = false;
  start([&](const json::object&, Progress& progress) -> SystemEnd {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return paused; });
    progress.log("info", "while paused");
    return {true, nullptr, "", ""};
  });
  on_loop([&] { run_->pause(); });
  {
    const std::lock_guard lock(mutex);
    paused = true;
    changed.notify_all();
  }
  // What comes last is told all the same, after everything before it.
  ASSERT_TRUE(watched_.wait_end());
  EXPECT_THAT(watched_.messages(), ElementsAre("while paused"));
}

TEST_F(SystemRunnerTest, LeavesEverythingElseToTheOtherRunner) {
  others_.on_start([](runner::FakeRun& run) { run.succeed("from there"); });
  start(until_stopped, [](runner::RunSpec& spec) { spec.frame["class_path"] = "my_group.Job"; });
  ASSERT_TRUE(watched_.wait_end());
  EXPECT_EQ(get_string(watched_.end->result, "result"), "from there");
  on_loop([&] {
    system_->expect_version(std::chrono::seconds(1));
    system_->serve("v1", {{"git:net", "c1"}});
  });
  EXPECT_THAT(others_.served(), ElementsAre("v1"));
  EXPECT_EQ(others_.served_sources().at("git:net"), "c1");
  EXPECT_EQ(others_.expected().size(), 1u);
}

}  // namespace
}  // namespace windlass::engine
