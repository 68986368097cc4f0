#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/pattern.h"
#include "base/text.h"
#include "model/form_state.h"
#include "model/json_schema.h"
#include "model/test_inputs.h"

namespace windlass {
namespace {

using testing::ElementsAre;

/// Checks values against the part of JSON Schema that our schemas use.
class SchemaChecker {
 public:
  bool fits(const json::value& value, const json::value& schema) {
    for (const auto& [keyword, wanted] : schema.as_object()) {
      if (!keeps(value, std::string_view(keyword), wanted)) return false;
    }
    return true;
  }

 private:
  bool keeps(const json::value& value, std::string_view keyword, const json::value& wanted) {
    if (keyword == "type") return is_type(value, wanted);
    if (keyword == "const") return value == wanted;
    if (keyword == "enum")
      return std::ranges::find(wanted.as_array(), value) != wanted.as_array().end();
    if (keyword == "not") return !fits(value, wanted);
    if (keyword == "anyOf") {
      const auto matches = [&](const json::value& schema) { return fits(value, schema); };
      return std::ranges::any_of(wanted.as_array(), matches);
    }
    if (value.is_string()) return keeps_text(to_view(value.get_string()), keyword, wanted);
    if (value.is_array()) return keeps_list(value.get_array(), keyword, wanted);
    if (keyword == "minimum") return !value.is_int64() || value.get_int64() >= wanted.as_int64();
    if (keyword == "maximum") return !value.is_int64() || value.get_int64() <= wanted.as_int64();
    return true;
  }
  bool keeps_text(std::string_view text, std::string_view keyword, const json::value& wanted) {
    const auto length = static_cast<std::int64_t>(utf8_length(text));
    if (keyword == "minLength") return length >= wanted.as_int64();
    if (keyword == "maxLength") return length <= wanted.as_int64();
    if (keyword == "pattern") {
      return Pattern::compile(to_view(wanted.as_string()))->matches(text).value();
    }
    if (keyword == "format") {
      in6_addr out;
      return inet_pton(wanted == "ipv4" ? AF_INET : AF_INET6, std::string(text).c_str(), &out) == 1;
    }
    return true;
  }
  bool keeps_list(const json::array& list, std::string_view keyword, const json::value& wanted) {
    if (keyword == "minItems") return list.size() >= static_cast<std::size_t>(wanted.as_int64());
    if (keyword != "items") return true;
    return std::ranges::all_of(list, [&](const json::value& item) { return fits(item, wanted); });
  }
  static bool is_type(const json::value& value, const json::value& wanted) {
    if (const json::array* types = wanted.if_array()) {
      return std::ranges::any_of(*types, [&](const auto& type) { return is_type(value, type); });
    }
    if (wanted == "string") return value.is_string();
    if (wanted == "integer") return value.is_int64();
    if (wanted == "boolean") return value.is_bool();
    if (wanted == "array") return value.is_array();
    if (wanted == "object") return value.is_object();
    return wanted == "null" && value.is_null();
  }
};

/// Forms of any shape, and answers that are often right.
class RandomForms {
 public:
  json::array variables() {
    json::array out;
    const int count = 1 + random_.pick(5);
    for (int i = 0; i < count; ++i) {
      json::value variable = random_.one_of(kinds());
      json::object& members = variable.as_object();
      members["name"] = name(i);
      if (members["type"] != "BooleanVar") members["required"] = random_.pick(3) == 0;
      if (random_.pick(4) == 0) members["visible_if"] = condition(count);
      if (random_.pick(4) == 0) {
        members["has_default"] = true;
        members["default"] = answer();
      }
      out.push_back(std::move(variable));
    }
    return out;
  }
  json::object data(const json::array& variables) {
    json::object out;
    for (const json::value& variable : variables) {
      if (random_.pick(4) != 0 && get_string(variable, "type") != "FileVar") {
        out[get_string(variable, "name")] = answer_to(get_string(variable, "type"));
      }
    }
    if (random_.pick(12) == 0) out["unknown"] = answer();
    return out;
  }
  UploadedFiles files(const json::array& variables) {
    UploadedFiles out;
    for (const json::value& variable : variables) {
      const bool is_file = get_string(variable, "type") == "FileVar";
      if (random_.pick(is_file ? 2 : 60) == 0) {
        out[get_string(variable, "name")] = {"a.csv", random_.pick(5) == 0 ? "" : "1"};
      }
    }
    return out;
  }

