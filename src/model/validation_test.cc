#include "model/validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/text.h"

namespace windlass {
namespace {

/// Knows no objects and no job code.
class NothingKnown final : public InputLookup {
 public:
  Result<std::vector<Uuid>> objects(const Variable&, const json::value&,
                                    const json::object&) override {
    return Error{"input.invalid", "There are no objects."};
  }
  Result<json::array> choices(const Variable&, const json::object&) override {
    return Error{"input.invalid", "There is no code."};
  }
};

Result<json::object> checked(const json::value& variables, const json::value& data) {
  NothingKnown lookup;
  return validate_inputs(variables, data, {}, lookup);
}

using testing::ElementsAre;
using testing::HasSubstr;

/// A declaration as the manifest holds it: `{"name": "x", "required": true, …}` with these members
/// on top.
json::value declare(std::string_view type, std::string_view members = "{}") {
  json::object declaration{{"name", "x"},          {"label", ""},
                           {"description", ""},    {"required", true},
                           {"has_default", false}, {"default", nullptr},
                           {"widget", nullptr},    {"type", to_json_view(type)}};
  const json::value extra = parse_json(members).value();
  for (const auto& member : extra.get_object()) {
    declaration[member.key()] = member.value();
  }
  return declaration;
}

Result<json::object> validate(std::vector<json::value> variables, std::string_view data) {
  return checked(json::array(variables.begin(), variables.end()), parse_json(data).value());
}

/// The value that `x` gets, or its messages joined with " | ".
std::string outcome(const json::value& variable, std::string_view data) {
  const Result<json::object> values = validate({variable}, data);
  if (values.ok()) return to_text(values->at("x"));
  EXPECT_EQ(values.error().code, "job.inputs");
  std::string text;
  for (const std::string& message : values.error().fields.at("x")) {
    text += (text.empty() ? "" : " | ") + message;
  }
  return text;
}

struct Case {
  const char* type;
  const char* members;
  const char* data;
  const char* outcome;  ///< JSON of the value, or the messages
};

class Rules : public testing::TestWithParam<Case> {};

TEST_P(Rules, AreThoseOfForms) {
  const Case& c = GetParam();
  EXPECT_EQ(outcome(declare(c.type, c.members), c.data), c.outcome)
      << c.type << " " << c.members << " " << c.data;
}

constexpr const char* kMissing = "This field is required.";
constexpr const char* kWhole = "Enter a whole number.";

INSTANTIATE_TEST_SUITE_P(
    Text, Rules,
    testing::Values(
        Case{"StringVar", "{}", R"({"x": "hi"})", R"("hi")"},
        Case{"StringVar", "{}", R"({"x": "  hi\t\n"})", R"("hi")"},
        Case{"StringVar", "{}", "{\"x\": \"\\u00a0\\u3000hi there\\u2003\"}", R"("hi there")"},
        Case{"StringVar", "{}", R"({"x": "   "})", kMissing},
        Case{"StringVar", "{}", R"({"x": ""})", kMissing},
        Case{"StringVar", "{}", R"({"x": null})", kMissing},
        Case{"StringVar", "{}", R"({"x": []})", kMissing},
        Case{"StringVar", "{}", R"({"x": {}})", kMissing}, Case{"StringVar", "{}", "{}", kMissing},
        Case{"StringVar", "{}", "null", kMissing},
        Case{"StringVar", R"({"required": false})", "{}", R"("")"},
        Case{"StringVar", R"({"required": false})", R"({"x": null})", R"("")"},
        Case{"StringVar", R"({"required": false, "min_length": 3})", R"({"x": ""})", R"("")"},
        Case{"StringVar", "{}", R"({"x": 5})", R"("5")"},
        Case{"StringVar", "{}", R"({"x": true})", R"("True")"},
        Case{"StringVar", "{}", R"({"x": false})", R"("False")"},
        Case{"StringVar", "{}", R"({"x": 0})", R"("0")"},
        Case{"StringVar", "{}", R"({"x": 1.5})", R"("1.5")"},
        Case{"StringVar", "{}", R"({"x": 2.0})", R"("2.0")"},
        Case{"StringVar", "{}", R"({"x": [1]})", "Enter text."},
        Case{"StringVar", "{}", R"({"x": {"a": 1}})", "Enter text."},
        Case{"StringVar", "{}", "{\"x\": \"a\\u0000b\"}", "Null characters are not allowed."},
        Case{"StringVar", R"({"min_length": 2})", R"({"x": "a"})",
             "Ensure this value has at least 2 characters (it has 1)."},
        Case{"StringVar", R"({"min_length": 2})", R"({"x": " a "})",
             "Ensure this value has at least 2 characters (it has 1)."},
        Case{"StringVar", R"({"max_length": 5})", R"({"x": "abcdef"})",
             "Ensure this value has at most 5 characters (it has 6)."},
        Case{"StringVar", R"({"max_length": 1})", R"({"x": "ab"})",
             "Ensure this value has at most 1 character (it has 2)."},
        Case{"StringVar", R"({"max_length": 0})", R"({"x": "ab"})",
             "Ensure this value has at most 0 characters (it has 2)."},
        Case{"StringVar", R"({"max_length": 3})", "{\"x\": \"\\u00e4\\u20ac\\ud83d\\ude00\"}",
             "\"ä€😀\""},
        Case{"StringVar", R"({"regex": "^[a-z]+$"})", R"({"x": "abc"})", R"("abc")"},
        Case{"StringVar", R"({"regex": "^[a-z]+$"})", R"({"x": "a1"})",
             "Invalid value. Must match regex: ^[a-z]+$"},
        Case{"StringVar", R"({"regex": "[0-9]"})", R"({"x": "ab1c"})", R"("ab1c")"},
        Case{"StringVar", R"({"regex": "\\A(?P<first>\\w)\\w*(?P=first)\\Z"})", R"({"x": "äbä"})",
             R"("äbä")"},
        Case{"StringVar", "{\"regex\": \"^[\\\\u00e0-\\\\u00ff]+$\"}", R"({"x": "äö"})", R"("äö")"},
        Case{"StringVar", "{\"regex\": \"^\\\\U0001F600$\"}", "{\"x\": \"\\ud83d\\ude00\"}",
             "\"😀\""},
        Case{"StringVar", "{\"regex\": \"^\\\\\\\\u12$\"}", R"({"x": "\\u12"})", R"("\\u12")"},
        Case{"StringVar", R"({"regex": "^a", "min_length": 3, "max_length": 1})", R"({"x": "bb"})",
             "Invalid value. Must match regex: ^a | Ensure this value has at least 3 characters "
             "(it has 2). | "
             "Ensure this value has at most 1 character (it has 2)."},
        Case{"TextVar", "{}", R"({"x": "two\nlines\n"})", R"("two\nlines")"},
        Case{"TextVar", R"({"required": false})", "{}", R"("")"}));

INSTANTIATE_TEST_SUITE_P(
    WholeNumbers, Rules,
    testing::Values(
        Case{"IntegerVar", "{}", R"({"x": 5})", "5"},
        Case{"IntegerVar", "{}", R"({"x": "5"})", "5"},
        Case{"IntegerVar", "{}", R"({"x": " 5 "})", "5"},
        Case{"IntegerVar", "{}", R"({"x": "5.0"})", "5"},
        Case{"IntegerVar", "{}", R"({"x": "5."})", "5"},
        Case{"IntegerVar", "{}", R"({"x": "+5"})", "5"},
        Case{"IntegerVar", "{}", R"({"x": "-5.00"})", "-5"},
        Case{"IntegerVar", "{}", R"({"x": 5.0})", "5"},
        Case{"IntegerVar", "{}", R"({"x": 1e3})", "1000"},
        Case{"IntegerVar", "{}", R"({"x": 0})", "0"},
        Case{"IntegerVar", "{}", R"({"x": 5.5})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": "5.5"})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": "1e3"})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": 1e300})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": "five"})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": "+-5"})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": "5 5"})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": "."})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": " "})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": true})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": [5]})", kWhole},
        Case{"IntegerVar", "{}", R"({"x": ""})", kMissing},
        Case{"IntegerVar", "{}", "{}", kMissing},
        Case{"IntegerVar", R"({"required": false})", "{}", "null"},
        Case{"IntegerVar", R"({"required": false})", R"({"x": ""})", "null"},
        Case{"IntegerVar", "{}", R"({"x": 9223372036854775807})", "9223372036854775807"},
        Case{"IntegerVar", "{}", R"({"x": 9223372036854775808})",
             "Ensure this value is less than or equal to 9223372036854775807."},
        Case{"IntegerVar", "{}", R"({"x": "99999999999999999999999"})",
             "Ensure this value is less than or equal to 9223372036854775807."},
        Case{"IntegerVar", "{}", R"({"x": "-99999999999999999999999"})",
             "Ensure this value is greater than or equal to -9223372036854775808."},
        Case{"IntegerVar", R"({"max_value": 9})", R"({"x": "99999999999999999999999"})",
             "Ensure this value is less than or equal to 9."},
        Case{"IntegerVar", R"({"min_value": 1})", R"({"x": 0})",
             "Ensure this value is greater than or equal to 1."},
        Case{"IntegerVar", R"({"max_value": 9})", R"({"x": "10"})",
             "Ensure this value is less than or equal to 9."},
        Case{"IntegerVar", R"({"min_value": 0})", R"({"x": -1})",
             "Ensure this value is greater than or equal to 0."},
        Case{"IntegerVar", R"({"max_value": 0})", R"({"x": 1})",
             "Ensure this value is less than or equal to 0."},
        Case{"IntegerVar", R"({"max_value": 1e30})", R"({"x": 7})", "7"},
        Case{"IntegerVar", R"({"max_value": 18446744073709551615})", R"({"x": 7})", "7"}));

