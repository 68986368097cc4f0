#include "engine/password_checks.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace windlass::engine {
namespace {

bool same(std::string_view stored, std::string_view password) {
  return stored == password;
}

class PasswordChecksTest : public testing::Test {
 protected:
  std::string outcome(std::string_view name, std::string_view password) {
    const auto right = checks_.check(name, "right", password);
    return right.ok() ? (*right ? "right" : "wrong") : right.error().code;
  }
  FakeClock clock_;
  PasswordChecks checks_{clock_, &same};
};

TEST_F(PasswordChecksTest, TellsRightFromWrong) {
  EXPECT_EQ(outcome("ada", "right"), "right");
  EXPECT_EQ(outcome("ada", "left"), "wrong");
  EXPECT_FALSE(checks_.check("ada", "", "").value()) << "no password opens what has none";
}

TEST_F(PasswordChecksTest, ANameThatFailsOftenHasToWait) {
  for (std::size_t i = 0; i < PasswordChecks::kMostPerName; ++i) {
    EXPECT_EQ(outcome("ada", "left"), "wrong");
    clock_.advance(std::chrono::seconds(1));
  }
  EXPECT_EQ(outcome("ada", "right"), "auth.too_many_attempts");
  EXPECT_EQ(outcome("grace", "right"), "right") << "others do not";
  const Micros wait = checks_.retry_after("ada");
  EXPECT_EQ(wait, PasswordChecks::kWindow - std::chrono::seconds(10));
  clock_.advance(wait - Micros(1));
  EXPECT_EQ(outcome("ada", "right"), "auth.too_many_attempts");
  clock_.advance(Micros(1));
  EXPECT_EQ(outcome("ada", "right"), "right");
}

TEST_F(PasswordChecksTest, ASuccessForgetsTheFailures) {
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 1; i < PasswordChecks::kMostPerName; ++i) {
      EXPECT_EQ(outcome("ada", "left"), "wrong");
    }
    EXPECT_EQ(outcome("ada", "right"), "right");
  }
}

TEST_F(PasswordChecksTest, ManyNamesAreCountedTogether) {
  for (std::size_t i = 0; i < PasswordChecks::kMostInAll; ++i) {
    EXPECT_EQ(outcome("name" + std::to_string(i), "left"), "wrong");
  }
  EXPECT_EQ(outcome("ada", "right"), "auth.too_many_attempts");
  EXPECT_EQ(checks_.retry_after("ada"), PasswordChecks::kWindow);
  clock_.advance(PasswordChecks::kWindow);
  EXPECT_EQ(outcome("ada", "right"), "right");
}

TEST(PasswordChecksAtOnce, OnlyFewAreUnderWayAndFewWait) {
  FakeClock clock;
  std::mutex mutex;
  std::condition_variable changed;
  int under_way = 0;
  int most = 0;
  int refused = 0;
  bool release = false;
  PasswordChecks checks(clock, [&](std::string_view, std::string_view) {
    std::unique_lock lock(mutex);
    most = std::max(most, ++under_way);
    changed.notify_all();
    changed.wait(lock, [&] { return release; });
    --under_way;
    return true;
  });
  std::vector<std::thread> threads;
  constexpr int kFit = PasswordChecks::kAtOnce + PasswordChecks::kMostWaiting;
  for (int i = 0; i <= kFit; ++i) {
    threads.emplace_back([&, i] {
      const auto right = checks.check("name" + std::to_string(i), "stored", "password");
      const std::lock_guard lock(mutex);
      if (right.ok()) return;
      EXPECT_EQ(right.error().code, "auth.too_many_attempts");
      ++refused;
      changed.notify_all();
    });
  }
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return refused == 1 && under_way == PasswordChecks::kAtOnce; });
    release = true;
    changed.notify_all();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, PasswordChecks::kAtOnce);
  EXPECT_EQ(refused, 1);
}

}  // namespace
}  // namespace windlass::engine