 private:
  static std::string name(int i) { return "v" + std::to_string(i); }

  json::object condition(int count) {
    json::object out;
    out[name(random_.pick(count + (random_.pick(20) == 0 ? 1 : 0)))] =
        json::array{answer(), answer()};
    return out;
  }
  json::value answer() {
    static const std::vector<json::value> kLikely{"",
                                                  nullptr,
                                                  "r",
                                                  "b",
                                                  json::array{"r", "b"},
                                                  json::array{"r"},
                                                  true,
                                                  false,
                                                  5,
                                                  "5",
                                                  "abcd",
                                                  "one",
                                                  json::object{{"name", "two"}},
                                                  "192.0.2.0",
                                                  "2001:DB8::",
                                                  "192.0.2.0/24",
                                                  "10.0.0.1/8",
                                                  "[1, 2]",
                                                  "\"text\"",
                                                  "{\"a\": {}}"};
    return random_.pick(5) == 0 ? random_.any() : random_.one_of(kLikely);
  }
  /// Mostly one that the type takes.
  json::value answer_to(const std::string& type) {
    static const std::map<std::string, std::vector<json::value>> kRight{
        {"StringVar", {"abcd", " 5a ", "b"}},
        {"TextVar", {"two\nlines", 5}},
        {"IntegerVar", {5, "-3", 10.0, "2."}},
        {"BooleanVar", {true, "off", 1}},
        {"ChoiceVar", {"r", 5, "r"}},
        {"MultiChoiceVar", {"b", json::array{"r", "b"}, json::array{"r"}}},
        {"ObjectVar", {"one", json::object{{"name", "two"}}, "one"}},
        {"MultiObjectVar", {"one", json::array{"two", "one"}, json::object{{"any", true}}}},
        {"JSONVar", {"[1, 2]", "\"text\"", json::object{{"a", nullptr}}, 0}},
        {"IPAddressVar", {"192.0.2.1", "2001:DB8::"}},
        {"IPAddressWithMaskVar", {"192.0.2.1/24", "::1/255.0.0.0", "10.0.0.1/255.0.0.0"}},
        {"IPNetworkVar", {"192.0.2.0/24", "2001:DB8::/32", "10.0.0.0/8"}}};
    return random_.pick(4) == 0 ? answer() : random_.one_of(kRight.at(type));
  }
  static const std::vector<json::value>& kinds() {
    static const std::vector<json::value> kinds{
        declare("StringVar"),
        declare("StringVar", R"({"min_length": 2, "max_length": 4, "regex": "^[a-z5]"})"),
        declare("TextVar", R"({"sensitive": true})"),
        declare("IntegerVar", R"({"min_value": -3, "max_value": 10})"),
        declare("BooleanVar", R"({"required": false})"),
        declare("ChoiceVar", R"({"choices": [["r", "Red"], ["", "None"], [5, "5"], [true, "t"]]})"),
        declare("ChoiceVar", R"({"choices": [], "choices_method": "colours"})"),
        declare("MultiChoiceVar", R"({"choices": [["r", "Red"], ["b", "Blue"]]})"),
        declare("MultiChoiceVar", R"({"choices": [], "choices_method": "colours"})"),
        declare("ObjectVar", R"({"null_option": "None", "query_params": {"site": "$v0"}})"),
        declare("ObjectVar"),
        declare("MultiObjectVar"),
        declare("FileVar"),
        declare("JSONVar"),
        declare("IPAddressVar"),
        declare("IPAddressWithMaskVar"),
        declare("IPNetworkVar", R"({"min_prefix_length": 8})")};
    return kinds;
  }

