#include "model/retry.h"

#include <gtest/gtest.h>

#include <limits>

namespace windlass {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Retry, TheDeclaredNumberOfFurtherAttemptsIsAllowed) {
  EXPECT_FALSE(declared_retry({-1, 1, 1}, 1));
  EXPECT_FALSE(declared_retry({0, 1, 1}, 1));
  EXPECT_TRUE(declared_retry({2, 1, 1}, 1));
  EXPECT_TRUE(declared_retry({2, 1, 1}, 2));
  EXPECT_FALSE(declared_retry({2, 1, 1}, 3));
}

TEST(Retry, EachLaterDelayIsLonger) {
  const RetryRule rule{9, 1.5, 2};
  EXPECT_EQ(declared_retry(rule, 1), milliseconds(1500));
  EXPECT_EQ(declared_retry(rule, 2), seconds(3));
  EXPECT_EQ(declared_retry(rule, 3), seconds(6));
}

TEST(Retry, NonsenseAndEternityAreBounded) {
  EXPECT_EQ(declared_retry({1000, 10, 10}, 900), kLongestRetryDelay);
  EXPECT_EQ(declared_retry({1, -5, 1}, 1), Micros(0));
  EXPECT_EQ(retry_wait(std::numeric_limits<double>::quiet_NaN()), Micros(0));
  EXPECT_EQ(retry_wait(std::numeric_limits<double>::infinity()), kLongestRetryDelay);
  EXPECT_EQ(retry_wait(0.25), milliseconds(250));
}

}  // namespace
}  // namespace windlass
