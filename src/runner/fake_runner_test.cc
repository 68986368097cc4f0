#include "runner/fake_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

namespace windlass::runner {
namespace {

struct Observer final : RunObserver {
  void on_started(const std::string& version, std::int64_t, const std::string&) override {
    seen.push_back("started " + version);
  }
  void on_frame(json::object frame) override { seen.push_back(get_string(frame, "message")); }
  void on_console(bool, std::string_view bytes) override { seen.emplace_back(bytes); }
  void on_ended(RunEnd ended) override {
    seen.push_back("ended");
    end = std::move(ended);
  }
  std::vector<std::string> seen;
  RunEnd end;
};

class FakeRunnerTest : public ::testing::Test {
 protected:
  ~FakeRunnerTest() override {
    loop_.call([&] { run_.reset(); });
  }
  FakeRun& start() {
    loop_.call([&] { run_ = runner_.start({}, observer_); });
    return runner_.wait_for_run(0);
  }
  EventLoop loop_{"test"};
  FakeRunner runner_{loop_};
  Observer observer_;
  std::unique_ptr<runner::Run> run_;
};

TEST_F(FakeRunnerTest, TheTestSaysWhatHappens) {
  FakeRun& fake = start();
  EXPECT_EQ(runner_.active(), 1u);
  fake.start("v7");
  fake.log("info", "hello");
  fake.console(false, "printed");
  fake.succeed("done");
  EXPECT_THAT(observer_.seen, ::testing::ElementsAre("started v7", "hello", "printed", "ended"));
  EXPECT_EQ(get_string(observer_.end.result, "result"), "done");
  EXPECT_EQ(runner_.active(), 0u);
}

TEST_F(FakeRunnerTest, APausedRunIsHeldBack) {
  FakeRun& fake = start();
  fake.start();
  loop_.call([&] { run_->pause(); });
  fake.log("info", "later");
  EXPECT_EQ(observer_.seen.size(), 1u);
  loop_.call([&] { run_->resume(); });
  EXPECT_EQ(observer_.seen.back(), "later");
  fake.succeed();
}

TEST_F(FakeRunnerTest, TellsWhatItWasTold) {
  runner_.on_stop([](FakeRun& run) { run.be_killed(); });
  FakeRun& fake = start();
  fake.start();
  loop_.call([&] {
    run_->send({{"type", "file_created"}});
    run_->stop(StopReason::kCancelled);
  });
  EXPECT_TRUE(runner_.wait_until([&] { return fake.has_ended(); }));
  EXPECT_EQ(fake.sent().size(), 1u);
  EXPECT_THAT(fake.stops(), ::testing::ElementsAre(StopReason::kCancelled));
  EXPECT_EQ(observer_.end.how, RunEnd::How::kKilled);
  EXPECT_EQ(observer_.end.stop_reason, StopReason::kCancelled);
}

TEST_F(FakeRunnerTest, VersionsAreNoted) {
  runner_.on_load([](const VersionSpec& version) -> Result<Manifest> {
    if (version.id == "bad") return Error{"runner.interpreter", "none"};
    return Manifest{version.id, json::object{{"type", "manifest"}}};
  });
  std::vector<bool> loaded;
  std::promise<void> both;
  loop_.call([&] {
    runner_.load({"good", {}},
                 [&](const Result<Manifest>& result) { loaded.push_back(result.ok()); });
    runner_.load({"bad", {}}, [&](const Result<Manifest>& result) {
      loaded.push_back(result.ok());
      both.set_value();
    });
    runner_.serve("good");
    runner_.expect_version(std::chrono::seconds(1));
  });
  both.get_future().wait();
  EXPECT_THAT(loaded, ::testing::ElementsAre(true, false));
  EXPECT_THAT(runner_.served(), ::testing::ElementsAre("good"));
  EXPECT_EQ(runner_.loaded().size(), 2u);
  EXPECT_EQ(runner_.expected().size(), 1u);
}

}  // namespace
}  // namespace windlass::runner
