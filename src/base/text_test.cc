#include "base/text.h"

#include <gtest/gtest.h>

namespace windlass {
namespace {

using std::string_literals::operator""s;

TEST(Utf8, ReplacesOnlyWhatIsInvalid) {
  EXPECT_EQ(to_valid_utf8("grüße 🚀"), "grüße 🚀");
  EXPECT_EQ(to_valid_utf8("a\xff"
                          "b"),
            "a\uFFFD"
            "b");
  EXPECT_EQ(to_valid_utf8("\xe2\x82"), "\uFFFD\uFFFD") << "a character cut off";
  EXPECT_EQ(to_valid_utf8("a\0b"s),
            "a\uFFFD"
            "b");
  EXPECT_TRUE(is_valid_utf8(to_valid_utf8("\xf5\x80\x80\x80\xc0\xaf\xed\xa0\x80")));
}

TEST(Utf8, KnowsTheEdgesOfValidity) {
  for (const char* text : {"", "\x7f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff",
                           "\U00010000", "\U0010ffff"}) {
    EXPECT_TRUE(is_valid_utf8(text)) << text;
  }
  for (const char* text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                           "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xfe", "\xc3"}) {
    EXPECT_FALSE(is_valid_utf8(text));
  }
}

TEST(Utf8, CountsAndCutsCharacters) {
  EXPECT_EQ(utf8_length("grüße"), 5u);
  EXPECT_EQ(utf8_length(""), 0u);
  EXPECT_EQ(utf8_prefix("grüße", 3), "gr") << "never half of a character";
  EXPECT_EQ(utf8_prefix("grüße", 4), "grü");
  EXPECT_EQ(utf8_prefix("abc", 10), "abc");
  EXPECT_EQ(utf8_prefix("ü", 1), "");
}

TEST(Text, StripsAndSplits) {
  EXPECT_EQ(strip(" \t x y \n"), "x y");
  EXPECT_EQ(strip(" \n"), "");
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
}

TEST(Text, MakesSlugs) {
  EXPECT_EQ(slugify("My Job.X"), "my-job-x");
  EXPECT_EQ(slugify("  --A  b__c!! "), "a-b-c");
  EXPECT_EQ(slugify("!!"), "");
  EXPECT_EQ(to_lower("ÄBC"), "Äbc");
}

TEST(Percent, CodesAndDecodes) {
  EXPECT_EQ(percent_encode("a b/ü~"), "a%20b%2F%C3%BC~");
  EXPECT_EQ(percent_decode("a%20b%2f%C3%bc~+"), "a b/ü~+");
  EXPECT_EQ(percent_decode("50%"), "50%");
  EXPECT_EQ(percent_decode("%zz%4"), "%zz%4");
}

TEST(Base64, RoundsTripsAndRefuses) {
  for (const std::string& bytes : {""s, "a"s, "ab"s, "abc"s, "\0\xff\x7f"s}) {
    std::string back = "before";
    ASSERT_TRUE(base64_decode(base64_encode(bytes), &back));
    EXPECT_EQ(back, bytes);
  }
  EXPECT_EQ(base64_encode("abcd"), "YWJjZA==");
  for (const char* text : {"YWJjZA", "YWJjZA=", "YW*jZA==", "YWJjZA== ", "="}) {
    std::string unchanged = "before";
    EXPECT_FALSE(base64_decode(text, &unchanged)) << text;
    EXPECT_EQ(unchanged, "before");
  }
}

TEST(SafeFileName, IsALabelAndNoPath) {
  EXPECT_EQ(safe_file_name("a.csv"), "a.csv");
  EXPECT_EQ(safe_file_name("/etc/passwd"), "passwd");
  EXPECT_EQ(safe_file_name("C:\\data\\b c.csv"), "b c.csv");
  EXPECT_EQ(safe_file_name(" x\r\n\x1b[31m\x7f\u0085y "), "x[31my");
  EXPECT_EQ(safe_file_name("grüße"), "grüße");
  for (const char* text : {"", "/", "a/", ".", "..", "../..", "\n", "  "})
    EXPECT_EQ(safe_file_name(text), "unnamed") << text;
  std::string longest;
  for (int i = 0; i < 200; ++i) longest += "ü";
  EXPECT_EQ(safe_file_name(longest).size(), 254u) << "no character is cut";
  EXPECT_EQ(safe_file_name("\xff"
                           "a"),
            "\uFFFD"
            "a");
}

}  // namespace
}  // namespace windlass
