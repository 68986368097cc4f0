#include "worker/worker_fixture.h"

namespace windlass::worker {
namespace {

using runner::FakeRun;
using ::testing::HasSubstr;

json::object ask(std::int64_t number, const std::string& question = "objects") {
  return {{"type", "ask"}, {"ask", number}, {"question", question}};
}

class QuestionsTest : public WorkerTest {
 protected:
  QuestionsTest() { runs_wait(); }
  FakeRun& started(std::size_t index = 0) {
    enqueue();
    EXPECT_TRUE(wait_started(index + 1));
    return runner.wait_for_run(index);
  }
  std::vector<json::object> answers(FakeRun& run, std::size_t count) {
    EXPECT_TRUE(runner.wait_until([&] { return run.sent().size() >= count; }));
    return run.sent();
  }
};

TEST_F(QuestionsTest, AreAnsweredOffTheLoopWithTheRunTheyBelongTo) {
  std::atomic<bool> on_loop = true;
  options.answer = [&](const json::object& it, const ClaimedRun& run) -> Result<json::value> {
    on_loop = loop.in_loop_thread();
    return json::value{{"question", it.at("question")}, {"user", run.username}};
  };
  start_worker();
  FakeRun& run = started();
  run.frame(ask(2));
  EXPECT_EQ(to_text(answers(run, 1)[0]),
            R"({"type":"answer","ask":2,"value":{"question":"objects","user":"admin"}})");
  EXPECT_FALSE(on_loop);
}

TEST_F(QuestionsTest, ARefusalHasItsCodeSentenceAndFields) {
  options.answer = [](const json::object&, const ClaimedRun&) -> Result<json::value> {
    return Error{
        "job.inputs", "Inputs were refused.", "for the log", {{"site", {"No.", "Never."}}}};
  };
  start_worker();
  FakeRun& run = started();
  run.frame(ask(5));
  EXPECT_EQ(to_text(answers(run, 1)[0]),
            R"({"type":"answer","ask":5,"error":{"code":"job.inputs","message":)"
            R"("Inputs were refused.","fields":{"site":["No.","Never."]}}})");
}

TEST_F(QuestionsTest, WithoutAnybodyWhoKnowsTheyAreRefused) {
  start_worker();
  FakeRun& run = started();
  run.frame(ask(1));
  EXPECT_EQ(get_string(answers(run, 1)[0].at("error"), "code"), "ask.unavailable");
}

TEST_F(QuestionsTest, WhatIsTooLargeIsAnError) {
  options.answer = [](const json::object&, const ClaimedRun&) -> Result<json::value> {
    return json::value(std::string(Questions::kLongestAnswer, 'x'));
  };
  start_worker();
  FakeRun& run = started();
  run.frame(ask(1));
  EXPECT_EQ(get_string(answers(run, 1)[0].at("error"), "code"), "ask.too_large");
  run.frame(ask(2, std::string(Questions::kLongestQuestion, 'x')));
  const json::value error = answers(run, 2)[1].at("error");
  EXPECT_EQ(get_string(error, "code"), "ask.too_large");
  EXPECT_THAT(get_string(error, "message"), HasSubstr("4 MiB"));
}

TEST_F(QuestionsTest, FramesOfTheWrongShapeAreCounted) {
  start_worker();
  const JobResult result = enqueue();
  ASSERT_TRUE(wait_started(1));
  FakeRun& run = the_run();
  run.frame({{"type", "ask"}});
  run.frame({{"type", "ask"}, {"ask", "1"}, {"question", "objects"}});
  run.frame({{"type", "ask"}, {"ask", 1}, {"question", 2}});
  run.succeed();
  finished(result);
  EXPECT_THAT(log_of(result)[1], HasSubstr("3 of the messages"));
}

/// Answers wait until the test lets them go, one by one.
class Gate {
 public:
  Result<json::value> pass(std::int64_t number) {
    std::unique_lock lock(mutex_);
    arrived_.push_back(number);
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_ > 0; });
    --open_;
    return json::value(number);
  }
  void let(int count) {
    const std::lock_guard lock(mutex_);
    open_ += count;
    changed_.notify_all();
  }
  std::vector<std::int64_t> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(30), [&] { return arrived_.size() >= count; });
    return arrived_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::int64_t> arrived_;
  int open_ = 0;
};

TEST_F(QuestionsTest, AFloodIsHeldBackAndOtherRunsHaveTheirTurn) {
  Gate gate;
  options.answer = [&](const json::object& it, const ClaimedRun&) {
    return gate.pass(it.at("ask").as_int64());
  };
  start_worker();
  FakeRun& flood = started();
  FakeRun& other = started(1);
  flood.frame(ask(100));
  gate.wait_for(1);
  for (int i = 1; i <= 8; ++i) flood.frame(ask(100 + i));
  EXPECT_TRUE(flood.is_paused());
  other.frame(ask(7));
  EXPECT_FALSE(other.is_paused());
  gate.let(2);
  EXPECT_THAT(gate.wait_for(3), ::testing::ElementsAre(100, 7, 101));
  answers(other, 1);
  EXPECT_TRUE(flood.is_paused());
  gate.let(100);
  answers(flood, 9);
  EXPECT_TRUE(runner.wait_until([&] { return !flood.is_paused(); }));
}

TEST_F(QuestionsTest, ThoseOfARunThatHasEndedAreDropped) {
  Gate gate;
  options.answer = [&](const json::object& it, const ClaimedRun&) {
    return gate.pass(it.at("ask").as_int64());
  };
  start_worker();
  const JobResult result = enqueue();
  ASSERT_TRUE(wait_started(1));
  FakeRun& run = the_run();
  for (int i = 1; i <= 5; ++i) run.frame(ask(i));
  gate.wait_for(1);
  run.succeed();
  finished(result);
  gate.let(1);
  worker->request_stop();
  worker->wait();
  EXPECT_EQ(gate.wait_for(1).size(), 1u);
  EXPECT_TRUE(run.sent().empty());
}

}  // namespace
}  // namespace windlass::worker
