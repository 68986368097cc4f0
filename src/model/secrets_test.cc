#include "model/secrets.h"

#include <gtest/gtest.h>

namespace windlass {
namespace {

Secrets secrets_of(const json::value& value) {
  Secrets secrets;
  secrets.add(value);
  return secrets;
}

TEST(Secrets, AreHiddenWhereverTheyComeUp) {
  const Secrets secrets = secrets_of("hunter22");
  EXPECT_EQ(secrets.hide("hunter22"), "(redacted)");
  EXPECT_EQ(secrets.hide("xhunter22hunter22 hunter2"), "x(redacted)(redacted) hunter2");
  EXPECT_EQ(secrets.hide("Hunter22"), "Hunter22") << "the very value only";
  EXPECT_EQ(secrets.hide(""), "");
}

TEST(Secrets, ShortTextsAndNumbersAreLeftAlone) {
  EXPECT_TRUE(secrets_of("12345").empty());
  EXPECT_TRUE(secrets_of("éé12").empty()) << "characters count, not bytes";
  EXPECT_TRUE(secrets_of(123456789).empty());
  EXPECT_EQ(secrets_of("123456").hide("a 1234567"), "a (redacted)7");
  EXPECT_EQ(Secrets().hide("anything"), "anything");
}

TEST(Secrets, TextsWithinJsonAreFoundAtAnyDepth) {
  const Secrets secrets =
      secrets_of(json::object{{"user_name", "robert"}, {"list", json::array{1, "deep-secret"}}});
  EXPECT_EQ(secrets.hide("user_name robert deep-secret"), "user_name (redacted) (redacted)");
}

TEST(Secrets, EachLineOfATextIsOne) {
  const Secrets secrets = secrets_of("-----BEGIN\n  MIIEabcdef \r\nshort\n");
  EXPECT_EQ(secrets.hide("got MIIEabcdef."), "got (redacted).");
  EXPECT_EQ(secrets.hide("short"), "short");
}

TEST(Secrets, TheLongestOfSeveralWins) {
  const Secrets secrets = secrets_of(json::array{"secret", "secret-one", "secret-one-two"});
  EXPECT_EQ(secrets.hide("secret-one-two secret-one secret"), "(redacted) (redacted) (redacted)");
}

TEST(Secrets, AreKnownAsJsonWritesThem) {
  const std::string value = "quo\"ted\\text";
  const Secrets secrets = secrets_of(json::value(value));
  EXPECT_EQ(secrets.hide(to_text(json::object{{"a", value}})), R"json({"a":"(redacted)"})json");
}

TEST(Secrets, APieceAtTheEndMayGoOn) {
  const Secrets secrets = secrets_of("hunter22");
  EXPECT_TRUE(secrets.may_go_on("the pin is hunter"));
  EXPECT_TRUE(secrets.may_go_on("h"));
  EXPECT_FALSE(secrets.may_go_on("hunter22 ."));
  EXPECT_FALSE(secrets.may_go_on(""));
}

}  // namespace
}  // namespace windlass
