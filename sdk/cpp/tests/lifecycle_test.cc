#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <limits>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <windlass/jobs.hpp>
#include <windlass/testing.hpp>

#include "host_for_tests.h"

namespace windlass::jobs {
namespace {

/// Logs the order of its methods; inputs say where it fails.
class Steps : public Job {
 public:
  StringVar fails_in{this, "fails_in", {.required = false}};
  BooleanVar softly{this, "softly"};

  void step(const std::string& name, const std::string& detail = "") {
    logger.info("{}{}", name, detail);
    if (*fails_in != name) return;
    if (softly) return fail("{} fails", name);
    throw std::runtime_error(name + " throws");
  }
  void before_start() override { step("before_start"); }
  Json run() override {
    step("run");
    return "done";
  }
  void on_success(const Outcome& outcome) override {
    step("on_success", format(" {}", outcome.result.dump()));
  }
  void on_failure(const Outcome& outcome) override {
    step("on_failure", format(" {} {}", outcome.exception_type, outcome.result.dump()));
  }
  void after_return(const Outcome& outcome) override {
    step("after_return", format(" {}", outcome.status));
  }
};

std::string steps_of(const testing::FinishedRun& run) {
  std::string steps;
  for (const testing::LogEntry& entry : run.logs) {
    if (entry.level == "info") steps += (steps.empty() ? "" : ", ") + entry.message;
  }
  return steps;
}

testing::FinishedRun run_steps(const char* fails_in, bool softly = false) {
  return testing::run_job<Steps>({{"fails_in", fails_in}, {"softly", softly}});
}

TEST(Lifecycle, CallsTheMethodsInOrder) {
  const auto run = run_steps("");
  EXPECT_EQ(run.status, "SUCCESS");
  EXPECT_EQ(run.result, "done");
  EXPECT_EQ(steps_of(run), "before_start, run, on_success \"done\", after_return SUCCESS");
}

TEST(Lifecycle, AnExceptionIsAFailure) {
  const auto run = run_steps("run");
  EXPECT_EQ(run.reason, "exception");
  EXPECT_EQ(run.result.dump(),
            R"({"exc_type":"std::runtime_error","exc_message":"run throws","exc_module":"std"})");
  EXPECT_EQ(run.traceback, "std::runtime_error: run throws\n");
  EXPECT_EQ(steps_of(run),
            "before_start, run, on_failure std::runtime_error null, after_return FAILURE");
}

TEST(Lifecycle, BeforeStartThatFailsSkipsRun) {
  EXPECT_EQ(steps_of(run_steps("before_start")),
            "before_start, on_failure std::runtime_error null, after_return FAILURE");
  const auto softly = run_steps("before_start", true);
  EXPECT_EQ(softly.reason, "fail");
  EXPECT_EQ(steps_of(softly), "before_start, on_failure  null, after_return FAILURE");
}

TEST(Lifecycle, FailKeepsTheResult) {
  const auto run = run_steps("run", true);
  EXPECT_EQ(run.status, "FAILURE");
  EXPECT_EQ(run.reason, "fail");
  EXPECT_EQ(run.result, "done");
  EXPECT_EQ(run.traceback, "");
  EXPECT_EQ(steps_of(run), "before_start, run, on_failure  \"done\", after_return FAILURE");
  EXPECT_EQ(run_steps("after_return", true).reason, "fail");
}

TEST(Lifecycle, ASecondEndingIsToldToTheJob) {
  const auto success = run_steps("on_success");
  EXPECT_EQ(success.result["exc_message"], "on_success throws");
  EXPECT_EQ(steps_of(success),
            "before_start, run, on_success \"done\", on_failure std::runtime_error null, "
            "after_return FAILURE");
  EXPECT_EQ(run_steps("after_return").result["exc_message"], "after_return throws");
}

class ThrowsAnything : public Job {
 public:
  struct Odd {};
  StringVar what{this, "what"};
  Json run() override {
    if (*what == "text") throw std::string("words");
    if (*what == "odd") throw Odd();
    if (*what == "view") throw std::string_view("seen");
    if (*what == "held") throw std::make_exception_ptr(std::out_of_range("inner"));
    if (*what == "none") throw std::exception_ptr();
    if (*what == "code") throw std::make_error_code(std::errc::timed_out);
    if (*what == "half") throw 0.5;
    if (*what == "long") throw 1L << 40;
    if (*what == "nested") {
      try {
        throw std::out_of_range("inner");
      } catch (...) {
        std::throw_with_nested(std::runtime_error("outer"));
      }
    }
    throw 7;
  }
};

TEST(Lifecycle, ExceptionsOfAnyTypeKeepTheirText) {
  const auto thrown = [](const char* what) {
    return testing::run_job<ThrowsAnything>({{"what", what}});
  };
  EXPECT_EQ(thrown("text").result["exc_message"], "words");
  EXPECT_EQ(thrown("number").result["exc_message"], "7");
  EXPECT_EQ(thrown("number").result["exc_type"], "int");
  EXPECT_EQ(thrown("odd").result["exc_type"], "windlass::jobs::ThrowsAnything::Odd");
  EXPECT_EQ(thrown("view").result["exc_message"], "seen");
  EXPECT_EQ(thrown("held").result["exc_message"], "std::out_of_range: inner");
  EXPECT_EQ(thrown("none").result["exc_message"], "an empty std::exception_ptr was thrown");
  EXPECT_EQ(thrown("code").result["exc_message"], "Connection timed out");
  EXPECT_EQ(thrown("half").result["exc_message"], "0.5");
  EXPECT_EQ(thrown("long").result["exc_message"], "1099511627776");
  EXPECT_EQ(thrown("nested").result["exc_type"], "std::runtime_error");
  EXPECT_NE(thrown("nested").traceback.find("caused by std::out_of_range: inner"),
            std::string::npos);
}

class Returns : public Job {
 public:
  IntegerVar depth{this, "depth", {.required = false}};
  Json run() override {
    if (!depth.has_value()) {
      return {{"rows", Json::array({1, Json{{"x", std::numeric_limits<double>::quiet_NaN()}}})}};
    }
    Json value(1);
    for (std::int64_t level = 0; level < *depth; ++level) value = Json::array({std::move(value)});
    return value;
  }
};

TEST(Lifecycle, AResultThatJsonCannotHoldIsAFailure) {
  const auto run = testing::run_job<Returns>();
  EXPECT_EQ(run.reason, "return_value");
  EXPECT_EQ(run.result["exc_message"], "run() returned what JSON cannot hold: $.rows[1].x is nan");
  EXPECT_EQ(testing::run_job<Returns>({{"depth", 50}}).status, "SUCCESS");
  EXPECT_EQ(testing::run_job<Returns>({{"depth", 51}}).reason, "return_value");
}

class ReturnsMuch : public Job {
 public:
  IntegerVar mebibytes{this, "mebibytes"};
  Json run() override { return std::string(static_cast<std::size_t>(*mebibytes) << 20, 'x'); }
};

TEST(Lifecycle, AResultThatIsTooLargeIsAFailure) {
  EXPECT_EQ(testing::run_job<ReturnsMuch>({{"mebibytes", 62}}).status, "SUCCESS");
  const auto run = testing::run_job<ReturnsMuch>({{"mebibytes", 64}});
  EXPECT_EQ(run.reason, "return_value");
  EXPECT_EQ(run.result["exc_message"], "run() returned 64 MiB of JSON; at most 63 MiB can be kept");
}

class Forks : public Job {
 public:
  Json run() override {
    const pid_t child = fork();
    if (child == 0) throw std::runtime_error("of the copy");
    int status = 0;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }
};

TEST(Lifecycle, AForkedCopyHasNoSayInTheRun) {
  ::testing::internal::CaptureStderr();
  const auto run = testing::run_job<Forks>();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "std::runtime_error: of the copy\n");
  EXPECT_EQ(run.status, "SUCCESS");
  EXPECT_EQ(run.result, 1);
}

class Knows : public Job {
 public:
  Json run() override {
    return {{"task", task_id()},    {"user", user().name},  {"job", job().name}, {"queue", queue()},
            {"path", class_path()}, {"attempt", attempt()}, {"inputs", inputs()}};
  }
};
const auto registered = register_jobs<Knows, Steps>();

TEST(Lifecycle, AJobKnowsItsRun) {
  internal::KeepingHost host;
  const Json result = internal::run_job(internal::run_frame("Knows"), {}, host);
  EXPECT_EQ(result["result"].dump(),
            R"({"task":"0190","user":"admin","job":"A job","queue":"slow","path":"Knows",)"
            R"("attempt":1,"inputs":{}})");
}

TEST(Lifecycle, AnUnknownClassIsAFailure) {
  internal::KeepingHost host;
  const Json result = internal::run_job(internal::run_frame("talks.Gone"), {}, host);
  EXPECT_EQ(result["reason"], "unknown_class");
  EXPECT_EQ(result["result"]["exc_message"],
            "This version of the source has no job class talks.Gone.");
}

TEST(Lifecycle, AStopBeforeTheStartEndsTheRun) {
  internal::KeepingHost host;
  host.stop = "cancelled";
  const Json result = internal::run_job(internal::run_frame("Steps"), {}, host);
  EXPECT_EQ(result["reason"], "cancelled");
  EXPECT_TRUE(host.frames.empty());
}

}  // namespace
}  // namespace windlass::jobs
