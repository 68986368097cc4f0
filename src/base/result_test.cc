#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace windlass {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return Error{"number.odd", "The number is odd."};
  return number / 2;
}

Result<int> quarter_of(int number) {
  WL_TRY(const int half, half_of(number));
  WL_TRY(const int quarter, half_of(half));
  return quarter;
}

Result<void> require_even(int number) {
  WL_TRY_VOID(half_of(number));
  return ok();
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_EQ(*half_of(8), 4);
  EXPECT_TRUE(half_of(8).ok());
  EXPECT_FALSE(half_of(7));
  EXPECT_EQ(half_of(7).error().code, "number.odd");
}

TEST(Result, TryPassesTheFirstErrorOn) {
  EXPECT_EQ(*quarter_of(8), 2);
  EXPECT_EQ(quarter_of(6).error().code, "number.odd");
  EXPECT_TRUE(require_even(2).ok());
  EXPECT_EQ(require_even(3).error().message, "The number is odd.");
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> made(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = std::move(made).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Result, ValueOrGivesTheOtherOnlyForAnError) {
  EXPECT_EQ(half_of(8).value_or(0), 4);
  EXPECT_EQ(half_of(7).value_or(-1), -1);
}

TEST(ResultDeathTest, ReadingWhatIsNotThereEndsTheProcess) {
  EXPECT_DEATH((void)half_of(7).value(), "number.odd");
  EXPECT_DEATH((void)half_of(8).error(), "holds a value");
  EXPECT_DEATH(require_even(3).value(), "number.odd");
}

}  // namespace
}  // namespace windlass
