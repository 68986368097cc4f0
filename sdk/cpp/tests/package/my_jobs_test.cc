#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <windlass/testing.hpp>

#include "count.h"
#include "greet.h"
#include "limits.h"
#include "ping.h"

TEST(MyJobs, GreetsTheOneWhoIsNamed) {
  const auto run = windlass::testing::run_job<Greet>({{"who", "you"}});
  EXPECT_EQ(run.status, "SUCCESS") << run.traceback;
  EXPECT_EQ(run.result, "hello you");
  ASSERT_EQ(run.logs.size(), 1U);
  EXPECT_EQ(run.logs[0].message, "Greeting you");
}

TEST(MyJobs, CountsAndKeepsAFile) {
  const auto run = windlass::testing::run_job<Count>({{"up_to", 3}});
  EXPECT_EQ(run.result["sum"], 6) << run.traceback;
  EXPECT_EQ(run.files.at("sum.txt"), "6");
  EXPECT_EQ(run.progress.back().done, 3);
}

/// A libyaml of the program's own, which the library's calls are not to reach.
extern "C" int yaml_parser_initialize(void*) {
  std::abort();
}

TEST(MyJobs, ReadsYamlWhateverLibyamlTheProgramHas) {
  const auto run = windlass::testing::run_job<Limits>();
  EXPECT_EQ(run.result["disk"], 90) << run.traceback;
  EXPECT_EQ(run.result["since"], "2001-12-14");
}

TEST(MyJobs, ReceivesAPress) {
  EXPECT_EQ(windlass::testing::declaration<Ping>()["is_job_button_receiver"], true);
  EXPECT_EQ(Ping().receive_job_button({"extras.job", "0190"}), "0190");
}

TEST(MyJobs, RefusesWhatTheServerWould) {
  EXPECT_THROW(windlass::testing::run_job<Count>({{"up_to", 10}}), std::invalid_argument);
}
