#include "engine/runner_choices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "engine/test_home.h"
#include "runner/fake_runner.h"

namespace windlass::engine {
namespace {

using runner::FakeRun;
using runner::RunEnd;
using runner::StopReason;
using testing::ElementsAre;
using testing::HasSubstr;

class RunnerChoicesTest : public testing::Test {
 protected:
  RunnerChoicesTest() { job_.class_path = "my_group.Deploy"; }
  ~RunnerChoicesTest() override {
    choices_.reset();
    loop_.stop();
  }

  RunnerChoices& choices() {
    if (!choices_) {
      choices_.emplace(options_, loop_, runner_, home_.storage(), Sanitiser::standard());
    }
    return *choices_;
  }
  std::future<Result<json::array>> begin(json::object form = {}) {
    return std::async(std::launch::async, [this, form = std::move(form), &source = choices()] {
      return source.compute(job_, "site_choices", form);
    });
  }
  /// The sentence of a call whose process does this.
  std::string sentence(const runner::FakeRunner::Script& script) {
    runner_.on_start(script);
    const auto answer = choices().compute(job_, "site_choices", {});
    EXPECT_FALSE(answer.ok());
    if (answer.ok()) return "";
    EXPECT_EQ(answer.error().code, "job.choices");
    return answer.error().message;
  }

  FakeClock clock_;
  TestHome home_{clock_};
  Job job_;
  EventLoop loop_{"test"};
  runner::FakeRunner runner_{loop_};
  RunnerChoicesOptions options_;
  std::optional<RunnerChoices> choices_;
};

TEST_F(RunnerChoicesTest, AsksAProcessAndDropsWhatItSaysBeside) {
  options_.memory_limit = 1 << 20;
  auto answer = begin({{"region", "emea"}});
  FakeRun& run = runner_.wait_for_run(0);
  EXPECT_EQ(to_text(run.spec().frame), R"({"type":"choices","class_path":"my_group.Deploy",)"
                                       R"("method":"site_choices","form":{"region":"emea"}})");
  EXPECT_EQ(run.spec().memory_limit, 1 << 20);
  run.start();
  run.log("info", "noise");
  run.console(true, "noise\n");
  run.frame({{"type", "file"}, {"file", 1}, {"name", "x"}, {"data", ""}});
  run.succeed(json::array{json::array{"a", "A"}});
  const auto returned = answer.get();
  ASSERT_TRUE(returned.ok()) << returned.error().message;
  EXPECT_EQ(to_text(*returned), R"([["a","A"]])");
  ASSERT_EQ(run.sent().size(), 1u);
  EXPECT_EQ(get_string(run.sent()[0], "type"), "file_refused");
}

TEST_F(RunnerChoicesTest, AnswersWhatTheCodeAsksForObjects) {
  home_.add_user("bob", false);
  auto answer = begin();
  FakeRun& run = runner_.wait_for_run(0);
  run.start();
  run.frame({{"type", "ask"}, {"ask", 7}, {"question", "objects"}, {"object_type", "users.user"}});
  ASSERT_TRUE(runner_.wait_until([&] { return run.sent().size() == 1; }));
  EXPECT_EQ(get_int(run.sent()[0], "ask"), 7);
  EXPECT_EQ(get_int(*find(run.sent()[0], "value"), "count"), 1);
  run.succeed(json::array());
  EXPECT_TRUE(answer.get().ok());
}

TEST_F(RunnerChoicesTest, SaysWhatTheCodeRaisedWithoutSecrets) {
  const std::string text = sentence([](FakeRun& run) {
    run.fail("exception", json::object{{"exc_type", "ValueError"},
                                       {"exc_message", "bad url https://bob:hunter2@host/"}});
  });
  EXPECT_THAT(text,
              HasSubstr("my_group.Deploy.site_choices() could not be computed: ValueError: bad"));
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
}

TEST_F(RunnerChoicesTest, SaysHowAProcessEndedWithoutAnAnswer) {
  EXPECT_THAT(sentence([](FakeRun& run) { run.end(RunEnd()); }), HasSubstr("without an answer"));
  EXPECT_THAT(sentence([](FakeRun& run) {
                RunEnd end;
                end.how = RunEnd::How::kStartFailed;
                end.message = "no version yet";
                run.end(end);
              }),
              HasSubstr("no version yet"));
  EXPECT_THAT(sentence([](FakeRun& run) { run.succeed("a"); }), HasSubstr("is no list"));
}

TEST_F(RunnerChoicesTest, EndsWhatTakesTooLong) {
  options_.time_limit = std::chrono::milliseconds(1);
  runner_.on_stop([](FakeRun& run) { run.be_killed(); });
  EXPECT_THAT(sentence([](FakeRun&) {}), HasSubstr("longer than 0.001 s"));
  EXPECT_THAT(runner_.wait_for_run(0).kills(), ElementsAre(StopReason::kTimeLimit));
}

TEST_F(RunnerChoicesTest, LetsFewComputeAtOnce) {
  options_.at_once = 1;
  options_.time_limit = std::chrono::minutes(1);
  auto first = begin();
  FakeRun& run = runner_.wait_for_run(0);
  auto second = begin();
  EXPECT_EQ(runner_.started(), 1u);
  run.succeed(json::array());
  EXPECT_TRUE(first.get().ok());
  runner_.wait_for_run(1).succeed(json::array());
  EXPECT_TRUE(second.get().ok());
}

TEST_F(RunnerChoicesTest, GivesUpWhenNoPlaceGetsFree) {
  options_.at_once = 0;
  options_.time_limit = std::chrono::milliseconds(1);
  EXPECT_THAT(choices().compute(job_, "m", {}).error().message, HasSubstr("too many"));
}

TEST_F(RunnerChoicesTest, RefusesAtOnceWhereManyWait) {
  options_.at_once = 1;
  options_.waiting = 0;
  options_.time_limit = std::chrono::minutes(1);
  auto first = begin();
  FakeRun& run = runner_.wait_for_run(0);
  EXPECT_THAT(choices().compute(job_, "m", {}).error().message, HasSubstr("too many"));
  run.succeed(json::array());
  EXPECT_TRUE(first.get().ok());
}

TEST_F(RunnerChoicesTest, StoppingEndsWhatWaits) {
  options_.time_limit = std::chrono::minutes(1);
  runner_.on_stop([](FakeRun& run) { run.be_killed(); });
  auto waiting = begin();
  runner_.wait_for_run(0);
  choices().stop();
  choices().stop();
  EXPECT_THAT(waiting.get().error().message, HasSubstr("being stopped"));
  EXPECT_THAT(choices().compute(job_, "m", {}).error().message, HasSubstr("being stopped"));
  EXPECT_EQ(runner_.started(), 1u);
}

}  // namespace
}  // namespace windlass::engine