INSTANTIATE_TEST_SUITE_P(
    Booleans, Rules,
    testing::Values(Case{"BooleanVar", "{}", "{}", "false"},
                    Case{"BooleanVar", "{}", R"({"x": null})", "false"},
                    Case{"BooleanVar", "{}", R"({"x": ""})", "false"},
                    Case{"BooleanVar", "{}", R"({"x": true})", "true"},
                    Case{"BooleanVar", "{}", R"({"x": false})", "false"},
                    Case{"BooleanVar", "{}", R"({"x": "True"})", "true"},
                    Case{"BooleanVar", "{}", R"({"x": "false"})", "false"},
                    Case{"BooleanVar", "{}", R"({"x": "on"})", "true"},
                    Case{"BooleanVar", "{}", R"({"x": 1})", "true"},
                    Case{"BooleanVar", "{}", R"({"x": "0"})", "false"},
                    Case{"BooleanVar", "{}", R"({"x": 0.0})", "false"},
                    Case{"BooleanVar", "{}", R"({"x": 2})", "Must be a valid boolean."},
                    Case{"BooleanVar", "{}", R"({"x": "maybe"})", "Must be a valid boolean."},
                    Case{"BooleanVar", "{}", R"({"x": [1]})", "Must be a valid boolean."},
                    Case{"BooleanVar", R"({"has_default": true, "default": true})", "{}", "true"},
                    Case{"BooleanVar", R"({"has_default": true, "default": true})",
                         R"({"x": false})", "false"},
                    Case{"DryRunVar", "{}", "{}", "false"},
                    Case{"DryRunVar", "{}", R"({"x": "true"})", "true"}));

