#include "model/form_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "model/test_inputs.h"

namespace windlass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

json::array form(std::vector<json::value> variables) {
  return json::array(variables.begin(), variables.end());
}

class FormStateTest : public testing::Test {
 protected:
  FormState state(const json::array& variables, std::string_view data,
                  const UploadedFiles& files = {}) {
    auto evaluated = evaluate_form(variables, parse_json(data).value(), files, lookup_);
    EXPECT_TRUE(evaluated.ok());
    return std::move(evaluated).value_or({});
  }
  /// The fields as text: `name=value`, `name hidden=value`, `name! message`.
  std::string shown(const json::array& variables, std::string_view data,
                    const UploadedFiles& files = {}) {
    std::string out;
    for (const FormField& field : state(variables, data, files).fields) {
      out += (out.empty() ? "" : "; ") + field.name + (field.visible ? "" : " hidden");
      out += field.messages.empty() ? "=" + to_text(field.value) : "! " + field.messages.front();
    }
    return out;
  }

  FakeLookup lookup_;
};

const json::value kMode = declare("ChoiceVar", R"({"name": "mode", "required": false,
    "choices": [["basic", "Basic"], ["expert", "Expert"], [5, "Five"]]})");
const json::value kDepth =
    declare("IntegerVar", R"({"name": "depth", "visible_if": {"mode": ["expert"]}})");
const json::value kReason =
    declare("StringVar", R"({"name": "reason", "visible_if": {"depth": [1, 2]}})");

// Visibility -------------------------------------------------------------------------------------

TEST_F(FormStateTest, AHiddenVariableIsNotRequiredAndWhatWasSentForItIsDropped) {
  const json::array variables = form({kMode, kDepth});
  EXPECT_EQ(shown(variables, "{}"), R"(mode=""; depth hidden=null)");
  EXPECT_EQ(shown(variables, R"({"mode": "basic", "depth": "nonsense"})"),
            R"(mode="basic"; depth hidden=null)");
  EXPECT_EQ(shown(variables, R"({"mode": "expert"})"),
            R"(mode="expert"; depth! This field is required.)");
  EXPECT_EQ(shown(variables, R"({"mode": "expert", "depth": "3"})"), R"(mode="expert"; depth=3)");
  EXPECT_EQ(to_text(*validate_inputs(variables, json::object{{"depth", 9}}, {}, lookup_)),
            R"({"mode":"","depth":null})");
}

TEST_F(FormStateTest, ConditionsFollowOneAnotherInAnyOrderOfDefinition) {
  json::array variables = form({kDepth, kMode, kReason});
  std::ranges::sort(variables, {}, [](const auto& v) { return get_string(v, "name"); });
  const char* data = R"({"mode": "expert", "depth": "2", "reason": "why"})";
  do {
    for (const FormField& field : state(variables, data).fields) {
      EXPECT_TRUE(field.visible) << field.name;
    }
    // A hidden variable counts as its empty value, whatever was sent for it.
    const FormState basic = state(variables, R"({"mode": "basic", "depth": "2", "reason": "why"})");
    for (const FormField& field : basic.fields) EXPECT_EQ(field.visible, field.name == "mode");
    EXPECT_TRUE(basic.valid());
  } while (std::ranges::next_permutation(variables, {}, [](const auto& v) {
             return get_string(v, "name");
           }).found);
}

TEST_F(FormStateTest, ARefusedValueCountsAsEmpty) {
  EXPECT_EQ(shown(form({kMode, kDepth}), R"({"mode": "bogus"})"),
            "mode! Select a valid choice. bogus is not one of the available choices.; "
            "depth hidden=null");
}

TEST_F(FormStateTest, ConditionsCompareWithTheValuesThatRunGets) {
  const auto is_shown = [&](json::value other, std::string_view condition, std::string_view given) {
    other.as_object()["name"] = "other";
    other.as_object()["required"] = false;
    const json::value field =
        declare("BooleanVar", R"({"visible_if": {"other": )" + std::string(condition) + "}}");
    return state(form({field, other}), R"({"other": )" + std::string(given) + "}")
        .fields[0]
        .visible;
  };
  EXPECT_TRUE(is_shown(declare("BooleanVar"), "[true]", R"("on")"));
  EXPECT_FALSE(is_shown(declare("BooleanVar"), "[true]", "null"));
  EXPECT_TRUE(is_shown(declare("BooleanVar"), "[false]", "null"));
  EXPECT_TRUE(is_shown(declare("IntegerVar"), "[4, 5]", R"("5")"));
  EXPECT_TRUE(is_shown(declare("IntegerVar"), "5", "5.0")) << "a single value";
  EXPECT_TRUE(is_shown(declare("IntegerVar"), "[null]", R"("")"));
  EXPECT_FALSE(is_shown(declare("IntegerVar"), "[null]", "0"));
  EXPECT_TRUE(is_shown(declare("StringVar"), R"(["a"])", R"(" a ")"));
  EXPECT_TRUE(is_shown(declare("StringVar"), "[null]", R"("  ")"));
  EXPECT_TRUE(is_shown(kMode, "[5]", R"("5")")) << "a choice is text, its author writes 5";
  const json::value colours =
      declare("MultiChoiceVar", R"({"choices": [["r", "Red"], ["b", "Blue"]]})");
  EXPECT_TRUE(is_shown(colours, R"(["b"])", R"(["r", "b"])"));
  EXPECT_FALSE(is_shown(colours, R"(["b"])", R"(["r"])"));
  EXPECT_TRUE(is_shown(colours, "[null]", "[]"));
  const json::value object = declare("ObjectVar");
  EXPECT_TRUE(is_shown(object, R"(["00000000-0000-0000-0000-000000000001"])", R"("one")"));
  EXPECT_FALSE(is_shown(object, "[]", R"("one")")) << "no value will do";
}

