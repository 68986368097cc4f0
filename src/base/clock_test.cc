#include "base/clock.h"

#include <gtest/gtest.h>

namespace windlass {
namespace {

TEST(Rfc3339, WritesMicrosecondsInUtc) {
  EXPECT_EQ(to_rfc3339(from_micros(0)), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(to_rfc3339(from_micros(1'700'000'000'000'042)), "2023-11-14T22:13:20.000042Z");
  EXPECT_EQ(to_rfc3339(from_micros(-1)), "1969-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, ReadsWhatItWrites) {
  for (const std::int64_t micros :
       {0LL, 1LL, -1LL, 951'827'696'123'456LL, 4'102'444'800'000'000LL}) {
    EXPECT_EQ(to_micros(*parse_rfc3339(to_rfc3339(from_micros(micros)))), micros);
  }
}

TEST(Rfc3339, ReadsOffsetsAndShortForms) {
  const TimePoint noon = *parse_rfc3339("2026-01-31T12:00:00Z");
  EXPECT_EQ(*parse_rfc3339("2026-01-31T14:00:00+02:00"), noon);
  EXPECT_EQ(*parse_rfc3339("2026-01-31T06:30:00-05:30"), noon);
  EXPECT_EQ(*parse_rfc3339("2026-01-31 12:00:00z"), noon);
  EXPECT_EQ(*parse_rfc3339("2026-01-31T14:00:00 02:00"), noon) << "a plus of a query string";
  EXPECT_EQ(*parse_rfc3339("2026-01-31"), noon - std::chrono::hours(12));
  EXPECT_EQ(*parse_rfc3339("2026-01-31T12:00:00.5Z"), noon + std::chrono::milliseconds(500));
  EXPECT_EQ(*parse_rfc3339("2026-01-31T12:00:00.0000019Z"), noon + Micros(1));
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "now", "2026-02-30", "2026-13-01", "2026-01-31T", "2026-01-31T24:00:00Z",
        "2026-01-31T12:60:00Z", "2026-01-31T12:00:00", "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00Zx", "2026-01-31T12:00:00+2:00", "2026-01-31T12:00:00+24:00",
        "2026-01-31T12:00:00+02:60", "26-01-31"}) {
    const auto parsed = parse_rfc3339(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code, "time.invalid");
  }
}

TEST(FakeClock, MovesOnlyWhenTold) {
  FakeClock clock;
  const TimePoint start = clock.now();
  const Micros steady = clock.steady();
  EXPECT_EQ(clock.now(), start);
  clock.advance(std::chrono::seconds(3));
  EXPECT_EQ(clock.now() - start, std::chrono::seconds(3));
  EXPECT_EQ(clock.steady() - steady, std::chrono::seconds(3));
}

TEST(SystemClock, SteadyNeverGoesBack) {
  const SystemClock clock;
  Micros last = clock.steady();
  for (int i = 0; i < 1000; ++i) {
    const Micros now = clock.steady();
    EXPECT_GE(now, last);
    last = now;
  }
  EXPECT_GT(to_micros(clock.now()), 1'700'000'000'000'000);
}

}  // namespace
}  // namespace windlass