  RandomInputs random_;
};

/// The values as somebody sends them who has them from a run: texts of a JSONVar quoted, files
/// beside.
json::object sent_again(const json::array& variables, json::object values) {
  for (const json::value& variable : variables) {
    const std::string name = get_string(variable, "name");
    json::value& value = values.at(name);
    if (get_string(variable, "type") == "FileVar") value = nullptr;
    if (get_string(variable, "type") == "JSONVar" && value.is_string()) value = to_text(value);
  }
  return values;
}

class InputProperties : public testing::Test {
 protected:
  InputProperties() {
    lookup_.choose = [](const json::object& form) -> Result<json::array> {
      // Depends on the form, as choices are made to.
      const json::value* first = form.if_contains("v0");
      if (first != nullptr && *first == "b") return Error{"input.invalid", "Not for b."};
      return json::array{json::array{"r", "Red"}, json::array{"b", "Blue"}};
    };
  }

  RandomForms random_;
  FakeLookup lookup_;
  SchemaChecker checker_;
};

TEST_F(InputProperties, FormAndRulesAgreeAndWhatIsTakenIsTakenAgainUnchanged) {
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const json::array variables = random_.variables();
    const json::object data = random_.data(variables);
    const UploadedFiles files = random_.files(variables);
    const auto state = evaluate_form(variables, data, files, lookup_);
    const auto values = validate_inputs(variables, data, files, lookup_);
    ASSERT_TRUE(state.ok());
    ASSERT_EQ(state->valid(), values.ok()) << to_text(variables) << to_text(data);
    if (!values.ok()) {
      ASSERT_EQ(values.error().code, "job.inputs");
      FieldErrors errors = state->unknown;
      for (const FormField& field : state->fields) {
        if (!field.messages.empty()) errors[field.name] = field.messages;
      }
      ASSERT_EQ(values.error().fields, errors);
      continue;
    }
    ++accepted;
    ASSERT_EQ(values->size(), variables.size());
    for (const FormField& field : state->fields) ASSERT_EQ(values->at(field.name), field.value);
    const auto again = validate_inputs(variables, sent_again(variables, *values), files, lookup_);
    ASSERT_TRUE(again.ok()) << to_text(variables) << to_text(data) << to_text(*values);
    ASSERT_EQ(*again, *values) << to_text(variables) << to_text(data);
  }
  EXPECT_GT(accepted, 3'000);
}

TEST_F(InputProperties, WhatIsTakenFitsTheSchema) {
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const json::array variables = random_.variables();
    const json::object data = random_.data(variables);
    const auto state = evaluate_form(variables, data, random_.files(variables), lookup_);
    ASSERT_TRUE(state.ok());
    const json::object schema = inputs_schema(variables);
    for (const FormField& field : state->fields) {
      if (!field.visible || !field.messages.empty()) continue;
      ++accepted;
      const json::value& own = schema.at("properties").at(field.name);
      ASSERT_TRUE(checker_.fits(field.value, own)) << to_text(field.value) << " " << to_text(own);
    }
    if (!state->valid()) continue;
    for (const json::value& name : schema.at("required").as_array()) {
      const std::string required(to_view(name.as_string()));
      const auto& fields = state->fields;
      const auto field = std::ranges::find(fields, required, &FormField::name);
      ASSERT_TRUE(field->value.is_object() || data.contains(required)) << required;
    }
  }
  EXPECT_GT(accepted, 20'000);
}

TEST_F(InputProperties, EveryUnknownNameIsRefused) {
  RandomInputs random;
  for (int i = 0; i < 2'000; ++i) {
    const std::string name = random.text();
    const json::object data{{"x", "ok"}, {name, random.any()}};
    const auto values = validate_inputs(json::array{declare("StringVar")}, data, {}, lookup_);
    ASSERT_FALSE(values.ok());
    EXPECT_THAT(values.error().fields.at(name),
                ElementsAre("Job data contained an unknown property"));
  }
}

}  // namespace
}  // namespace windlass
