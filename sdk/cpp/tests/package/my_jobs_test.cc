#include <gtest/gtest.h>

#include <stdexcept>
#include <windlass/testing.hpp>

#include "count.h"
#include "greet.h"
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

TEST(MyJobs, ReceivesAPress) {
  EXPECT_EQ(windlass::testing::declaration<Ping>()["is_job_button_receiver"], true);
  EXPECT_EQ(Ping().receive_job_button({"extras.job", "0190"}), "0190");
}

TEST(MyJobs, RefusesWhatTheServerWould) {
  EXPECT_THROW(windlass::testing::run_job<Count>({{"up_to", 10}}), std::invalid_argument);
}
