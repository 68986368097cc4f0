#include "server/rest/openapi.h"

#include <gmock/gmock.h>

#include <set>

#include "base/crypto.h"
#include "base/text.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

/// Checks values against the part of JSON Schema that our document uses.
class Validator {
 public:
  explicit Validator(const json::value& document) : document_(document) {}

  /// "" when the value fits, else where it does not.
  std::string check(const json::value& schema, const json::value& value,
                    const std::string& where = "answer") {
    if (const std::string reference = get_string(schema, "$ref"); !reference.empty()) {
      return check(resolve(reference), value, where);
    }
    if (value.is_null() && get_bool(schema, "nullable")) return "";
    if (const json::value* all = find(schema, "allOf"))
      return check(all->as_array()[0], value, where);
    if (const json::value* one = find(schema, "oneOf")) return check_one_of(*one, value, where);
    if (const std::string type = get_string(schema, "type");
        !type.empty() && !is_type(type, value)) {
      return where + " is no " + type + ": " + to_text(value).substr(0, 200);
    }
    if (const json::value* allowed = find(schema, "enum")) {
      const auto& values = allowed->as_array();
      if (std::find(values.begin(), values.end(), value) == values.end())
        return where + " is none of " + to_text(*allowed);
    }
    if (const json::object* object = value.if_object()) return check_object(schema, *object, where);
    if (const json::array* list = value.if_array()) return check_list(schema, *list, where);
    return "";
  }
  const json::value& resolve(const std::string& reference) {
    const json::value* here = &document_;
    for (const std::string_view step : split(std::string_view(reference).substr(2), '/')) {
      here = find(*here, step);
      WL_CHECK(here != nullptr, "a reference leads nowhere: " + reference);
    }
    return *here;
  }

 private:
  static bool is_type(std::string_view type, const json::value& value) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_int64();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_bool();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
  }
  std::string check_one_of(const json::value& schemas, const json::value& value,
                           const std::string& where) {
    std::string problems;
    for (const json::value& schema : schemas.as_array()) {
      const std::string problem = check(schema, value, where);
      if (problem.empty()) return "";
      problems += problem + "; ";
    }
    return problems;
  }
  std::string check_object(const json::value& schema, const json::object& object,
                           const std::string& where) {
    if (const json::value* required = find(schema, "required")) {
      for (const json::value& name : required->as_array()) {
        if (!object.contains(name.as_string())) return where + " lacks " + to_text(name);
      }
    }
    const json::value* properties = find(schema, "properties");
    for (const auto& member : object) {
      const json::value* property =
          properties == nullptr
              ? nullptr
              : find(*properties, std::string_view(member.key().data(), member.key().size()));
      if (property == nullptr && properties != nullptr && find(schema, "required") != nullptr &&
          find(*properties, "natural_slug") != nullptr) {
        return where + " has the undocumented " + std::string(member.key());
      }
      if (property == nullptr) continue;
      std::string problem =
          check(*property, member.value(), where + "." + std::string(member.key()));
      if (!problem.empty()) return problem;
    }
    return "";
  }
  std::string check_list(const json::value& schema, const json::array& list,
                         const std::string& where) {
    const json::value* items = find(schema, "items");
    for (std::size_t i = 0; items != nullptr && i < list.size(); ++i) {
      std::string problem = check(*items, list[i], where + "[" + std::to_string(i) + "]");
      if (!problem.empty()) return problem;
    }
    return "";
  }

  const json::value& document_;
};

class OpenApiTest : public ::testing::Test {
 protected:
  const json::value& described(std::string_view method, std::string_view pattern) {
    const json::value* path = find(*find(document_, "paths"), pattern);
    WL_CHECK(path != nullptr, "no path " + std::string(pattern));
    return *find(*path, method);
  }
  /// Checks an answer against what the document says of it.
  void expect_valid(std::string_view method, std::string_view pattern, const TestAnswer& answer) {
    const json::value* response =
        find(*find(described(method, pattern), "responses"), std::to_string(answer.status()));
    ASSERT_NE(response, nullptr) << pattern << " " << answer.status() << answer.response.body;
    const json::value* content = find(*find(*response, "content"), "application/json");
    ASSERT_NE(content, nullptr) << pattern;
    Validator validator(document_);
    EXPECT_EQ(validator.check(*find(*content, "schema"), answer.body), "") << pattern;
    checked_.insert(std::string(method) + " " + std::string(pattern));
  }

  TestApi api_;
  json::value document_ = api_.get("/api/swagger.json").body;
  std::set<std::string> checked_;
};

TEST_F(OpenApiTest, DescribesEveryRoute) {
  EXPECT_EQ(get_string(document_, "openapi"), "3.0.3");
  std::set<std::string> ids;
  for (const Operation& operation : all_operations()) {
    const json::value& entry = described(to_lower(operation.method), operation.pattern);
    EXPECT_FALSE(get_string(entry, "summary").empty()) << operation.pattern;
    EXPECT_TRUE(ids.insert(get_string(entry, "operationId")).second) << operation.pattern;
  }
  EXPECT_EQ(api_.get("/api/docs/?format=openapi").body, document_);
}

