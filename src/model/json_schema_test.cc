#include "model/json_schema.h"

#include <gtest/gtest.h>

#include "model/test_inputs.h"

namespace windlass {
namespace {

struct Case {
  const char* type;
  const char* members;
  const char* schema;
};

class Schemas : public testing::TestWithParam<Case> {};

TEST_P(Schemas, SayTheRules) {
  const Case& c = GetParam();
  const json::value declaration = declare(c.type, c.members);
  EXPECT_EQ(json::value(variable_schema(Variable(declaration))), parse_json(c.schema).value())
      << c.type << " " << c.members << " " << to_text(variable_schema(Variable(declaration)));
}

INSTANTIATE_TEST_SUITE_P(
    Types, Schemas,
    testing::Values(
        Case{"StringVar", "{}", R"({"type": "string", "minLength": 1})"},
        Case{"StringVar", R"({"min_length": 2, "max_length": 5, "regex": "^[a-z]+$"})",
             R"({"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^[a-z]+$"})"},
        Case{"StringVar", R"({"required": false, "min_length": 2})",
             R"({"type": "string", "anyOf": [{"const": ""}, {"minLength": 2}]})"},
        Case{"StringVar", R"({"regex": "\\A(?P<x>a)\\Z", "min_length": -1})",
             R"({"type": "string", "minLength": 1, "x-regex": "\\A(?P<x>a)\\Z"})"},
        Case{"StringVar", R"x({"regex": "(?:a)(?=b)(?i)"})x",
             R"x({"type": "string", "minLength": 1, "x-regex": "(?:a)(?=b)(?i)"})x"},
        Case{"TextVar", R"({"required": false})", R"({"type": "string"})"},
        Case{"IntegerVar", R"({"min_value": 0, "max_value": 1e30})",
             R"({"type": "integer", "minimum": 0, "maximum": 9223372036854775807})"},
        Case{"IntegerVar", R"({"required": false})", R"({"type": ["integer", "null"]})"},
        Case{"BooleanVar", R"({"has_default": true, "default": true})",
             R"({"type": "boolean", "default": true})"},
        Case{"ChoiceVar", R"({"choices": [["", "-"], ["r", "Red"], ["Cold", [[5, "Five"]]]]})",
             R"({"type": "string", "enum": ["r", "5"]})"},
        Case{"ChoiceVar", R"({"required": false, "choices": [["r", "Red"], ["r", "Rot"]]})",
             R"({"type": "string", "enum": ["", "r"]})"},
        Case{"ChoiceVar", R"({"choices": [], "choices_method": "colours"})",
             R"({"type": "string", "x-choices-method": "colours"})"},
        Case{"MultiChoiceVar", R"({"choices": [["r", "Red"]]})",
             R"({"type": "array", "minItems": 1, "items": {"type": "string", "enum": ["r"]}})"},
        Case{"ObjectVar", R"({"model": "extras.job"})",
             R"({"type": ["string", "object"], "x-object-type": "extras.job"})"},
        Case{"ObjectVar", R"({"null_option": "None"})",
             R"({"type": ["string", "object", "null"]})"},
        Case{"MultiObjectVar", R"({"required": false, "model": "extras.job"})",
             R"({"type": "array", "items": {"type": ["string", "object"]},
                 "x-object-type": "extras.job"})"},
        Case{"FileVar", "{}",
             R"({"contentMediaType": "application/octet-stream",
                 "x-upload": "multipart/form-data"})"},
        Case{"JSONVar", "{}", R"({"not": {"enum": [null, "", [], {}]}})"},
        Case{"JSONVar", R"({"required": false})", "{}"},
        Case{"IPAddressVar", R"({"required": false})",
             R"({"type": ["string", "null"], "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]})"},
        Case{"IPAddressWithMaskVar", "{}",
             R"({"type": "string", "pattern": "^[0-9A-Fa-f.:]+/[0-9A-Fa-f.:]+$"})"},
        Case{"IPNetworkVar", R"({"min_prefix_length": 8, "max_prefix_length": 24})",
             R"({"type": "string", "pattern": "^[0-9A-Fa-f.:]+/[0-9A-Fa-f.:]+$",
                 "x-min-prefix-length": 8, "x-max-prefix-length": 24})"},
        Case{"QuantumVar", "{}", "{}"}));

INSTANTIATE_TEST_SUITE_P(
    Members, Schemas,
    testing::Values(
        Case{"JSONVar", R"({"required": false, "label": "Name", "description": "Of the host"})",
             R"({"title": "Name", "description": "Of the host"})"},
        Case{"JSONVar",
             R"({"required": false, "sensitive": true, "has_default": true, "default": "hunter2"})",
             R"({"writeOnly": true})"},
        Case{"JSONVar", R"({"required": false, "visible_if": {"other": ["a"]}})",
             R"({"x-visible-if": {"other": ["a"]}})"}));

TEST(InputsSchema, RequiresWhatHasToBeGiven) {
  const json::array variables{
      declare("StringVar", R"({"name": "must"})"),
      declare("StringVar", R"({"name": "may", "required": false})"),
      declare("StringVar", R"({"name": "has", "has_default": true, "default": "d"})"),
      declare("StringVar", R"({"name": "null", "has_default": true, "default": null})"),
      declare("StringVar", R"({"name": "hidden", "visible_if": {"may": ["a"]}})"),
      declare("BooleanVar", R"({"name": "flag"})")};
  const json::object schema = inputs_schema(variables);
  EXPECT_EQ(to_text(schema.at("required")), R"(["must","null"])");
  EXPECT_EQ(schema.at("properties").as_object().size(), 6u);
  EXPECT_EQ(schema.at("additionalProperties"), false);
  EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(to_text(inputs_schema(nullptr).at("properties")), "{}");
}

}  // namespace
}  // namespace windlass
