// What a job says while it runs: files, progress, retries, stops.
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <windlass/jobs.hpp>
#include <windlass/testing.hpp>

#include "host_for_tests.h"

namespace windlass::jobs {
namespace {

class Keeps : public Job {
 public:
  StringVar name{this, "name"};
  IntegerVar size{this, "size", {.default_value = 3}};
  Json run() override {
    const CreatedFile file = create_file(*name, std::string(static_cast<std::size_t>(*size), 'x'));
    return file.url;
  }
};
const auto registered = register_jobs<Keeps>();

TEST(CreateFile, KeepsAFileAndLogsALink) {
  const auto run = testing::run_job<Keeps>({{"name", "a[1].txt"}});
  EXPECT_EQ(run.files.at("a[1].txt"), "xxx") << run.traceback;
  EXPECT_EQ(run.logs[0].message, "Created file [a\\[1\\].txt](" + run.result.as_string() + ")");
  EXPECT_EQ(run.logs[0].grouping, "run");
}

TEST(CreateFile, RefusesWhatIsNoPlainName) {
  for (const char* name : {"a/b", "..", "a\\b", "a\nb", "\xFF"}) {
    const auto run = testing::run_job<Keeps>({{"name", name}});
    EXPECT_EQ(run.result["exc_type"], "JobError") << name;
  }
}

TEST(CreateFile, RefusesTooManyBytesAndTellsARefusal) {
  internal::KeepingHost host;
  const Json large =
      internal::run_job(internal::run_frame("Keeps", {{"name", "a"}, {"size", 11}}), {}, host);
  EXPECT_EQ(large["result"]["exc_message"],
            "The file a has 11 bytes; at most 10 are kept of one file");
  host.answers = {Json{{"type", "file_refused"}, {"file", 1}, {"message", "the disk is full"}}};
  const Json refused =
      internal::run_job(internal::run_frame("Keeps", {{"name", "a"}, {"size", 1}}), {}, host);
  EXPECT_EQ(refused["result"]["exc_type"], "FileError");
  EXPECT_EQ(refused["result"]["exc_message"], "The file a was not kept: the disk is full");
  EXPECT_EQ(host.frames.back().dump(), R"({"type":"file","file":1,"name":"a","data":"eA=="})");
}

class Progresses : public Job {
 public:
  Json run() override {
    const std::vector<int> items{1, 2, 3};
    int sum = 0;
    for (const int item : track(*this, items, "adding")) sum += item;
    progress(0.5);
    progress(-1);
    return sum;
  }
};

TEST(Progress, IsShownAndChecked) {
  const auto run = testing::run_job<Progresses>();
  ASSERT_EQ(run.progress.size(), 3U);
  EXPECT_EQ(run.progress[0].done, 0);
  EXPECT_EQ(run.progress[1].done, 3);
  EXPECT_EQ(run.progress[1].total, 3);
  EXPECT_EQ(run.progress[1].message, "adding");
  EXPECT_EQ(run.progress[2].total, std::nullopt);
  EXPECT_EQ(run.result["exc_message"], "progress() wants a number from 0 on as done, got -1.0");
}

class Retries : public Job {
 public:
  static inline const Meta meta{.max_retries = 2, .retry_backoff = 2, .retry_delay = 3};
  BooleanVar with_cause{this, "with_cause"};
  Json run() override {
    if (!with_cause) retry();
    try {
      throw std::out_of_range("no answer");
    } catch (const std::exception&) {
      retry({.countdown = 5});
    }
  }
  void on_retry(const Outcome& outcome) override {
    logger.info("after {}", outcome.exception_type);
  }
  void after_return(const Outcome&) override { logger.info("after_return"); }
};

TEST(Retry, AsksForAnotherAttempt) {
  const auto run = testing::run_job<Retries>({{"with_cause", true}});
  EXPECT_EQ(run.status, "RETRY");
  EXPECT_EQ(run.reason, "retry");
  EXPECT_EQ(run.countdown, 5);
  EXPECT_EQ(run.result["exc_type"], "std::out_of_range");
  ASSERT_EQ(run.logs.size(), 1U);
  EXPECT_EQ(run.logs[0].message, "after std::out_of_range");
}

TEST(Retry, BacksOffAndEnds) {
  EXPECT_EQ(testing::run_job<Retries>({}, {.attempt = 2}).countdown, 6);
  const auto last = testing::run_job<Retries>({}, {.attempt = 3});
  EXPECT_EQ(last.result["exc_type"], "MaxRetriesExceeded");
  const auto cause = testing::run_job<Retries>({{"with_cause", true}}, {.attempt = 3});
  EXPECT_EQ(cause.status, "FAILURE");
  EXPECT_EQ(cause.result["exc_message"], "no answer");
}

TEST(Retry, WhoCancelledWantsNoOtherAttempt) {
  class Tidies : public Job {
   public:
    Json run() override {
      try {
        logger.info("on");
        check_stop();
        return {};
      } catch (const RunCancelled&) {
        retry();
      }
    }
  };
  const auto run = testing::run_job<Tidies>({}, {.stop_when = [](auto&) { return "cancelled"; }});
  EXPECT_EQ(run.status, "FAILURE");
  EXPECT_EQ(run.reason, "cancelled");
}

class Stops : public Job {
 public:
  StringVar how{this, "how"};
  Json run() override {
    logger.info("working");
    if (*how == "ignores") return stop_requested();
    if (*how == "interrupted") throw std::system_error(EINTR, std::generic_category(), "read");
    if (*how == "other") throw std::runtime_error("of its own");
    if (*how == "tidies") {
      try {
        progress(1);
      } catch (const StopRequested&) {
        create_file("partial", "x");
        progress(2);
        return "tidied";
      }
    }
    check_stop();
    return "not stopped";
  }
};

testing::FinishedRun stopped(const char* how, const char* reason) {
  return testing::run_job<Stops>({{"how", how}}, {.stop_when = [reason](auto&) { return reason; }});
}

TEST(Stop, IsThrownAsTheReasonSays) {
  EXPECT_EQ(stopped("check", "soft_time_limit").reason, "soft_time_limit");
  EXPECT_EQ(stopped("check", "soft_time_limit").result["exc_type"], "SoftTimeLimitExceeded");
  EXPECT_EQ(stopped("check", "cancelled").reason, "cancelled");
  EXPECT_EQ(stopped("check", "cancelled").traceback,
            "windlass.jobs.RunCancelled: The run was cancelled.\n");
  EXPECT_EQ(stopped("check", "drain").result["exc_message"],
            "The worker is stopping and the run did not finish in time.");
}

TEST(Stop, IsThrownOnceSoThatAJobCanTidyUp) {
  const auto run = stopped("tidies", "soft_time_limit");
  EXPECT_EQ(run.status, "SUCCESS") << run.traceback;
  EXPECT_EQ(run.result, "tidied");
  EXPECT_EQ(run.files.size(), 1U);
}

TEST(Stop, OnlyWhatComesFromItCountsAsOne) {
  EXPECT_EQ(stopped("ignores", "cancelled").result, true);
  EXPECT_EQ(stopped("interrupted", "soft_time_limit").reason, "soft_time_limit");
  EXPECT_EQ(stopped("other", "soft_time_limit").reason, "exception");
}

class WaitsForToken : public Job {
 public:
  Json run() override {
    const std::stop_token token = stop_token();
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    logger.info("waiting");
    changed.wait(lock, token, [] { return false; });
    check_stop();
    return {};
  }
};

TEST(Stop, ReachesAWaitByItsToken) {
  const auto run =
      testing::run_job<WaitsForToken>({}, {.stop_when = [](auto&) { return "drain"; }});
  EXPECT_EQ(run.reason, "cancelled");
}

TEST(Job, WorksOnlyInARun) {
  Keeps idle;
  EXPECT_THROW(idle.progress(1), JobError);
  EXPECT_THROW(idle.create_file("a", "b"), JobError);
  EXPECT_THROW(idle.retry(), JobError);
  EXPECT_NO_THROW(idle.check_stop());
  EXPECT_EQ(idle.task_id(), "");
  EXPECT_EQ(idle.attempt(), 0);
}

}  // namespace
}  // namespace windlass::jobs