void collect_references(const json::value& value, std::set<std::string>* references) {
  if (const json::object* object = value.if_object()) {
    for (const auto& member : *object) {
      if (member.key() == "$ref") references->insert(std::string(member.value().as_string()));
      collect_references(member.value(), references);
    }
  } else if (const json::array* list = value.if_array()) {
    for (const json::value& item : *list) collect_references(item, references);
  }
}

TEST_F(OpenApiTest, ReferencesLeadSomewhere) {
  std::set<std::string> references;
  collect_references(document_, &references);
  EXPECT_GT(references.size(), 20u);
  Validator validator(document_);
  for (const std::string& reference : references) validator.resolve(reference);
}

TEST_F(OpenApiTest, TellsFiltersAndOrdersOfTheFieldLists) {
  std::set<std::string> names;
  for (const json::value& parameter :
       find(described("get", "/api/extras/job-results/"), "parameters")->as_array()) {
    names.insert(get_string(parameter, "name"));
  }
  for (const char* name : {"limit", "offset", "depth", "format", "sort", "q", "status", "status__n",
                           "job_model", "date_created__gte", "date_created__lte", "name__ic"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_FALSE(names.contains("result"));
}

TEST_F(OpenApiTest, TellsEverythingThatAPatchOfAJobTakes) {
  const json::value& properties =
      Validator(document_).resolve("#/components/schemas/JobPatch/properties");
  for (const char* name : {"enabled", "task_queues", "job_queues", "default_job_queue"})
    EXPECT_NE(find(properties, name), nullptr) << name;
  api_.add_job("J");
  const TestAnswer job = api_.get("/api/extras/jobs/J/");
  for (const auto& member : job.body.as_object()) {
    const std::string name(member.key());
    if (!name.ends_with("_override")) continue;
    EXPECT_NE(find(properties, name), nullptr) << name;
  }
}

TEST_F(OpenApiTest, TellsOfDepthWhereverThereAreReferences) {
  for (const char* pattern :
       {"/api/extras/jobs/{job}/", "/api/extras/job-results/{id}/", "/api/extras/job-logs/",
        "/api/extras/job-logs/{id}/", "/api/extras/job-results/{id}/logs/",
        "/api/extras/job-console-entries/{id}/", "/api/extras/file-proxies/{id}/",
        "/api/extras/job-queue-assignments/{id}/", "/api/extras/git-repositories/{repository}/",
        "/api/users/tokens/{id}/"}) {
    const json::value* parameters = find(described("get", pattern), "parameters");
    ASSERT_NE(parameters, nullptr) << pattern;
    const auto& list = parameters->as_array();
    EXPECT_TRUE(std::any_of(list.begin(), list.end(), [](const json::value& parameter) {
      return get_string(parameter, "name") == "depth";
    })) << pattern;
  }
}

TEST_F(OpenApiTest, AnswersAreAsDescribed) {
  api_.add_job("J", true);
  const std::string job = "/api/extras/jobs/J/";
  expect_valid("post", "/api/extras/jobs/{job}/run/",
               api_.send("POST", job + "run/", R"({"data": {"some_text_input": "hello"}})"));
  const ClaimedRun run = api_.claim();
  ASSERT_TRUE(
      api_.home.storage().files().add(run.result.number, run.lease_token, "a.csv", "1").ok());
  Event line = TestApi::log_event("stderr", "oops", "");
  line.kind = EventKind::kConsole;
  RunOutcome outcome;
  outcome.traceback = "Traceback";
  api_.write(run, {TestApi::log_event("info", "one"), line}, outcome);
  const std::string result = "/api/extras/job-results/" + run.result.id.to_string() + "/";

  const auto list_and_item = [&](const std::string& path, const std::string& query = "") {
    const TestAnswer list = api_.get(path + query);
    ASSERT_EQ(list.at("results").as_array().size(), 1u) << path;
    expect_valid("get", path, list);
    expect_valid("get", path + "{id}/", api_.get(path + list.text("results.0.id") + "/"));
  };
  list_and_item("/api/extras/job-results/");
  list_and_item("/api/extras/job-logs/", "?job_result=" + run.result.id.to_string());
  list_and_item("/api/extras/job-console-entries/", "?job_result=" + run.result.id.to_string());
  list_and_item("/api/extras/job-queues/");
  list_and_item("/api/extras/job-queue-assignments/");
  list_and_item("/api/extras/file-proxies/");
  list_and_item("/api/extras/workers/");
  list_and_item("/api/users/users/");
  list_and_item("/api/users/tokens/");
  for (const char* path :
       {"/api/", "/api/extras/", "/api/users/", "/api/status/", "/health/", "/api/swagger.json",
        "/api/extras/jobs/", "/api/extras/scheduled-jobs/"}) {
    expect_valid("get", path, api_.get(path));
  }
  expect_valid("get", "/api/extras/jobs/", api_.get("/api/extras/jobs/?depth=1&render=html"));
  expect_valid("get", "/api/extras/jobs/{job}/", api_.get(job));
  expect_valid("get", "/api/extras/jobs/{job}/variables/", api_.get(job + "variables/"));
  expect_valid("post", "/api/extras/jobs/{job}/variables/",
               api_.send("POST", job + "variables/", R"({"data": {"zzz": 1}})"));
  expect_valid("patch", "/api/extras/jobs/{job}/", api_.send("PATCH", job, "{}"));
  expect_valid("get", "/api/extras/job-results/{id}/logs/", api_.get(result + "logs/"));
  expect_valid("get", "/api/extras/job-results/{id}/logs/", api_.get(result + "logs/?limit=1"));
  expect_valid("get", "/api/extras/job-results/{id}/logs/", api_.get(result + "logs/?render=html"));
  expect_valid("post", "/api/extras/job-results/{id}/cancel/",
               api_.send("POST", result + "cancel/"));

  for (const char* path : {"/api/extras/summary/", "/api/extras/job-sources/", "/api/settings/",
                           "/api/users/preferences/"}) {
    expect_valid("get", path, api_.get(path));
  }
  expect_valid("put", "/api/users/preferences/",
               api_.send("PUT", "/api/users/preferences/",
                         R"({"favourite_jobs":[],"saved_views":[],"result_columns":[]})"));
  expect_valid(
      "get", "/api/extras/jobs/recent-results/",
      api_.get("/api/extras/jobs/recent-results/?job=" + run.result.job_model->to_string()));
  for (const char* tail : {"traceback/", "attempts/", "console/"}) {
    expect_valid("get", std::string("/api/extras/job-results/{id}/") + tail,
                 api_.get(result + tail));
  }
  expect_valid("get", "/api/extras/job-results/timeline/",
               api_.get("/api/extras/job-results/timeline/?after=2020-01-01&before=2100-01-01"));
  expect_valid("post", "/api/extras/job-results/cancel/",
               api_.send("POST", "/api/extras/job-results/cancel/",
                         R"({"ids":[")" + run.result.id.to_string() + R"("]})"));
  api_.add_sync_jobs();
  const std::string repositories = "/api/extras/git-repositories/";
  const std::string repository = repositories + "{repository}/";
  const std::string new_repository =
      R"({"name": "net", "remote_url": "https://example.org/x.git", "webhook_secret": "hook"})";
  expect_valid("post", repositories, api_.send("POST", repositories, new_repository));
  expect_valid("post", repository + "sync/", api_.send("POST", repositories + "net/sync/"));
  expect_valid("post", repository + "dry-run/", api_.send("POST", repositories + "net/dry-run/"));
  expect_valid("get", repositories, api_.get(repositories + "?depth=1"));
  expect_valid("get", repository, api_.get(repositories + "net/"));
  expect_valid("put", repository, api_.send("PUT", repositories + "net/", new_repository));
  expect_valid("patch", repository, api_.send("PATCH", repositories + "net/", "{}"));
  expect_valid(
      "post", repository + "webhook/",
      api_.send_with({{"X-Gitlab-Token", "hook"}, {"Content-Type", "application/json"}}, "POST",
                     repositories + "net/webhook/", R"({"ref": "refs/heads/main"})"));
  expect_valid("get", "/api/extras/job-sources/", api_.get("/api/extras/job-sources/"));
  const TestAnswer token = api_.send("POST", "/api/users/tokens/", "{}");
  expect_valid("post", "/api/users/tokens/", token);
  expect_valid("get", "/api/session/", api_.get("/api/session/"));
  const http::NamedValues json_body{{"Content-Type", "application/json"}};
  ASSERT_TRUE(api_.home.storage()
                  .accounts()
                  .change_password(api_.user.id, hash_password("correct horse").value(), "")
                  .ok());
  expect_valid("post", "/api/session/",
               api_.send_with(json_body, "POST", "/api/session/",
                              R"({"username": "admin", "password": "correct horse"})"));
  TestApi empty(TestApi::kNoAccount);
  const json::object first{{"code", empty.sessions.first_account_code()},
                           {"username", "ada"},
                           {"password", "correct horse"}};
  expect_valid("post", "/api/session/first-account/",
               empty.send_with(json_body, "POST", "/api/session/first-account/", to_text(first)));

  for (const Operation& operation : all_operations()) {
    const bool has_example = !operation.response.empty() && operation.response != "ScheduledJob";
    const std::string name = to_lower(operation.method) + " " + std::string(operation.pattern);
    EXPECT_EQ(checked_.contains(name), has_example) << name;
  }
}

}  // namespace
}  // namespace windlass::rest
