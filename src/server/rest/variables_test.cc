#include <gmock/gmock.h>

#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class VariablesTest : public ::testing::Test {
 protected:
  VariablesTest() {
    Job job;
    job.name = "Form";
    job.enabled = true;
    job.variables = parse_json(R"([
      {"name": "mode", "type": "ChoiceVar", "label": "Mode", "description": "How", "required": true, "has_default": true,
       "default": "basic", "widget": null, "visible_if": null, "choices": [["basic", "Basic"], ["expert", "Expert"]],
       "choices_method": null},
      {"name": "depth", "type": "IntegerVar", "label": "", "description": "", "required": true, "has_default": false,
       "default": null, "widget": null, "visible_if": {"mode": ["expert"]}, "min_value": 0, "max_value": null},
      {"name": "password", "type": "StringVar", "label": "", "description": "", "required": false, "has_default": true,
       "default": "hunter2", "widget": null, "visible_if": null, "sensitive": true, "min_length": null, "max_length": null,
       "regex": null},
      {"name": "site", "type": "ChoiceVar", "label": "", "description": "", "required": false, "has_default": false,
       "default": null, "widget": null, "visible_if": null, "choices": [], "choices_method": "sites", "sensitive": false}])")
                        .value();
    job.created = job.last_updated = api_.clock.now();
    api_.home.add_job(job);
  }
  TestAnswer evaluate(std::string_view body, std::string_view type = "application/json") {
    return api_.send("POST", kPath, body, type);
  }

  static constexpr std::string_view kPath = "/api/extras/jobs/Form/variables/";
  TestApi api_;
};

TEST_F(VariablesTest, AreToldInFormOrderWithWhatIsSet) {
  const TestAnswer answer = api_.get(kPath);
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.at("0"), parse_json(R"({"name": "mode", "type": "ChoiceVar", "label": "Mode",
    "help_text": "How", "required": true, "default": "basic",
    "choices": [["basic", "Basic"], ["expert", "Expert"]],
    "schema": {"title": "Mode", "description": "How", "type": "string", "enum": ["basic", "expert"],
               "default": "basic"}})")
                                .value());
  EXPECT_EQ(answer.at("1"), parse_json(R"({"name": "depth", "type": "IntegerVar", "required": true,
    "visible_if": {"mode": ["expert"]}, "min_value": 0,
    "schema": {"type": "integer", "minimum": 0, "x-visible-if": {"mode": ["expert"]}}})")
                                .value());
  EXPECT_EQ(answer.at("3.choices_method"), "sites");
  EXPECT_EQ(answer.text("3.sensitive"), "(missing)");
}

TEST_F(VariablesTest, DescriptionsAreHtmlOnRequest) {
  const std::string html = std::string(kPath) + "?render=html";
  EXPECT_EQ(api_.get(html).text("0.help_text_html"), "<p>How</p>\n");
  EXPECT_EQ(api_.get(html).text("0.help_text"), "How");
  EXPECT_EQ(api_.get(html).text("1.help_text_html"), "(missing)") << "it has no description";
  EXPECT_EQ(api_.get(kPath).text("0.help_text_html"), "(missing)");
  EXPECT_EQ(api_.send("POST", html, "{}").text("variables.0.help_text_html"), "<p>How</p>\n");
  EXPECT_EQ(evaluate("{}").text("variables.0.help_text_html"), "(missing)");
}

TEST_F(VariablesTest, NeverTellASensitiveDefaultOrValue) {
  for (const TestAnswer& answer :
       {api_.get(kPath), api_.get(std::string(kPath) + "?format=jsonschema"), evaluate("{}"),
        evaluate(R"({"data": {"password": "hunter2"}})")}) {
    EXPECT_EQ(answer.status(), 200);
    EXPECT_THAT(answer.response.body, Not(HasSubstr("hunter2")));
  }
  EXPECT_EQ(api_.get(kPath).at("2"), parse_json(R"({"name": "password", "type": "StringVar",
    "required": false, "sensitive": true, "schema": {"type": "string", "writeOnly": true}})")
                                         .value());
}

