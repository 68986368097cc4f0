#include "server/rest/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace windlass::rest {
namespace {

std::string written(const std::function<void(JsonWriter&)>& write) {
  std::string text;
  JsonWriter out(text);
  write(out);
  return text;
}

TEST(JsonWriter, PlacesCommas) {
  EXPECT_EQ(written([](JsonWriter& out) {
              out.begin_object();
              out.key("a");
              out.begin_array();
              out.integer(1);
              out.begin_object();
              out.end_object();
              out.null();
              out.end_array();
              out.key("b");
              out.boolean(true);
              out.end_object();
            }),
            R"({"a":[1,{},null],"b":true})");
}

TEST(JsonWriter, EscapesWhatJsonDemands) {
  const std::string_view text("a\"b\\c\nd\te\x01 \xC3\xA9\0z", 15);
  EXPECT_EQ(written([&](JsonWriter& out) { out.text(text); }),
            "\"a\\\"b\\\\c\\nd\\te\\u0001 \xC3\xA9\\u0000z\"");
}

TEST(JsonWriter, KeepsFloatingPointNumbersRecognisable) {
  const auto number = [](double value) {
    return written([&](JsonWriter& out) { out.number(value); });
  };
  EXPECT_EQ(number(0), "0.0");
  EXPECT_EQ(number(300), "300.0");
  EXPECT_EQ(number(-2.5), "-2.5");
  EXPECT_EQ(number(1e300), "1e+300");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonWriter, WritesTimesAsRfc3339) {
  for (const std::int64_t micros :
       {std::int64_t{0}, std::int64_t{1'700'000'000'123'456}, std::int64_t{-1},
        std::int64_t{951'782'400'000'000}, std::int64_t{253'402'300'799'999'999},
        std::int64_t{-62'135'596'800'000'000}}) {
    const TimePoint time = from_micros(micros);
    EXPECT_EQ(written([&](JsonWriter& out) { out.time(time); }), "\"" + to_rfc3339(time) + "\"");
  }
}

TEST(JsonWriter, WritesAnyJsonValueAsItIs) {
  const std::string_view text =
      R"({"list":[1,-2,18446744073709551615,0.5,"x\"y",null,true,{"":[]}],"deep":{"a":{"b":[[]]}}})";
  const json::value value = parse_json(text).value();
  EXPECT_EQ(written([&](JsonWriter& out) { out.value(value); }), text);
}

}  // namespace
}  // namespace windlass::rest
