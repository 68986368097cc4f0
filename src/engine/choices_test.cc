#include "engine/choices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace windlass::engine {
namespace {

using testing::HasSubstr;

/// The choices, or the sentence.
std::string outcome(const json::array& returned) {
  const auto checked = checked_choices(returned);
  if (checked.ok()) return to_text(*checked);
  EXPECT_EQ(checked.error().code, "job.choices");
  return checked.error().message;
}
std::string outcome(const char* returned) {
  return outcome(parse_json(returned).value().get_array());
}

json::array list_of(json::array entry) {
  json::array list;
  list.push_back(std::move(entry));
  return list;
}

TEST(Choices, ArePairsAndGroupsOfTexts) {
  EXPECT_EQ(outcome("[]"), "[]");
  EXPECT_EQ(outcome(R"([["a", "A"], [5, true]])"), R"([["a","A"],["5","True"]])");
  EXPECT_EQ(outcome(R"([["Warm", [["r", "Red"], ["o", "Orange"]]], ["b", "Blue"]])"),
            R"([["Warm",[["r","Red"],["o","Orange"]]],["b","Blue"]])");
}

TEST(Choices, RefuseWhatIsNone) {
  EXPECT_EQ(outcome(R"(["a"])"), R"(holds "a", which is no (value, label) pair)");
  EXPECT_EQ(outcome(R"([["a"]])"), R"(holds ["a"], which is no (value, label) pair)");
  EXPECT_EQ(outcome(R"([["a", {"b": 1}]])"), R"(holds {"b":1}, where text belongs)");
  EXPECT_EQ(outcome(R"([["g", [["h", [["a", "A"]]]]]])"), R"(has the group "h" within a group)");
  EXPECT_LT(outcome(list_of(json::array{std::string(500, 'x')})).size(), 120u)
      << "the sentence quotes a piece";
}

TEST(Choices, AreBounded) {
  json::array many;
  for (int i = 0; i < 10'000; ++i) many.push_back(json::array{i, i});
  EXPECT_TRUE(checked_choices(many).ok());
  json::array in_group = many;
  in_group.push_back(json::array{"one", "more"});
  EXPECT_THAT(outcome(list_of(json::array{"group", in_group})),
              HasSubstr("more than 10000 choices"));
  EXPECT_THAT(outcome(list_of(json::array{"a", std::string(1 << 20, 'x')})),
              HasSubstr("more than 1048576 bytes"));
}

TEST(Choices, CannotBeHadWithoutJobCode) {
  NoChoices none;
  Job job;
  job.class_path = "m.J";
  const auto refused = none.compute(job, "sites", {});
  EXPECT_EQ(refused.error().code, "job.choices");
  EXPECT_THAT(refused.error().message, HasSubstr("m.J.sites()"));
}

}  // namespace
}  // namespace windlass::engine
