#include "model/states.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace windlass {
namespace {

using enum JobResultStatus;
constexpr JobResultStatus kAll[] = {kPending, kStarted, kRetry, kSuccess, kFailure, kRevoked};

TEST(States, NamesGoBothWays) {
  for (const JobResultStatus status : kAll) EXPECT_EQ(parse_status(to_string(status)), status);
  EXPECT_EQ(parse_status("pending"), std::nullopt);
  EXPECT_EQ(parse_status(""), std::nullopt);
}

// The drawing in spec/job-states.md, arrow by arrow.
TEST(States, FollowOneAnotherAsDrawn) {
  const std::set<std::pair<JobResultStatus, JobResultStatus>> arrows{
      {kPending, kStarted}, {kPending, kRevoked}, {kPending, kFailure}, {kStarted, kRetry},
      {kStarted, kSuccess}, {kStarted, kFailure}, {kStarted, kRevoked}, {kRetry, kStarted},
      {kRetry, kRevoked},   {kRetry, kFailure}};
  for (const JobResultStatus from : kAll) {
    for (const JobResultStatus to : kAll) {
      EXPECT_EQ(may_follow(from, to), arrows.contains({from, to}))
          << to_string(from) << " to " << to_string(to);
    }
  }
}

TEST(States, FinalOnesHaveNoArrowOut) {
  for (const JobResultStatus from : kAll) {
    bool leads_on = false;
    for (const JobResultStatus to : kAll) leads_on = leads_on || may_follow(from, to);
    EXPECT_NE(is_final(from), leads_on);
  }
}

}  // namespace
}  // namespace windlass
