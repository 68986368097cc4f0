#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <windlass/testing.hpp>

namespace windlass::jobs {
namespace {

TEST(Json, BracesMakeObjectsOfPairsAndArraysOfAllElse) {
  EXPECT_EQ((Json{{"a", 1}, {"b", {1, 2}}}).dump(), R"({"a":1,"b":[1,2]})");
  EXPECT_EQ((Json{"a", 1}).dump(), R"(["a",1])");
  EXPECT_EQ(Json::array({Json{"a", 1}}).dump(), R"([["a",1]])");
  EXPECT_EQ(Json::object().dump(), "{}");
  EXPECT_EQ(Json::array().dump(), "[]");
  EXPECT_THROW(Json::object({"a"}), JsonError);
}

TEST(Json, TakesWhatTheStandardLibraryHas) {
  EXPECT_EQ(Json(std::map<int, std::optional<double>>{{1, 2.5}, {2, std::nullopt}}).dump(),
            R"({"1":2.5,"2":null})");
  EXPECT_EQ(Json(std::set<std::string>{"a", "b"}).dump(), R"(["a","b"])");
  EXPECT_EQ(Json(std::vector<bool>{true, false}).dump(), "[true,false]");
  EXPECT_EQ(Json('c').dump(), R"("c")");
}

TEST(Json, KeepsNumbersApart) {
  EXPECT_EQ(Json(5.0).dump(), "5.0");
  EXPECT_EQ(Json(1e300).dump(), "1e+300");
  EXPECT_EQ(Json(UINT64_MAX).dump(), "18446744073709551615");
  EXPECT_EQ(Json::parse("18446744073709551615").as_unsigned(), UINT64_MAX);
  EXPECT_EQ(Json::parse("-9223372036854775808").as_integer(), INT64_MIN);
  EXPECT_THROW(Json(UINT64_MAX).as_integer(), JsonError);
  EXPECT_EQ(Json(1), Json(1.0));
  EXPECT_NE(Json(-1), Json(UINT64_MAX));
  EXPECT_EQ(Json(std::nan("")).dump(), "null");
}

TEST(Json, ParsesStrictly) {
  for (const char* text : {"", "[1,]", "01", "1.", "-", "nul", "[[", "{\"a\" 1}", "1 2", "1e999",
                           "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"",
                           "\"a\nb\"", "\"\\x\"", "NaN", "{1:2}", "\"a"}) {
    EXPECT_THROW(Json::parse(text), JsonError) << text;
  }
  EXPECT_EQ(Json::parse(R"(" \ud83d\ude00\u00e9\n")").as_string(), " 😀é\n");
  EXPECT_EQ(Json::parse("[[1]]", 2).dump(), "[[1]]");
  EXPECT_THROW(Json::parse("[[1]]", 1), JsonError);
}

TEST(Json, OfRepeatedMembersTheLastCounts) {
  EXPECT_EQ(Json::parse(R"({"a":1,"b":2,"a":3})").dump(), R"({"a":3,"b":2})");
  std::string many = "{";
  for (int member = 0; member < 100; ++member) many += "\"m" + std::to_string(member) + "\":1,";
  EXPECT_EQ(Json::parse(many + R"("m7":2,"m7":3})")["m7"], 3);
  EXPECT_EQ(Json::parse(many + R"("m7":2,"m7":3})").size(), 100U);
}

TEST(Json, WhatIsNotUtf8IsReplaced) {
  EXPECT_EQ(Json("a\xFF\x01z").dump(), "\"a\xEF\xBF\xBD\\u0001z\"");
}

TEST(Json, SaysWhatWasWrong) {
  try {
    Json(std::vector<int>{1}).at("a");
    FAIL();
  } catch (const JsonError& error) {
    EXPECT_STREQ(error.what(), "This JSON value is an array, not an object");
  }
  const Json object{{"a", 1}};
  EXPECT_TRUE(object["b"].is_null());
  EXPECT_THROW(object.at("b"), JsonError);
}

TEST(Json, AMovedFromValueIsNull) {
  Json from("text");
  const Json to = std::move(from);
  EXPECT_TRUE(from.is_null());
  EXPECT_EQ(to, "text");
}

}  // namespace
}  // namespace windlass::jobs