constexpr const char* kColours =
    R"({"choices": [["r", "Red"], ["g", "Green"], [5, "Five"], [true, "Yes"], [1.5, "Half"]]})";
constexpr const char* kGrouped =
    R"({"choices": [["Warm", [["r", "Red"], ["o", "Orange"]]], ["b", "Blue"]]})";

INSTANTIATE_TEST_SUITE_P(
    Choices, Rules,
    testing::Values(Case{"ChoiceVar", kColours, R"({"x": "r"})", R"("r")"},
                    Case{"ChoiceVar", kColours, R"({"x": "5"})", R"("5")"},
                    Case{"ChoiceVar", kColours, R"({"x": 5})", R"("5")"},
                    Case{"ChoiceVar", kColours, R"({"x": true})", R"("True")"},
                    Case{"ChoiceVar", kColours, R"({"x": 1.5})", R"("1.5")"},
                    Case{"ChoiceVar", kColours, R"({"x": "Red"})",
                         "Select a valid choice. Red is not one of the available choices."},
                    Case{"ChoiceVar", kColours, R"({"x": " r"})",
                         "Select a valid choice.  r is not one of the available choices."},
                    Case{"ChoiceVar", kColours, R"({"x": ["r"]})",
                         "Select a valid choice. [\"r\"] is not one of the available choices."},
                    Case{"ChoiceVar", kColours, R"({"x": ""})", kMissing},
                    Case{"ChoiceVar", kColours, "{}", kMissing},
                    Case{"ChoiceVar", R"({"choices": [["r", "Red"]], "required": false})", "{}",
                         R"("")"},
                    Case{"ChoiceVar", kGrouped, R"({"x": "o"})", R"("o")"},
                    Case{"ChoiceVar", kGrouped, R"({"x": "b"})", R"("b")"},
                    Case{"ChoiceVar", kGrouped, R"({"x": "Warm"})",
                         "Select a valid choice. Warm is not one of the available choices."},
                    Case{"ChoiceVar", "{}", R"({"x": "r"})",
                         "Select a valid choice. r is not one of the available choices."}));

