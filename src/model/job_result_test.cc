#include "model/job_result.h"

#include <gtest/gtest.h>

#include <set>

namespace windlass {
namespace {

JobResult result_number(std::int64_t number) {
  JobResult result;
  result.number = number;
  result.id = new_id(from_micros(1'700'000'000'000'000));
  return result;
}

TEST(EntryId, HoldsNumberAndSequence) {
  constexpr std::int64_t kLargest = (std::int64_t{1} << 40) - 1;
  for (const std::int64_t number : {std::int64_t{1}, std::int64_t{77'123}, kLargest}) {
    for (const std::int64_t sequence : {std::int64_t{1}, std::int64_t{1'000'000}, kLargest}) {
      const auto key = parse_entry_id(entry_id(result_number(number), sequence));
      ASSERT_TRUE(key);
      EXPECT_EQ(key->number, number);
      EXPECT_EQ(key->sequence, sequence);
    }
  }
}

TEST(EntryId, IsAUuidOfVersion8AndUnique) {
  const JobResult result = result_number(5);
  std::set<Uuid> seen;
  for (std::int64_t sequence = 1; sequence <= 1'000; ++sequence) {
    const Uuid id = entry_id(result, sequence);
    EXPECT_TRUE(seen.insert(id).second);
    EXPECT_EQ(id.to_string()[14], '8');
    EXPECT_NE(std::string("89ab").find(id.to_string()[19]), std::string::npos);
  }
}

TEST(EntryId, OfAnotherResultDiffers) {
  EXPECT_NE(entry_id(result_number(5), 1), entry_id(result_number(5), 1));
}

TEST(EntryId, RefusesOtherIds) {
  EXPECT_FALSE(parse_entry_id(Uuid{}));
  EXPECT_FALSE(parse_entry_id(new_id(from_micros(1'700'000'000'000'000))));
}

TEST(LevelCounter, CountsFailuresAsErrors) {
  EXPECT_EQ(level_counter("info"), "info");
  EXPECT_EQ(level_counter("success"), "success");
  EXPECT_EQ(level_counter("failure"), "error");
  EXPECT_EQ(level_counter("critical"), "error");
}

}  // namespace
}  // namespace windlass
