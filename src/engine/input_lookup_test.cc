#include "engine/input_lookup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/test_home.h"

namespace windlass::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

/// Answers what the test says, and remembers the forms.
class FakeChoices final : public ChoiceSource {
 public:
  Result<json::array> compute(const Job&, const std::string&, const json::object& form) override {
    forms.push_back(to_text(form));
    return answer;
  }
  Result<json::array> answer = json::array{};
  std::vector<std::string> forms;
};

class InputLookupTest : public testing::Test {
 protected:
  InputLookupTest() {
    for (const char* name : {"Alpha", "Beta"}) {
      Job job;
      job.name = name;
      job.enabled = name == std::string("Alpha");
      jobs_.push_back(home_.add_job(job));
    }
  }
  /// The ids that `given` names, or the message.
  std::string outcome(const char* given, const char* members = "{}", const char* form = "{}") {
    json::value declaration{{"name", "x"}, {"type", "ObjectVar"}, {"model", "extras.job"}};
    const json::value extra = parse_json(members).value();
    for (const auto& member : extra.get_object()) {
      declaration.get_object()[member.key()] = member.value();
    }
    const auto ids = lookup_.objects(Variable(declaration), parse_json(given).value(),
                                     parse_json(form).value().get_object());
    if (!ids.ok()) {
      EXPECT_EQ(ids.error().code, "input.invalid");
      return ids.error().message;
    }
    std::string names;
    for (const Uuid& id : *ids) {
      for (const Job& job : jobs_)
        names += job.id == id ? (names.empty() ? "" : " ") + job.name : "";
    }
    return names;
  }
  Result<json::array> choices(const char* form) {
    const json::value declaration{
        {"name", "site"}, {"type", "ChoiceVar"}, {"choices_method", "sites"}};
    return lookup_.choices(Variable(declaration), parse_json(form).value().get_object());
  }

  FakeClock clock_;
  TestHome home_{clock_};
  std::vector<Job> jobs_;
  ObjectDirectory objects_{home_.storage()};
  FakeChoices choices_;
  Job job_ = [] {
    Job job;
    job.variables =
        parse_json(R"([{"name": "secret", "type": "StringVar", "sensitive": true}])").value();
    return job;
  }();
  JobInputLookup lookup_{objects_, choices_, job_};
};

TEST_F(InputLookupTest, FindsByIdNameFiltersAndWholeObject) {
  const std::string id = jobs_[0].id.to_string();
  EXPECT_EQ(outcome(("\"" + id + "\"").c_str()), "Alpha");
  EXPECT_EQ(outcome(R"("Alpha")"), "Alpha");
  EXPECT_EQ(outcome(R"("my_group.Beta")"), "Beta");
  EXPECT_EQ(outcome(R"({"enabled": true})"), "Alpha");
  EXPECT_EQ(outcome(R"({"name": "Beta", "installed": "true"})"), "Beta");
  EXPECT_EQ(
      outcome((R"({"object_type": "extras.job", "url": "/x/", "id": ")" + id + "\"}").c_str()),
      "Alpha");
}

TEST_F(InputLookupTest, RefusesNoneAndSeveral) {
  EXPECT_EQ(
      outcome(R"("nobody")"),
      "Select a valid choice. That choice is not one of the available choices. There is no Job "
      "\"nobody\".");
  EXPECT_EQ(outcome(R"({"name": "nobody"})"),
            "Select a valid choice. That choice is not one of the available choices. There is no "
            "extras.job with {\"name\":\"nobody\"}.");
  EXPECT_EQ(outcome(R"({"installed": true})"),
            "Select a valid choice. There are 2 objects: extras.job with {\"installed\":\"true\"}; "
            "name one of them.");
  EXPECT_EQ(outcome(R"({"installed": true})", R"({"type": "MultiObjectVar"})"), "Alpha Beta");
}

