#include "model/validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/test_inputs.h"

namespace windlass {
namespace {

Result<json::object> checked(const json::value& variables, const json::value& data) {
  FakeLookup lookup;
  return validate_inputs(variables, data, {}, lookup);
}

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

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

constexpr const char* kColourList =
    R"({"choices": [["r", "Red"], ["Cold", [["b", "Blue"], [5, "Five"]]]]})";
constexpr const char* kOptionalColours =
    R"({"required": false, "choices": [["r", "Red"], ["b", "Blue"]]})";

INSTANTIATE_TEST_SUITE_P(
    ManyChoices, Rules,
    testing::Values(Case{"MultiChoiceVar", kColourList, R"({"x": ["r", "b"]})", R"(["r","b"])"},
                    Case{"MultiChoiceVar", kColourList, R"({"x": "b"})", R"(["b"])"},
                    Case{"MultiChoiceVar", kColourList, R"({"x": 5})", R"(["5"])"},
                    Case{"MultiChoiceVar", kColourList, R"({"x": [5, "5"]})", R"(["5","5"])"},
                    Case{"MultiChoiceVar", kColourList, R"({"x": ["r", "x", "y"]})",
                         "Select a valid choice. x is not one of the available choices. | "
                         "Select a valid choice. y is not one of the available choices."},
                    Case{"MultiChoiceVar", kColourList, R"({"x": [null]})",
                         "Select a valid choice. None is not one of the available choices."},
                    Case{"MultiChoiceVar", kColourList, R"({"x": {"r": 1}})",
                         "Enter a list of values."},
                    Case{"MultiChoiceVar", kColourList, R"({"x": []})", kMissing},
                    Case{"MultiChoiceVar", kColourList, R"({"x": ""})", kMissing},
                    Case{"MultiChoiceVar", kColourList, "{}", kMissing},
                    Case{"MultiChoiceVar", kOptionalColours, "{}", "[]"},
                    Case{"MultiChoiceVar", kOptionalColours, R"({"x": null})", "[]"},
                    Case{"MultiChoiceVar", kOptionalColours, R"({"x": ["b"]})", R"(["b"])"}));

INSTANTIATE_TEST_SUITE_P(
    Json, Rules,
    testing::Values(Case{"JSONVar", "{}", R"({"x": {"a": [1, null]}})", R"({"a":[1,null]})"},
                    Case{"JSONVar", "{}", R"({"x": "{\"a\": 1}"})", R"({"a":1})"},
                    Case{"JSONVar", "{}", R"({"x": " [1, 2] "})", "[1,2]"},
                    Case{"JSONVar", "{}", R"({"x": "\"text\""})", R"("text")"},
                    Case{"JSONVar", "{}", R"({"x": 0})", "0"},
                    Case{"JSONVar", "{}", R"({"x": false})", "false"},
                    Case{"JSONVar", "{}", R"({"x": "text"})", "Enter a valid JSON."},
                    Case{"JSONVar", "{}", R"({"x": "{\"a\": "})", "Enter a valid JSON."},
                    Case{"JSONVar", "{}", R"({"x": "NaN"})", "Enter a valid JSON."},
                    Case{"JSONVar", "{}", R"({"x": {}})", kMissing},
                    Case{"JSONVar", "{}", R"({"x": "{}"})", kMissing},
                    Case{"JSONVar", "{}", R"({"x": "null"})", kMissing},
                    Case{"JSONVar", R"({"required": false})", "{}", "null"},
                    Case{"JSONVar", R"({"required": false})", R"({"x": "[]"})", "null"},
                    Case{"JSONVar", R"({"has_default": true, "default": {"a": 1}})", "{}",
                         R"({"a":1})"}));

constexpr const char* kNoAddress = "Please specify a valid IPv4 or IPv6 address.";
constexpr const char* kNoMask = "CIDR mask (e.g. /24) is required.";

INSTANTIATE_TEST_SUITE_P(
    Addresses, Rules,
    testing::Values(
        Case{"IPAddressVar", "{}", R"({"x": "192.0.2.1"})", R"("192.0.2.1")"},
        Case{"IPAddressVar", "{}", R"({"x": " 192.0.2.1\n"})", R"("192.0.2.1")"},
        Case{"IPAddressVar", "{}", R"({"x": "2001:0DB8:0:0::0001"})", R"("2001:db8::1")"},
        Case{"IPAddressVar", "{}", R"({"x": "::ffff:192.0.2.1"})", R"("::ffff:192.0.2.1")"},
        Case{"IPAddressVar", "{}", R"({"x": "192.0.2.0/24"})",
             "Invalid IPv4/IPv6 address format: 192.0.2.0/24"},
        Case{"IPAddressVar", "{}", R"({"x": "1.2.3"})", "Invalid IPv4/IPv6 address format: 1.2.3"},
        Case{"IPAddressVar", "{}", R"({"x": "192.0.2.01"})",
             "Invalid IPv4/IPv6 address format: 192.0.2.01"},
        Case{"IPAddressVar", "{}", R"({"x": "fe80::1%eth0"})",
             "Invalid IPv4/IPv6 address format: fe80::1%eth0"},
        Case{"IPAddressVar", "{}", R"({"x": 5})", "Invalid IPv4/IPv6 address format: 5"},
        Case{"IPAddressVar", "{}", R"({"x": "  "})", kMissing},
        Case{"IPAddressVar", "{}", R"({"x": ""})", kMissing},
        Case{"IPAddressVar", R"({"required": false})", "{}", "null"},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/24"})", R"("192.0.2.1/24")"},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/0"})", R"("192.0.2.1/0")"},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/255.255.255.0"})",
             R"("192.0.2.1/24")"},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/0.0.0.255"})", R"("192.0.2.1/24")"},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/0.0.0.0"})", R"("192.0.2.1/0")"},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/255.255.255.255"})",
             R"("192.0.2.1/32")"},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/255.0.255.0"})", kNoAddress},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "2001:DB8::1/ffff:ffff::"})",
             R"("2001:db8::1/32")"},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "2001:db8::1/128"})", R"("2001:db8::1/128")"},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1"})", kNoMask},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/24/8"})", kNoMask},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": 5})", kNoMask},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/33"})", kNoAddress},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/-1"})", kNoAddress},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/"})", kNoAddress},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "10/8"})", kNoAddress},
        Case{"IPAddressWithMaskVar", "{}", R"({"x": "192.0.2.1/ffff::"})", kNoAddress}));

