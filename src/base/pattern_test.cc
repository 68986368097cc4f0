#include "base/pattern.h"

#include <gtest/gtest.h>

namespace windlass {
namespace {

TEST(Pattern, MatchesFromTheStartOrAnywhere) {
  const Pattern digits = *Pattern::compile("[0-9]+");
  EXPECT_TRUE(*digits.matches_start("12ab"));
  EXPECT_FALSE(*digits.matches_start("ab12"));
  EXPECT_TRUE(*digits.matches("ab12"));
  EXPECT_FALSE(*digits.matches("ab"));
  EXPECT_FALSE(*digits.matches(""));
}

TEST(Pattern, KnowsUnicodeAndCase) {
  EXPECT_TRUE(*Pattern::compile("^\\w+$")->matches("grüße"));
  EXPECT_TRUE(*Pattern::compile("straße", true)->matches("STRAßE"));
  EXPECT_FALSE(*Pattern::compile("password")->matches("PASSWORD"));
  EXPECT_TRUE(*Pattern::compile("^.$")->matches("ü"));
}

TEST(Pattern, ReplacesEveryMatch) {
  const Pattern pattern = *Pattern::compile("(password|token)=\\S+");
  EXPECT_EQ(*pattern.replace_all("password=a token=b rest", "$1=(redacted)"),
            "password=(redacted) token=(redacted) rest");
  EXPECT_EQ(*pattern.replace_all("nothing here", "$1"), "nothing here");
  EXPECT_EQ(*pattern.replace_all("", "x"), "");
}

TEST(Pattern, ReplacementMayGrowTheTextManyTimes) {
  const std::string big(1000, 'y');
  EXPECT_EQ(Pattern::compile("a")->replace_all(std::string(1000, 'a'), big)->size(), 1'000'000u);
}

TEST(Pattern, SaysWhatIsWrongAndWhere) {
  const auto broken = Pattern::compile("(open");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, "pattern.invalid");
  EXPECT_NE(broken.error().message.find("position 5"), std::string::npos) << broken.error().message;
}

TEST(Pattern, GivesUpInsteadOfRunningForEver) {
  const Pattern evil = *Pattern::compile("^(a+)+$");
  const auto outcome = evil.matches(std::string(60, 'a') + "b");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, "pattern.limit");
  EXPECT_EQ(evil.replace_all(std::string(60, 'a') + "b", "x").error().code, "pattern.limit");
}

TEST(Pattern, LongTextsNeedNoDeepStack) {
  const Pattern alternatives = *Pattern::compile("^(?:a|b)*c");
  std::string text(20'000, 'a');
  EXPECT_FALSE(alternatives.matches(text).value());
  EXPECT_TRUE(alternatives.matches(text + "c").value());
}

TEST(Pattern, CopiesShareTheCompiledForm) {
  Pattern copy = *Pattern::compile("x");
  {
    const Pattern original = *Pattern::compile("y");
    copy = original;
  }
  EXPECT_TRUE(*copy.matches("y"));
  EXPECT_EQ(copy.expression(), "y");
}

}  // namespace
}  // namespace windlass