INSTANTIATE_TEST_SUITE_P(
    Defaults, Rules,
    testing::Values(
        Case{"StringVar", R"({"has_default": true, "default": "d"})", "{}", R"("d")"},
        Case{"StringVar", R"({"has_default": true, "default": "d"})", R"({"x": "given"})",
             R"("given")"},
        Case{"StringVar", R"({"has_default": true, "default": "d"})", R"({"x": ""})", kMissing},
        Case{"StringVar", R"({"has_default": true, "default": "d", "required": false})",
             R"({"x": null})", R"("")"},
        Case{"StringVar", R"({"has_default": true, "default": null})", "{}", kMissing},
        Case{"IntegerVar", R"({"has_default": true, "default": "3"})", "{}", "3"},
        Case{"IntegerVar", R"({"has_default": true, "default": 0})", "{}", "0"},
        Case{"IntegerVar", R"({"has_default": true, "default": 30, "max_value": 9})", "{}",
             "Ensure this value is less than or equal to 9."},
        Case{"ChoiceVar", R"({"choices": [[2, "Two"]], "has_default": true, "default": 2})", "{}",
             R"("2")"}));

INSTANTIATE_TEST_SUITE_P(
    UnknownTypes, Rules,
    testing::Values(Case{"QuantumVar", "{}", "{}",
                         "This version of Windlass does not know variables of type QuantumVar."},
                    Case{"QuantumVar", R"({"required": false})", R"({"x": 1})",
                         "This version of Windlass does not know variables of type QuantumVar."}));

TEST(Validation, NamesEveryFieldAtOnceAndUnknownOnes) {
  json::value number = declare("IntegerVar", R"({"name": "number"})");
  const auto values =
      validate({declare("StringVar"), number}, R"({"number": "x", "zzz": 1, "Y": 2})");
  ASSERT_FALSE(values.ok());
  EXPECT_EQ(values.error().code, "job.inputs");
  const FieldErrors expected{{"x", {"This field is required."}},
                             {"number", {"Enter a whole number."}},
                             {"Y", {"Job data contained an unknown property"}},
                             {"zzz", {"Job data contained an unknown property"}}};
  EXPECT_EQ(values.error().fields, expected);
  EXPECT_THAT(values.error().message, HasSubstr("Y, number, x, zzz"));
}

TEST(Validation, RefusesDataThatIsNoObject) {
  for (const char* data : {"[]", "\"text\"", "5", "true"}) {
    const auto values = validate({}, data);
    ASSERT_FALSE(values.ok()) << data;
    EXPECT_EQ(values.error().code, "job.data_not_object");
    EXPECT_EQ(values.error().message, "Job data needs to be a dict");
  }
}

TEST(Validation, ReturnsEveryVariableInTheOrderDeclared) {
  const auto values = validate(
      {declare("BooleanVar", R"({"name": "b"})"), declare("StringVar", R"({"name": "a"})")},
      R"({"a": "1"})");
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(to_text(*values), R"({"b":false,"a":"1"})");
}

