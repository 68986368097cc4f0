#include <gtest/gtest.h>

#include <ostream>
#include <stdexcept>
#include <windlass/jobs.hpp>
#include <windlass/testing.hpp>

namespace windlass::jobs {
namespace {

struct Place {
  std::string get_absolute_url() const { return "/places/paris/"; }
};
std::ostream& operator<<(std::ostream& out, const Place&) {
  return out << "Paris";
}

struct Unprintable {};
std::ostream& operator<<(std::ostream&, const Unprintable&) {
  throw std::runtime_error("no");
}

enum class Size { small, large };

TEST(Format, TakesWhatStdFormatTakes) {
  EXPECT_EQ(format("{} {} {}", 1, "two", 3.5), "1 two 3.5");
  EXPECT_EQ(format("{1} {0} {{}}", "a", 'b'), "b a {}");
  EXPECT_EQ(format("[{:5}|{:<5}|{:^5}|{:*>5}]", 1, 2, 3, 4), "[    1|2    |  3  |****4]");
  EXPECT_EQ(format("[{:5}|{:>5}|{:.2}]", "ab", "ü", "äöü"), "[ab   |    ü|äö]");
  EXPECT_EQ(format("{:05d} {:+} {:x} {:#X} {:b} {:o}", -42, 7, 255, 255, 5, 8),
            "-0042 +7 ff 0XFF 101 10");
  EXPECT_EQ(format("{:.2f} {:e} {:g} {}", 3.14159, 1.0, 0.5, 2.0), "3.14 1.000000e+00 0.5 2.0");
  EXPECT_EQ(format("{} {} {}", true, std::string("s"), INT64_MIN), "true s -9223372036854775808");
  EXPECT_EQ(format("{} {}", UINT64_MAX, Size::large), "18446744073709551615 1");
}

TEST(Format, TakesWhatPrintsAndWhatIsJson) {
  EXPECT_EQ(format("{:>6}", Place()), " Paris");
  EXPECT_EQ(format("{} {}", std::vector<int>{1, 2}, Json("text")), "[1,2] text");
  EXPECT_EQ(format("{}", std::runtime_error("gone")), "gone");
  EXPECT_EQ(format("{}", std::optional<int>()), "null");
}

TEST(Format, WithoutArgumentsTheTextStands) {
  EXPECT_EQ(format("{} {"), "{} {");
}

TEST(Format, WhatDoesNotFitIsShownAllTheSame) {
  EXPECT_EQ(format("{} {}", 1), "{} {} 1");
  EXPECT_EQ(format("{", 1), "{ 1");
  EXPECT_EQ(format("{:q}", 1), "{:q} 1");
  EXPECT_EQ(format("{:x}", "text"), "{:x} text");
  EXPECT_EQ(format("{} }", 1), "{} } 1");
  EXPECT_EQ(format("{} {}", 1, Unprintable()), "{} {} 1 <unprintable>");
}

class Says : public Job {
 public:
  void helper() { logger.success("from a helper"); }
  Json run() override {
    logger.debug("at {}", "debug");
    helper();
    logger.grouping("cities").about(Place()).info("seen {}", Place());
    logger.about("Rome", "/places/rome/").warning(std::string("{} stays"));
    Logger().error("bad \xFF");
    logger.console_only().critical("not in the log");
    return {};
  }
};

TEST(Logger, SendsLevelGroupingAndObject) {
  const auto run = testing::run_job<Says>();
  ASSERT_EQ(run.logs.size(), 5U) << run.traceback;
  EXPECT_EQ(run.logs[0].level, "debug");
  EXPECT_EQ(run.logs[0].message, "at debug");
  EXPECT_EQ(run.logs[0].grouping, "run");
  EXPECT_EQ(run.logs[1].level, "success");
  EXPECT_EQ(run.logs[1].grouping, "helper");
  EXPECT_EQ(run.logs[2].grouping, "cities");
  EXPECT_EQ(run.logs[2].object, "Paris");
  EXPECT_EQ(run.logs[2].url, "/places/paris/");
  EXPECT_EQ(run.logs[2].message, "seen Paris");
  EXPECT_EQ(run.logs[3].message, "{} stays");
  EXPECT_EQ(run.logs[3].object, "Rome");
  EXPECT_EQ(run.logs[4].message, "bad \xEF\xBF\xBD");
}

class Long : public Job {
 public:
  Json run() override {
    logger.info(std::string(9'000'000, 'x'));
    return {};
  }
};

TEST(Logger, ShortensWhatTheHostWouldNotKeep) {
  const auto run = testing::run_job<Long>();
  ASSERT_EQ(run.logs.size(), 1U);
  EXPECT_TRUE(run.logs[0].message.ends_with("x… (611392 more bytes left out)"));
}

TEST(Logger, OutsideOfARunWritesToStderr) {
  ::testing::internal::CaptureStderr();
  Logger().grouping("setup").info("{} ready", 1);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "info: setup: 1 ready\n");
}

}  // namespace
}  // namespace windlass::jobs