TEST_F(FormStateTest, AllConditionsOfAVariableMustHold) {
  const json::value field =
      declare("BooleanVar", R"({"visible_if": {"mode": ["expert"], "depth": [1]}})");
  const json::array variables = form({kMode, kDepth, field});
  EXPECT_TRUE(state(variables, R"({"mode": "expert", "depth": 1})").fields[2].visible);
  EXPECT_FALSE(state(variables, R"({"mode": "expert", "depth": 2})").fields[2].visible);
  EXPECT_FALSE(state(variables, R"({"mode": "basic", "depth": 1})").fields[2].visible);
}

TEST_F(FormStateTest, SaysWhenConditionsCannotBeKept) {
  const json::value a = declare("BooleanVar", R"({"name": "a", "visible_if": {"b": [true]}})");
  const json::value b = declare("BooleanVar", R"({"name": "b", "visible_if": {"a": [true]}})");
  for (const json::array& variables : {form({a, b}), form({b, a})}) {
    for (const FormField& field : state(variables, "{}").fields) {
      EXPECT_THAT(field.messages, ElementsAre(HasSubstr("go round in a circle")));
    }
  }
  EXPECT_THAT(state(form({a}), R"({"a": true})").fields[0].messages,
              ElementsAre("The job's visible_if names b, which is not one of its variables."));
}

TEST_F(FormStateTest, DropsTheFileOfAHiddenVariable) {
  const json::value file =
      declare("FileVar", R"({"name": "list", "visible_if": {"mode": ["expert"]}})");
  const UploadedFiles files{{"list", {"a", "1"}}};
  EXPECT_EQ(shown(form({kMode, file}), "{}", files), R"(mode=""; list hidden=null)");
  EXPECT_EQ(shown(form({kMode, file}), R"({"mode": "expert"})", files),
            R"(mode="expert"; list={"name":"a","size":1})");
}

// Objects ----------------------------------------------------------------------------------------

TEST_F(FormStateTest, ObjectsGetTheValuesThatTheirQueryParamsName) {
  const json::value site = declare("ObjectVar", R"({"name": "site",
      "query_params": {"region": "$region", "role": ["$role", "x"], "tag": "a", "self": "$site"}})");
  const json::value region = declare("ObjectVar", R"({"name": "region"})");
  const json::value role = declare("StringVar", R"({"name": "role", "required": false})");
  // Defined before what it refers to.
  state(form({site, region, role}), R"({"site": "two", "region": "one"})");
  EXPECT_EQ(to_text(json::array(lookup_.forms["site"].begin(), lookup_.forms["site"].end())),
            R"([{"region":"00000000-0000-0000-0000-000000000001","role":""}])");
}

TEST_F(FormStateTest, ObjectsMayNarrowOneAnother) {
  const json::value a =
      declare("ObjectVar", R"({"name": "a", "required": false, "query_params": {"of": "$b"}})");
  const json::value b =
      declare("ObjectVar", R"({"name": "b", "required": false, "query_params": {"of": "$a"}})");
  const FormState both = state(form({a, b}), R"({"a": "one", "b": "two"})");
  EXPECT_TRUE(both.valid());
  EXPECT_EQ(to_text(lookup_.forms["a"].at(0)), R"({"b":null})");
  EXPECT_EQ(to_text(lookup_.forms["b"].at(0)), R"({"a":"00000000-0000-0000-0000-000000000001"})");
}

// Computed choices -------------------------------------------------------------------------------

const json::value kRegion = declare("ChoiceVar", R"({"name": "region",
    "choices": [["emea", "EMEA"], ["apac", "APAC"]]})");
const json::value kSite =
    declare("ChoiceVar", R"({"name": "site", "choices": [], "choices_method": "sites"})");

class ComputedChoices : public FormStateTest {
 protected:
  ComputedChoices() {
    lookup_.choose = [](const json::object& form) -> Result<json::array> {
      const json::value* region = form.if_contains("region");
      if (region == nullptr || *region != "emea") return json::array{json::array{"any", "Any"}};
      return json::array{json::array{"Towns", json::array{json::array{"ber", "Berlin"}}},
                         json::array{7, "Seven"}};
    };
  }
};

