#include "yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <windlass/jobs/errors.hpp>

#include "yaml_tag.hpp"

namespace windlass::jobs {
namespace {

using internal::tag_of_plain;
using internal::YamlTag;

Json read(std::string_view text) {
  return internal::parse_yaml(text, "f.yaml");
}
std::string dumped(std::string_view text) {
  return read(text).dump();
}

std::string problem(std::string_view text) {
  try {
    return "none, but " + dumped(text);
  } catch (const YamlError& refused) {
    return refused.what();
  }
}

void expect_tag(YamlTag tag, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) EXPECT_EQ(tag_of_plain(text), tag) << text;
}

TEST(Yaml, PlainScalarsAreWhatPyYamlResolvesThemTo) {
  expect_tag(YamlTag::null, {"", "~", "null", "Null", "NULL"});
  expect_tag(YamlTag::boolean, {"yes", "Yes", "YES", "no", "true", "True", "on", "Off", "OFF"});
  expect_tag(YamlTag::integer, {"0", "-12", "+1_000", "0b101", "017", "0_7", "0x1F", "-0x_f",
                                "1:59", "190:20:30", "0x_"});
  expect_tag(YamlTag::floating, {"1.", "1.5", "-1_0.2_5", ".5", "1.5e+3", "1.E-2", "1:30.5", ".inf",
                                 "-.Inf", "+.INF", ".nan", ".NaN"});
  expect_tag(YamlTag::timestamp, {"2001-12-14", "2001-12-14T21:59:43.10-05:00", "2001-1-2 3:04:05",
                                  "2001-12-14\t21:59:43 Z", "2001-12-14t21:59:43+5"});
  expect_tag(YamlTag::merge, {"<<"});
  expect_tag(YamlTag::value, {"="});
  expect_tag(YamlTag::str, {"y",
                            "nUll",
                            "yEs",
                            "0o17",
                            "09",
                            "0b2",
                            "1:60",
                            "0:30",
                            "1e5",
                            "1.5e3",
                            "-.5",
                            "-.nan",
                            "._5",
                            "1:5.0.0",
                            "0x",
                            "1 2",
                            "2001-1-1",
                            "12:30:45.x",
                            "2001-12-14T21:59",
                            "2001-12-14 ",
                            "2001-12-14T21:59:43-",
                            "===",
                            "<<<",
                            "-",
                            "+",
                            "."});
}

TEST(Yaml, NumbersAreThoseOfYaml11) {
  EXPECT_EQ(dumped("[0b101, 017, 0x1F, -0x1f, 1_000, 190:20:30, -1:30, +12, 00]"),
            "[5,15,31,-31,1000,685230,-90,12,0]");
  EXPECT_EQ(dumped("[1_0.5, .5, 1.5e+3, 190:20:30.15, -1:30.5, 1.]"),
            "[10.5,0.5,1500.0,685230.15,-90.5,1.0]");
  EXPECT_EQ(dumped("[18446744073709551615, -9223372036854775808]"),
            "[18446744073709551615,-9223372036854775808]");
  EXPECT_EQ(read(".inf").as_number(), INFINITY);
  EXPECT_EQ(read("-.inf").as_number(), -INFINITY);
  EXPECT_TRUE(std::isnan(read(".nan").as_number()));
  EXPECT_EQ(read("1.5e+400").as_number(), INFINITY);
  EXPECT_EQ(read("-1.5e-400").as_number(), 0.0);
}

TEST(Yaml, DatesAndTimesAreTextAsOfIsoformat) {
  EXPECT_EQ(dumped("- 2001-12-14\n- 2001-12-14t21:59:43.10-05:00\n- 2001-12-15 2:59:43.1\n"
                   "- 2001-12-15T02:59:43Z\n- 2001-12-15T02:59:43.1234567 +5:30\n"),
            R"(["2001-12-14","2001-12-14T21:59:43.100000-05:00","2001-12-15T02:59:43.100000",)"
            R"("2001-12-15T02:59:43+00:00","2001-12-15T02:59:43.123456+05:30"])");
  EXPECT_EQ(dumped("2000-02-29"), "\"2000-02-29\"");
  for (const char* text : {"2001-02-29", "2001-13-01", "0000-01-01", "2001-12-15T24:00:00",
                           "2001-12-15T02:60:00", "2001-12-15T02:59:43+24:00"}) {
    EXPECT_THAT(problem(text), testing::HasSubstr("is a date or time that there is not")) << text;
  }
}

TEST(Yaml, QuotedAndBlockScalarsAreText) {
  EXPECT_EQ(dumped(R"(['12', "yes", '2001-12-14', "", '~', "\u00e9\x41\n", 'it''s'])"),
            "[\"12\",\"yes\",\"2001-12-14\",\"\",\"~\",\"éA\\n\",\"it's\"]");
  EXPECT_EQ(dumped("a: |\n  12\n   b\n\nc: >-\n  one\n  two\n\n  three\nd: |2+\n   x\n\n"),
            R"({"a":"12\n b\n","c":"one two\nthree","d":" x\n\n"})");
}

TEST(Yaml, TagsSayWhatAScalarIs) {
  EXPECT_EQ(
      dumped("[!!str 12, !!int '0x1F', !!float 3, !!bool 'ON', !!null x, !!timestamp '2001-1-2']"),
      R"(["12",31,3.0,true,null,"2001-01-02"])");
  EXPECT_EQ(dumped("[! '12', !!int ' 12 ', !!str, !!float 1e5, !!int 0o17]"),
            R"([12,12,"",1e+05,15])");
  EXPECT_EQ(dumped("!!binary aGVs bG8="), R"("hello")");
  EXPECT_EQ(dumped("!!binary 4oKs/+KC"), "\"€\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(dumped("!!set {b, a, 1, b}"), R"(["b","a",1])");
  EXPECT_EQ(dumped("[!!omap [a: 1, b: 2], !!pairs [a: 1, a: 2]]"),
            R"([[["a",1],["b",2]],[["a",1],["a",2]]])");
  EXPECT_EQ(dumped("%TAG !e! tag:yaml.org,2002:\n---\n!e!int '7'"), "7");
  EXPECT_EQ(dumped("!!str {=: text, a: b}"), R"("text")");
}

TEST(Yaml, KeysAreTextAndTheLastOfEqualOnesCounts) {
  EXPECT_EQ(dumped("{1: a, 1.5: b, yes: c, ~: d, 2001-12-14: e, 1e3: f, 10000000000000000.0: g}"),
            R"({"1":"c","1.5":"b","null":"d","2001-12-14":"e","1e3":"f","1e+16":"g"})");
  EXPECT_EQ(dumped("{a: 1, b: 2, a: 3}"), R"({"a":3,"b":2})");
  EXPECT_EQ(dumped("{1: a, '1': b, no: c, 0: d, -0.0: e}"), R"({"1":"b","false":"e"})");
  EXPECT_EQ(dumped("{2001-12-14T00:00:00Z: a, 2001-12-14T01:00:00+01:00: b}"),
            R"({"2001-12-14T00:00:00+00:00":"b"})");
  EXPECT_EQ(dumped("{!!binary YQ==: 1, a: 2, =: 3}"), R"({"a":2,"=":3})");
  EXPECT_THAT(problem("{[a]: 1}"), testing::HasSubstr("a list cannot be a key"));
  EXPECT_THAT(problem("{.inf: 1}"), testing::HasSubstr("cannot be a key"));
}

TEST(Yaml, AliasesAreCopiesAndMergeKeysGiveWay) {
  EXPECT_EQ(dumped("a: &a [1, {b: 2}]\nc: *a\n"), R"({"a":[1,{"b":2}],"c":[1,{"b":2}]})");
  EXPECT_EQ(dumped("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {y: 3, <<: *a}\n"),
            R"({"a":{"x":1,"y":2},"b":{"x":1,"y":3},"c":{"x":1,"y":3}})");
  EXPECT_EQ(dumped("{<<: [{x: 1}, {x: 2, y: 3}], z: 4}"), R"({"x":1,"y":3,"z":4})");
  EXPECT_EQ(dumped("{<<: {<<: {a: 1}, b: 2}, '<<': 3}"), R"({"a":1,"b":2,"<<":3})");
  EXPECT_THAT(problem("{<<: 1}"), testing::HasSubstr("<< wants a map or a list of maps"));
  EXPECT_THAT(problem("{<<: [{}, []]}"), testing::HasSubstr("<< wants a map or a list of maps"));
}

TEST(Yaml, OneDocumentIsReadOrNone) {
  EXPECT_EQ(dumped(""), "null");
  EXPECT_EQ(dumped("# nothing\n"), "null");
  EXPECT_EQ(dumped("--- 1\n...\n"), "1");
  EXPECT_EQ(dumped("\xEF\xBB\xBF"
                   "a: 1\r\nb: 2\r\n"),
            R"({"a":1,"b":2})");
  EXPECT_EQ(problem("a\n---\nb\n"),
            "f.yaml, line 2, column 1: a second document begins; one is read");
}

TEST(Yaml, ProblemsNameFileLineAndColumn) {
  EXPECT_EQ(problem("a: [1,\n  2\nb: c\n"),
            "f.yaml, line 3, column 2: did not find expected ',' or ']', while parsing a flow "
            "sequence from line 1, column 4 on");
  EXPECT_EQ(problem("a: 1\nb: *none\n"),
            "f.yaml, line 2, column 4: there is no anchor for the alias *none");
  EXPECT_EQ(problem("- !thing {a: 1}\n"), "f.yaml, line 1, column 3: the tag !thing is unknown");
  EXPECT_EQ(problem("- !!python/tuple [a]\n"),
            "f.yaml, line 1, column 3: the tag !!python/tuple is unknown");
  EXPECT_EQ(problem("é: é\nb: \xFF"), "f.yaml, line 2, column 4: invalid leading UTF-8 octet");
  EXPECT_EQ(problem("a: \x01"), "f.yaml, line 1, column 4: control characters are not allowed");
  EXPECT_EQ(problem("x: &a 1\ny: &a 2\n"), "f.yaml, line 2, column 4: a second anchor &a");
  EXPECT_EQ(problem("a:\n  18446744073709551616"),
            "f.yaml, line 2, column 3: \"18446744073709551616\" is an integer of more than 64 "
            "bits; put it in quotes, to have text");
  EXPECT_EQ(problem("!!int two"), "f.yaml, line 1, column 1: \"two\" is no integer");
  EXPECT_EQ(problem("a: <<"), "f.yaml, line 1, column 4: << stands for no value; put it in quotes");
  EXPECT_EQ(problem("a: 1\n\xEF\xBB\xBF"
                    "b: 2\n"),
            "f.yaml, line 2, column 1: a byte order mark begins the line");
}

TEST(Yaml, WhatPyYamlRefusesIsRefused) {
  const char* const texts[] = {"!!float x",
                               "!!bool 2",
                               "!!timestamp x",
                               "!!binary é",
                               "!!binary YQ=",
                               "0b_",
                               "!!int ''",
                               "!!map [a]",
                               "!!seq {}",
                               "!!str [a]",
                               "!!set [a]",
                               "!!omap {a: b}",
                               "!!pairs [{a: 1, b: 2}]",
                               "- =",
                               "{a",
                               "a: b: c",
                               "\t- a",
                               "@a",
                               "\"\\q\"",
                               "%YAML 2.0\n---\na"};
  for (const char* text : texts) {
    EXPECT_THAT(problem(text), testing::StartsWith("f.yaml, line ")) << text;
  }
}

TEST(Yaml, WhatContainsItselfIsRefused) {
  for (const char* text : {"&a [*a]", "&a {b: *a}", "&a {b: [{c: *a}]}", "!!omap &a [{b: *a}]"}) {
    EXPECT_THAT(problem(text), testing::HasSubstr("this value contains itself")) << text;
  }
  EXPECT_THAT(problem("&a {<<: *a}"), testing::HasSubstr("this map merges itself"));
}

std::string doubled(const std::string& first, const std::string& each) {
  std::string text = "- &a0 " + first + "\n";
  for (int level = 1; level < 40; ++level) {
    const std::string before = "*a" + std::to_string(level - 1);
    std::string line = "- &a" + std::to_string(level) + " " + each + "\n";
    for (std::size_t at = line.find('@'); at != std::string::npos; at = line.find('@')) {
      line.replace(at, 1, before);
    }
    text += line;
  }
  return text;
}

TEST(Yaml, AFileMakesNoMoreThanAMillionCopies) {
  for (const std::string& text :
       {doubled("[x]", "[@, @]"), doubled("{k: v}", "{<<: [@, @]}"),
        doubled("{k: v}", "{a: {<<: @}, b: @}"), doubled("[[[[]]]]", "!!pairs [a: @, b: @]")}) {
    EXPECT_THAT(problem(text), testing::HasSubstr("its aliases make more than 1000000 values"));
  }
  const std::string page(100'000, 'x');
  std::string text = "- &a " + page + "\n";
  for (int copy = 0; copy < 1000; ++copy) text += "- *a\n";
  EXPECT_THAT(problem(text), testing::HasSubstr("its aliases make more than 1000000 values"));
}

TEST(Yaml, ItHasAtMost64Levels) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_EQ(dumped(nested(64)), nested(64));
  EXPECT_THAT(problem(nested(65)), testing::HasSubstr("more than 64 levels"));
  EXPECT_THAT(problem(std::string(100'000, '[')), testing::HasSubstr("more than 64 levels"));
  EXPECT_THAT(
      problem("- &a " + nested(40) + "\n- " + std::string(40, '[') + "*a" + std::string(40, ']')),
      testing::HasSubstr("with its aliases it has more than 64 levels"));
}

}  // namespace
}  // namespace windlass::jobs
