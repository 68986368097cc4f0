#include "base/ids.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace windlass {
namespace {

TEST(Uuid, ReadsBothFormsAndWritesOne) {
  const auto id = Uuid::parse("0190F3A1-0000-7ABC-8DEF-0123456789ab");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->to_string(), "0190f3a1-0000-7abc-8def-0123456789ab");
  EXPECT_EQ(Uuid::parse("0190f3a100007abc8def0123456789ab"), id);
}

TEST(Uuid, RefusesAnythingElse) {
  for (const char* text :
       {"", "x", "0190f3a1-0000-7abc-8def-0123456789a", "0190f3a1-0000-7abc-8def-0123456789abc",
        "0190f3a10-000-7abc-8def-0123456789ab", "0190f3a1-0000-7abc-8def-0123456789ag",
        "{190f3a1-0000-7abc-8def-0123456789ab"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(Uuid, NilMeansNone) {
  EXPECT_TRUE(Uuid{}.is_nil());
  EXPECT_EQ(Uuid{}.to_string(), "00000000-0000-0000-0000-000000000000");
  EXPECT_FALSE(new_id(from_micros(0)).is_nil());
}

TEST(NewId, IsAVersion7ThatHoldsTheTime) {
  const TimePoint far = from_micros(4'000'000'000'000'000);  // later than any other test's ids
  const Uuid id = new_id(far);
  std::uint64_t millis = 0;
  for (int i = 0; i < 6; ++i) millis = millis << 8 | id.bytes[i];
  EXPECT_EQ(millis, 4'000'000'000'000u);
  EXPECT_EQ(id.bytes[6] >> 4, 7);
  EXPECT_EQ(id.bytes[8] >> 6, 2);
}

TEST(NewId, IncreasesEvenWhenTheClockGoesBack) {
  Uuid last = new_id(from_micros(4'000'000'001'000'000));
  for (int i = 0; i < 5000; ++i) {
    const Uuid next = new_id(from_micros(4'000'000'000'000'000));
    ASSERT_GT(next, last);
    last = next;
  }
}

TEST(NewId, IsUniqueAcrossThreads) {
  std::vector<std::vector<Uuid>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < 2000; ++i) mine.push_back(new_id(from_micros(1'700'000'000'000'000)));
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<Uuid> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 8000u);
}

}  // namespace
}  // namespace windlass