constexpr const char* kBounds = R"({"min_prefix_length": 20, "max_prefix_length": 28})";

INSTANTIATE_TEST_SUITE_P(
    Networks, Rules,
    testing::Values(Case{"IPNetworkVar", "{}", R"({"x": "192.0.2.0/24"})", R"("192.0.2.0/24")"},
                    Case{"IPNetworkVar", "{}", R"({"x": "2001:DB8::/32"})", R"("2001:db8::/32")"},
                    Case{"IPNetworkVar", "{}", R"({"x": "0.0.0.0/0"})", R"("0.0.0.0/0")"},
                    Case{"IPNetworkVar", "{}", R"({"x": "192.0.2.1/24"})",
                         "192.0.2.1/24 is not a valid prefix. Did you mean 192.0.2.0/24?"},
                    Case{"IPNetworkVar", "{}", R"({"x": "192.0.2.129/25"})",
                         "192.0.2.129/25 is not a valid prefix. Did you mean 192.0.2.128/25?"},
                    Case{"IPNetworkVar", "{}", R"({"x": "192.0.2.0"})", kNoMask},
                    Case{"IPNetworkVar", kBounds, R"({"x": "10.0.0.0/20"})", R"("10.0.0.0/20")"},
                    Case{"IPNetworkVar", kBounds, R"({"x": "10.0.0.0/28"})", R"("10.0.0.0/28")"},
                    Case{"IPNetworkVar", kBounds, R"({"x": "10.0.0.0/19"})",
                         "The prefix length must be greater than or equal to 20."},
                    Case{"IPNetworkVar", kBounds, R"({"x": "10.0.0.1/29"})",
                         "10.0.0.1/29 is not a valid prefix. Did you mean 10.0.0.0/29? | "
                         "The prefix length must be less than or equal to 28."},
                    Case{"IPNetworkVar", R"({"max_prefix_length": 0})", R"({"x": "10.0.0.0/8"})",
                         "The prefix length must be less than or equal to 0."},
                    Case{"IPNetworkVar", R"({"required": false})", R"({"x": null})", "null"}));

// The objects that the fake lookup knows: "one" and "two".
constexpr const char* kOne = R"("00000000-0000-0000-0000-000000000001")";
constexpr const char* kNoObject =
    "Select a valid choice. That choice is not one of the available choices.";
constexpr const char* kNullOption = R"({"null_option": "None"})";