TEST_F(InputLookupTest, SaysWhatIsWrongWithAQuestion) {
  EXPECT_THAT(outcome(R"({"colour": "red"})"), HasSubstr("there is no filter \"colour\""));
  EXPECT_THAT(outcome(R"({"name": {"a": 1}})"), HasSubstr("The filter name takes text"));
  EXPECT_THAT(outcome("true"), HasSubstr("Give an id, a name"));
  EXPECT_THAT(outcome(R"("x")", R"({"model": "dcim.device"})"), HasSubstr("\"dcim.device\""));
}

TEST_F(InputLookupTest, QueryParamsNarrowWhatCanBeChosen) {
  const char* enabled = R"({"query_params": {"enabled": true}})";
  EXPECT_EQ(outcome(R"("Alpha")", enabled), "Alpha");
  EXPECT_THAT(outcome(R"("Beta")", enabled), HasSubstr("among those with {\"enabled\":true}"));
  EXPECT_THAT(outcome(R"({"name": "Beta"})", R"({"query_params": {"name": ["Alpha"]}})"),
              HasSubstr("There is no extras.job with {\"name\":\"Beta\"} among"));
}

TEST_F(InputLookupTest, QueryParamsNameOtherInputs) {
  const char* by_other = R"({"query_params": {"name": "$other"}})";
  EXPECT_EQ(outcome(R"("Alpha")", by_other, R"({"other": "Alpha"})"), "Alpha");
  EXPECT_THAT(outcome(R"("Alpha")", by_other, R"({"other": "Beta"})"), HasSubstr("not one of"));
  for (const char* form : {"{}", R"({"other": ""})", R"({"other": null})", R"({"other": []})"}) {
    EXPECT_EQ(outcome(R"("Alpha")", by_other, form), "Alpha") << form << " leaves it out";
  }
  EXPECT_EQ(outcome(R"("Beta")", R"({"query_params": {"name": ["$other", "Beta"]}})",
                    R"({"other": "Alpha"})"),
            "Beta");
}

TEST_F(InputLookupTest, ComputesChoicesOnceForOneForm) {
  choices_.answer = json::array{json::array{1, "One"}};
  EXPECT_EQ(to_text(*choices(R"({"a": 1})")), R"([["1","One"]])");
  EXPECT_EQ(to_text(*choices(R"({"a": 1})")), R"([["1","One"]])");
  EXPECT_TRUE(choices(R"({"a": 2, "secret": "hunter2"})").ok());
  EXPECT_THAT(choices_.forms, ElementsAre(R"({"a":1})", R"({"a":2})"))
      << "and never shows a sensitive input";
}

TEST_F(InputLookupTest, TurnsTroubleWithChoicesIntoTheFieldsMessage) {
  choices_.answer = Error{"job.choices", "ValueError: broken."};
  EXPECT_EQ(choices("{}").error().code, "input.invalid");
  EXPECT_EQ(choices("{}").error().message, "ValueError: broken.");
  choices_.answer = json::array{"a"};
  EXPECT_EQ(choices(R"({"a": 1})").error().message,
            R"(What sites() returned holds "a", which is no (value, label) pair.)");
  choices_.answer = Error{"storage.busy", "The database is busy."};
  EXPECT_EQ(choices(R"({"a": 2})").error().code, "storage.busy");
}

TEST_F(InputLookupTest, TakesADryRunLeftOutFromTheRecord) {
  Job job;
  job.supports_dryrun = job.dryrun_default = true;
  job.variables = parse_json(R"([{"name": "dryrun", "type": "DryRunVar"}])").value();
  EXPECT_EQ(to_text(*checked_inputs(home_.storage(), choices_, job, nullptr, {})),
            R"({"dryrun":true})");
  EXPECT_EQ(
      to_text(*checked_inputs(home_.storage(), choices_, job, json::object{{"dryrun", false}}, {})),
      R"({"dryrun":false})");
}

}  // namespace
}  // namespace windlass::engine