TEST_F(VariablesTest, AreOneSchemaToo) {
  const TestAnswer answer = api_.get(std::string(kPath) + "?format=jsonschema");
  EXPECT_EQ(answer.response.header("Content-Type"), "application/schema+json");
  EXPECT_EQ(answer.text("$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(answer.text("title"), "Form");
  EXPECT_EQ(answer.text("properties.depth.minimum"), "0");
  EXPECT_EQ(answer.text("required"), "[]");
  EXPECT_EQ(api_.get(std::string(kPath) + "?format=json").body, api_.get(kPath).body);
  const TestAnswer wrong = api_.get(std::string(kPath) + "?format=xml");
  EXPECT_EQ(wrong.status(), 400);
  EXPECT_EQ(wrong.text("format.0"), "Must be json or jsonschema.");
}

TEST_F(VariablesTest, FormIsToldForTheInputsGiven) {
  const TestAnswer answer = evaluate(R"({"data": {"mode": "expert", "depth": "-1", "zzz": 1}})");
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.text("valid"), "false");
  EXPECT_EQ(answer.text("errors"), R"({"zzz":["Job data contained an unknown property"]})");
  EXPECT_EQ(answer.text("variables.0.value"), "expert");
  EXPECT_EQ(answer.text("variables.0.choices.1.1"), "Expert");
  EXPECT_EQ(answer.text("variables.1.visible"), "true");
  EXPECT_EQ(answer.text("variables.1.errors.0"),
            "Ensure this value is greater than or equal to 0.");
  EXPECT_EQ(answer.text("variables.1.schema.type"), "integer");
  EXPECT_EQ(answer.text("variables.2.value"), "(missing)");
  const TestAnswer basic = evaluate(R"({"data": {"depth": "-1"}})");
  EXPECT_EQ(basic.text("variables.0.value"), "basic");
  EXPECT_EQ(basic.text("variables.1.visible"), "false");
  EXPECT_EQ(basic.text("variables.1.value"), "null");
  EXPECT_EQ(basic.text("variables.1.errors"), "[]");
  EXPECT_EQ(api_.get("/api/extras/job-results/").text("count"), "0") << "nothing is queued";
}

TEST_F(VariablesTest, FormIsToldForOtherBodiesToo) {
  const std::string multipart =
      "--x\r\nContent-Disposition: form-data; name=\"mode\"\r\n\r\nexpert\r\n"
      "--x\r\nContent-Disposition: form-data; name=\"depth\"\r\n\r\n5\r\n"
      "--x\r\nContent-Disposition: form-data; name=\"_job_queue\"\r\n\r\nany\r\n--x--\r\n";
  for (const TestAnswer& answer :
       {evaluate(multipart, "multipart/form-data; boundary=x"),
        evaluate("mode=expert&depth=5", "application/x-www-form-urlencoded")}) {
    EXPECT_EQ(answer.status(), 200);
    EXPECT_EQ(answer.text("variables.1.value"), "5");
    EXPECT_EQ(answer.text("errors"), "{}");
  }
  EXPECT_EQ(evaluate("").text("variables.0.value"), "basic");
}

TEST_F(VariablesTest, FormBeginsWithTheRecordsDryRun) {
  Job job;
  job.name = "Dry";
  job.enabled = job.supports_dryrun = job.dryrun_default = true;
  job.variables = parse_json(R"([{"name": "dryrun", "type": "DryRunVar"}])").value();
  job.created = job.last_updated = api_.clock.now();
  api_.home.add_job(job);
  const std::string path = "/api/extras/jobs/Dry/variables/";
  EXPECT_EQ(api_.send("POST", path).text("variables.0.value"), "true");
  EXPECT_EQ(api_.send("POST", path).text("variables.0.default"), "true");
  EXPECT_EQ(api_.get(path).text("0.default"), "true");
  EXPECT_EQ(api_.get(path).text("0.schema.default"), "true");
  EXPECT_EQ(api_.get(path + "?format=jsonschema").text("properties.dryrun.default"), "true");
  ASSERT_EQ(api_.send("PATCH", "/api/extras/jobs/Dry/", R"({"dryrun_default": false})").status(),
            200);
  EXPECT_EQ(api_.get(path).text("0.default"), "false");
  ASSERT_EQ(api_.send("PATCH", "/api/extras/jobs/Dry/", R"({"dryrun_default": true})").status(),
            200);
  EXPECT_EQ(api_.send("POST", path, R"({"data": {"dryrun": false}})").text("variables.0.value"),
            "false");
}

TEST_F(VariablesTest, FormIsThereBeforeTheJobIsEnabled) {
  EXPECT_EQ(evaluate(R"({"data": []})").text("errors.0"), "Job data needs to be a dict");
  EXPECT_EQ(api_.send("POST", "/api/extras/jobs/nothing/variables/", "{}").status(), 404);
  EXPECT_EQ(api_.send("PATCH", "/api/extras/jobs/Form/", R"({"enabled": false})").status(), 200);
  EXPECT_EQ(evaluate("{}").status(), 200);
  EXPECT_EQ(api_.get(kPath).status(), 200);
}

}  // namespace
}  // namespace windlass::rest