TEST(Validation, SaysThatARegexIsWrongOrTakesTooLong) {
  EXPECT_THAT(outcome(declare("StringVar", R"({"regex": "(unclosed"})"), R"({"x": "a"})"),
              HasSubstr("regex for this field cannot be used"));
  const std::string many = "{\"x\": \"" + std::string(40, 'a') + "!\"}";
  EXPECT_THAT(outcome(declare("StringVar", R"({"regex": "^(a+)+$"})"), many),
              HasSubstr("took too long"));
}

TEST(Validation, RefusesBytesThatAreNotUtf8) {
  const json::array variables{declare("StringVar")};
  const json::object data{{"x", "a\xff"}};
  const auto values = checked(variables, data);
  ASSERT_FALSE(values.ok());
  EXPECT_THAT(values.error().fields.at("x"), ElementsAre("Enter text in UTF-8."));
}

// Properties over random inputs ------------------------------------------------------------------

class RandomInputs {
 public:
  json::value any(int depth = 0) {
    switch (pick(depth < 2 ? 9 : 7)) {
      case 0:
        return nullptr;
      case 1:
        return pick(2) == 0;
      case 2:
        return static_cast<std::int64_t>(engine_());
      case 3:
        return static_cast<std::int64_t>(pick(41)) - 20;
      case 4:
        return std::uniform_real_distribution<double>(-1e3, 1e3)(engine_);
      case 5:
        return std::ldexp(1.0 + pick(100), pick(200) - 100);
      case 6:
        return json::value(to_json_view(text()));
      case 7:
        return json::array{any(depth + 1), any(depth + 1)};
      default:
        return json::object{{"k", any(depth + 1)}};
    }
  }
  std::string text() {
    static const std::vector<std::string> kPieces{" ", "5",  "-",      ".0", "a", "é",
                                                  "😀", "\t", "\u3000", "x9", "+"};
    std::string out;
    for (int n = pick(6); n > 0; --n)
      out += kPieces[static_cast<std::size_t>(pick(static_cast<int>(kPieces.size())))];
    return out;
  }
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(engine_); }

 private:
  std::mt19937_64 engine_{20261123};
};

/// Whether `value` is what a job may get for the type; `bounds` are those of the declarations
/// below.
void expect_fits(const std::string& type, const json::value& value) {
  if (type == "StringVar") {
    ASSERT_TRUE(value.is_string());
    const std::size_t length = utf8_length(to_view(value.get_string()));
    EXPECT_TRUE(length == 0 || (length >= 2 && length <= 4));
  } else if (type == "IntegerVar") {
    ASSERT_TRUE(value.is_int64() || value.is_null());
    if (value.is_int64()) {
      EXPECT_GE(value.get_int64(), -3);
      EXPECT_LE(value.get_int64(), 10);
    }
  } else if (type == "BooleanVar") {
    EXPECT_TRUE(value.is_bool());
  } else {
    EXPECT_TRUE(value == "" || value == "5" || value == "True") << to_text(value);
  }
}

TEST(ValidationProperties, WhatIsAcceptedFitsAndIsAcceptedAgainUnchanged) {
  RandomInputs random;
  const std::vector<std::pair<std::string, json::value>> kinds{
      {"StringVar",
       declare("StringVar", R"({"required": false, "min_length": 2, "max_length": 4})")},
      {"IntegerVar",
       declare("IntegerVar", R"({"required": false, "min_value": -3, "max_value": 10})")},
      {"BooleanVar", declare("BooleanVar")},
      {"ChoiceVar",
       declare("ChoiceVar", R"({"required": false, "choices": [[5, "5"], [true, "t"]]})")}};
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto& [type, declaration] = kinds[static_cast<std::size_t>(random.pick(4))];
    const json::object data{{"x", random.any()}};
    const auto values = checked(json::array{declaration}, data);
    if (!values.ok()) {
      EXPECT_EQ(values.error().fields.size(), 1u);
      EXPECT_FALSE(values.error().fields.at("x").empty());
      continue;
    }
    ++accepted;
    ASSERT_EQ(values->size(), 1u);
    expect_fits(type, values->at("x"));
    const auto again = checked(json::array{declaration}, *values);
    ASSERT_TRUE(again.ok()) << to_text(data);
    EXPECT_EQ(*again, *values);
  }
  EXPECT_GT(accepted, 3'000);
}

TEST(ValidationProperties, EveryUnknownNameIsRefused) {
  RandomInputs random;
  for (int i = 0; i < 2'000; ++i) {
    const std::string name = random.text();
    const json::object data{{"x", "ok"}, {name, random.any()}};
    const auto values = checked(json::array{declare("StringVar")}, data);
    ASSERT_FALSE(values.ok());
    EXPECT_THAT(values.error().fields.at(name),
                ElementsAre("Job data contained an unknown property"));
  }
}

}  // namespace
}  // namespace windlass