INSTANTIATE_TEST_SUITE_P(
    Objects, Rules,
    testing::Values(
        Case{"ObjectVar", "{}", R"({"x": "one"})", kOne},
        Case{"ObjectVar", "{}", R"({"x": "00000000-0000-0000-0000-000000000001"})", kOne},
        Case{"ObjectVar", "{}", R"({"x": {"name": "one"}})", kOne},
        Case{"ObjectVar", "{}", R"({"x": "three"})", "There is no object three."},
        Case{"ObjectVar", "{}", R"({"x": {"name": "three"}})", kNoObject},
        Case{"ObjectVar", "{}", R"({"x": {"any": true}})",
             "Select a valid choice. 2 objects match; name one of them by its id."},
        Case{"ObjectVar", "{}", "{}", kMissing}, Case{"ObjectVar", "{}", R"({"x": ""})", kMissing},
        Case{"ObjectVar", R"({"required": false})", "{}", "null"},
        Case{"ObjectVar", R"({"has_default": true, "default": "one"})", "{}", kOne},
        Case{"ObjectVar", kNullOption, R"({"x": "None"})", "null"},
        Case{"ObjectVar", kNullOption, R"({"x": "null"})", "null"},
        Case{"ObjectVar", kNullOption, R"({"x": null})", "null"},
        Case{"ObjectVar", kNullOption, R"({"x": ""})", kMissing},
        Case{"ObjectVar", kNullOption, R"({"x": "one"})", kOne},
        Case{"ObjectVar", "{}", R"({"x": "null"})", "There is no object null."},
        Case{"MultiObjectVar", "{}", R"({"x": ["one", {"name": "one"}]})",
             R"(["00000000-0000-0000-0000-000000000001"])"},
        Case{"MultiObjectVar", "{}", R"({"x": "one"})",
             R"(["00000000-0000-0000-0000-000000000001"])"},
        Case{"MultiObjectVar", "{}", R"({"x": {"any": true}})",
             R"(["00000000-0000-0000-0000-000000000001","00000000-0000-0000-0000-000000000002"])"},
        Case{"MultiObjectVar", "{}", R"({"x": ["one", "three", "four"]})",
             "There is no object three. | There is no object four."},
        Case{"MultiObjectVar", "{}", R"({"x": []})", kMissing},
        Case{"MultiObjectVar", R"({"required": false})", "{}", "[]"}));

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

TEST(Validation, EndsWithWhatTheLookupFailsWith) {
  for (const char* type : {"ObjectVar", "MultiObjectVar"}) {
    const auto values = validate({declare(type)}, R"({"x": "database"})");
    ASSERT_FALSE(values.ok());
    EXPECT_EQ(values.error().code, "storage.busy");
  }
}

TEST(Validation, LooksUpAThousandObjectsButNotAnyNumber) {
  json::array names(10'001, "one");
  const auto refused = checked(json::array{declare("MultiObjectVar")}, json::object{{"x", names}});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().fields.at("x"),
              ElementsAre("Name 10000 objects at most, not 10001."));
  names.resize(1000);
  EXPECT_TRUE(checked(json::array{declare("MultiObjectVar")}, json::object{{"x", names}}).ok());
}

/// The value of `x`, or its messages, for these uploads.
std::string with_files(const json::value& variable, const UploadedFiles& files,
                       std::string_view data = "{}") {
  FakeLookup lookup;
  const auto values =
      validate_inputs(json::array{variable}, parse_json(data).value(), files, lookup);
  if (values.ok()) return to_text(values->at("x"));
  std::string text;
  for (const auto& [name, messages] : values.error().fields) {
    for (const std::string& message : messages) text += name + ": " + message;
  }
  return text;
}

TEST(Validation, TakesFilesAsUploadsOnly) {
  const json::value file = declare("FileVar");
  const json::value optional = declare("FileVar", R"({"required": false})");
  const UploadedFiles given{{"x", {"hosts.csv", "a,b"}}};
  EXPECT_EQ(with_files(file, given), R"({"name":"hosts.csv","size":3})");
  EXPECT_EQ(with_files(file, given, R"({"x": ""})"), R"({"name":"hosts.csv","size":3})");
  EXPECT_EQ(with_files(file, {{"x", {"a\xff", "1"}}}), "{\"name\":\"a\uFFFD\",\"size\":1}");
  EXPECT_EQ(with_files(file, {}), "x: This field is required.");
  EXPECT_EQ(with_files(optional, {}), "null");
  EXPECT_EQ(with_files(file, {{"x", {"empty.txt", ""}}}), "x: The submitted file is empty.");
  for (const UploadedFiles& files : {given, UploadedFiles{}}) {
    const std::string refused = with_files(optional, files, R"({"x": "hosts.csv"})");
    EXPECT_THAT(refused, HasSubstr("multipart/form-data"));
    EXPECT_THAT(refused, HasSubstr("--file"));
  }
}

TEST(Validation, RefusesFilesThatNobodyAskedFor) {
  EXPECT_EQ(with_files(declare("StringVar"), {{"x", {"a", "1"}}}),
            "x: This variable takes no file: send its value as a field.");
  EXPECT_EQ(with_files(declare("FileVar"), {{"x", {"a", "1"}}, {"y", {"b", "1"}}}),
            "y: Job data contained an unknown property");
}

TEST(Validation, TakesSixteenFilesAtMost) {
  json::array variables;
  UploadedFiles files;
  FakeLookup lookup;
  for (int i = 0; i < 17; ++i) {
    const std::string name = "f" + std::to_string(i);
    variables.push_back(declare("FileVar", R"({"name": ")" + name + R"("})"));
    files[name] = {"a", "1"};
  }
  const auto refused = validate_inputs(variables, {}, files, lookup);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().fields,
              ElementsAre(Pair("f16", ElementsAre("A run takes 16 files at most."))));
  variables.pop_back();
  files.erase("f16");
  EXPECT_TRUE(validate_inputs(variables, {}, files, lookup).ok());
}

}  // namespace
}  // namespace windlass
