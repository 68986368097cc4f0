#include "runner/tool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "base/files.h"
#include "runner/pool_fixture.h"

namespace windlass::runner {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

class ToolTest : public testing::Test {
 protected:
  Result<ToolEnd> run(const std::string& script, Micros time_limit = Micros(0)) {
    return run_tool(
        {{"/bin/sh", "-c", script}, {"WORD=told"}, folder_.path(), {}, time_limit},
        [&](std::string_view line) {
          lines_.emplace_back(line);
          if (line == "stop me") stopped_ = true;
        },
        [&] { return !stopped_; });
  }
  pid_t pid_in(const std::string& line) const { return std::stoi(line); }

  TemporaryFolder folder_ = TemporaryFolder::make().value();
  std::vector<std::string> lines_;
  bool stopped_ = false;
};

TEST_F(ToolTest, TellsItsLinesAndHowItEnded) {
  const auto end = run("echo $WORD; pwd >&2; printf 'half\\rwhole\\n\\nlast'; exit 3");
  ASSERT_TRUE(end.ok()) << end.error().message;
  EXPECT_EQ(end->how, ToolEnd::How::kExited);
  EXPECT_EQ(WEXITSTATUS(end->wait_status), 3);
  EXPECT_FALSE(end->succeeded());
  EXPECT_THAT(lines_, ElementsAre("told", folder_.path().string(), "half", "whole", "last"));
  EXPECT_TRUE(run("exit 0")->succeeded());
}

TEST_F(ToolTest, AProgramThatIsNotThereIsAnError) {
  const auto end = run_tool(
      {{"/nowhere/pip"}, {}}, [](std::string_view) {}, [] { return true; });
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, "runner.interpreter");
  EXPECT_THAT(end.error().message, HasSubstr("/nowhere/pip"));
}

TEST_F(ToolTest, AStopEndsWhateverItStarted) {
  const auto end =
      run("mkfifo ready; setsid sleep 3600 & echo $!;"
          "(setsid sh -c 'echo $$; echo >ready; exec sleep 3600' &);"
          "read line <ready; echo stop me; wait; exec sleep 3600");
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end->how, ToolEnd::How::kStopped);
  ASSERT_EQ(lines_.size(), 3u);
  for (const std::string& line : lines_) {
    if (line == "stop me") continue;
    EXPECT_FALSE(is_alive(pid_in(line))) << line;
  }
}

TEST_F(ToolTest, ATimeLimitEndsIt) {
  const auto end = run("echo $$; exec sleep 3600", milliseconds(50));
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end->how, ToolEnd::How::kTimedOut);
  EXPECT_FALSE(end->succeeded());
}

TEST_F(ToolTest, WhatItLeavesBehindEndsWithIt) {
  const auto end =
      run("mkfifo ready; setsid sh -c 'echo $$; echo >ready; exec sleep 3600' & read line <ready");
  ASSERT_TRUE(end.ok());
  EXPECT_TRUE(end->succeeded());
  ASSERT_EQ(lines_.size(), 1u);
  for (const std::string& line : lines_) EXPECT_FALSE(is_alive(pid_in(line)));
}

}  // namespace
}  // namespace windlass::runner
