#include "model/secrets.h"

#include <gtest/gtest.h>

namespace windlass {
namespace {

Secrets secrets_of(const json::value& value) {
  Secrets secrets;
  secrets.add(value);
  secrets.prepare();
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
  EXPECT_EQ(secrets.begun("the pin is hunter"), 6u);
  EXPECT_EQ(secrets.begun("h"), 1u);
  EXPECT_EQ(secrets.begun("hunter22 ."), 0u);
  EXPECT_EQ(secrets.begun(""), 0u);
  EXPECT_EQ(secrets_of(json::array{"aaaaaab", "abaaaaa"}).begun("xaaaab"), 2u)
      << "the longest that is one's beginning";
  EXPECT_EQ(Secrets().begun("hunter"), 0u);
}

TEST(Secrets, AShortOneIsFoundWhereALongerOneOnlyBegins) {
  const Secrets secrets =
      secrets_of(json::array{"secret", "secret-one", "secret-one-two", "secret-three"});
  EXPECT_EQ(secrets.hide("secret-one-twx"), "(redacted)-twx");
  EXPECT_EQ(secrets.hide("secret-zzz secret-th"), "(redacted)-zzz (redacted)-th");
}

TEST(Secrets, AreKnownAsPythonWritesThemInAscii) {
  const Secrets secrets = secrets_of("pässword 😀");
  EXPECT_EQ(secrets.hide("{\"a\": \"p\\u00e4ssword \\ud83d\\ude00\"}"), "{\"a\": \"(redacted)\"}");
}

TEST(Secrets, AreKnownInUrlsAndInBase64) {
  const Secrets secrets = secrets_of("top/secret word!");
  EXPECT_EQ(secrets.hide("u=top%2Fsecret%20word%21"), "u=(redacted)") << "quote(…, safe='')";
  EXPECT_EQ(secrets.hide("u=top/secret%20word%21"), "u=(redacted)") << "quote";
  EXPECT_EQ(secrets.hide("u=top%2Fsecret+word%21"), "u=(redacted)") << "quote_plus";
  EXPECT_EQ(secrets.hide("dG9wL3NlY3JldCB3b3JkIQ=="), "(redacted)==");
}

TEST(Secrets, ManyThatBeginAlikeAreReadyAndFoundAtOnce) {
  json::array values;
  for (std::size_t i = 0; i < Secrets::kMost; ++i) {
    values.push_back(json::value("prefix-" + std::to_string(i)));
  }
  const Secrets secrets = secrets_of(values);
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "prefix";
  EXPECT_EQ(secrets.hide(text), text);
  EXPECT_EQ(secrets.hide("prefix-9999 prefix-77 prefix"), "(redacted) (redacted) prefix");
  EXPECT_EQ(secrets.begun(text), 6u);
}

TEST(Secrets, WhereThereAreTooManyEveryTextIsHiddenWhole) {
  json::array values;
  for (std::size_t i = 0; i <= Secrets::kMost; ++i) {
    values.push_back(json::value("prefix-" + std::to_string(i)));
  }
  const Secrets secrets = secrets_of(values);
  EXPECT_FALSE(secrets.empty());
  EXPECT_EQ(secrets.hide("anything"), "(redacted)");
  EXPECT_EQ(secrets.hide(""), "");
  EXPECT_EQ(secrets.begun("prefix"), 0u);
}

}  // namespace
}  // namespace windlass