TEST_F(ComputedChoices, AreWhatTheMethodReturnsForTheForm) {
  const json::array variables = form({kSite, kRegion});  // before what it depends on
  const FormState right = state(variables, R"({"region": "emea", "site": "ber"})");
  EXPECT_TRUE(right.valid());
  EXPECT_EQ(to_text(*right.fields[0].choices), R"([["Towns",[["ber","Berlin"]]],[7,"Seven"]])");
  EXPECT_FALSE(right.fields[1].choices.has_value());
  EXPECT_EQ(shown(variables, R"({"region": "emea", "site": 7})"), R"(site="7"; region="emea")");
  EXPECT_EQ(shown(variables, R"({"region": "apac", "site": "ber"})"),
            "site! Select a valid choice. ber is not one of the available choices.; "
            R"(region="apac")");
}

TEST_F(ComputedChoices, AreToldWhileTheFormIsNotRightYet) {
  const FormState empty = state(form({kRegion, kSite}), "{}");
  EXPECT_THAT(empty.fields[0].messages, ElementsAre("This field is required."));
  EXPECT_EQ(to_text(*empty.fields[1].choices), R"([["any","Any"]])");
  EXPECT_EQ(to_text(lookup_.forms["site"].at(0)), R"({"region":""})");
  EXPECT_EQ(lookup_.forms["site"].size(), 1u);
}

TEST_F(ComputedChoices, GetNothingSensitiveAndOnlyComputedOnesBefore) {
  const json::value secret = declare("StringVar", R"({"name": "secret", "sensitive": true})");
  const json::value rack = declare("MultiChoiceVar", R"({"name": "rack", "required": false,
      "choices": [], "choices_method": "racks"})");
  const json::value hidden =
      declare("IntegerVar", R"({"name": "hidden", "visible_if": {"region": ["apac"]}})");
  state(form({secret, kSite, kRegion, rack, hidden}),
        R"({"secret": "s3", "region": "emea", "site": "ber", "rack": ["7"], "hidden": 5})");
  EXPECT_EQ(to_text(lookup_.forms["site"].at(0)), R"({"region":"emea","hidden":null})");
  EXPECT_EQ(to_text(lookup_.forms["rack"].at(0)),
            R"({"site":"ber","region":"emea","hidden":null})");
}

TEST_F(ComputedChoices, AreNotAskedForWhileHidden) {
  json::value site = kSite;
  site.as_object()["visible_if"] = json::object{{"region", json::array{"apac"}}};
  const FormState hidden = state(form({kRegion, site}), R"({"region": "emea", "site": "ber"})");
  EXPECT_TRUE(hidden.valid());
  EXPECT_FALSE(hidden.fields[1].choices.has_value());
  EXPECT_THAT(lookup_.forms, IsEmpty());
}

TEST_F(ComputedChoices, AFailureIsTheFieldsErrorOrEndsTheValidation) {
  lookup_.choose = [](const json::object&) -> Result<json::array> {
    return Error{"input.invalid", "sites() raised KeyError: 'x'."};
  };
  json::value optional = kSite;
  optional.as_object()["required"] = false;
  const FormState failed = state(form({optional}), "{}");
  EXPECT_THAT(failed.fields[0].messages, ElementsAre("sites() raised KeyError: 'x'."));
  EXPECT_FALSE(validate_inputs(form({optional}), {}, {}, lookup_).ok());

  lookup_.choose = [](const json::object&) -> Result<json::array> {
    return Error{"storage.busy", "The database is busy."};
  };
  EXPECT_EQ(evaluate_form(form({kSite}), {}, {}, lookup_).error().code, "storage.busy");
}

TEST_F(ComputedChoices, CountAsGivenForConditions) {
  const json::value field = declare("BooleanVar", R"({"visible_if": {"site": ["ber"]}})");
  EXPECT_TRUE(state(form({field, kSite, kRegion}), R"({"region": "emea", "site": "ber"})")
                  .fields[0]
                  .visible);
}

// The rest ---------------------------------------------------------------------------------------

TEST_F(FormStateTest, ReportsUnknownNamesAndDataThatIsNoObject) {
  const FormState unknown = state(form({kMode}), R"({"zzz": 1})", {{"file", {"a", "1"}}});
  EXPECT_FALSE(unknown.valid());
  EXPECT_THAT(unknown.unknown,
              ElementsAre(Pair("file", ElementsAre("Job data contained an unknown property")),
                          Pair("zzz", ElementsAre("Job data contained an unknown property"))));
  EXPECT_EQ(evaluate_form(form({kMode}), "text", {}, lookup_).error().code, "job.data_not_object");
  EXPECT_TRUE(state({}, "null").valid());
}

}  // namespace
}  // namespace windlass
