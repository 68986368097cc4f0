#include <set>

#include "base/files.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

/// Members that the recordings have and this version leaves out: parts of the interface that are
/// not built yet.
const std::set<std::string> kNotBuilt{"job-buttons", "job-hooks", "object-changes"};

/// Recordings of what is not built yet.
const std::set<std::string> kLater{"run scheduled", "run scheduled, bad crontab",
                                   "permissions create", "groups create", "object-changes"};

std::string kind_of(const json::value& value) {
  if (value.is_number()) return "number";
  if (value.is_string()) return "text";
  if (value.is_bool()) return "boolean";
  if (value.is_array()) return "list";
  return value.is_object() ? "object" : "null";
}

/// Expects every member of `recorded`, with the same JSON type, in `ours`.
void expect_shape(const json::value& recorded, const json::value& ours, const std::string& where) {
  if (recorded.is_null()) return;
  ASSERT_EQ(kind_of(recorded), kind_of(ours)) << where << ": " << to_text(ours);
  if (const json::object* object = recorded.if_object()) {
    for (const auto& member : *object) {
      const std::string name(member.key());
      if (kNotBuilt.contains(name)) continue;
      const json::value* found = find(ours, name);
      ASSERT_NE(found, nullptr) << where << " lacks " << name;
      expect_shape(member.value(), *found, where + "." + name);
    }
  } else if (recorded.is_array() && !recorded.get_array().empty()) {
    ASSERT_FALSE(ours.get_array().empty()) << where << " is empty";
    for (const json::value& item : ours.get_array()) {
      expect_shape(recorded.get_array().front(), item, where + "[]");
    }
  }
}

class RecordedShapes : public ::testing::Test {
 protected:
  RecordedShapes() {
    recorded_ =
        parse_json(read_file(std::string(SPEC_FOLDER) + "/rest-shapes.json").value()).value();
  }

  void expect_like(const std::string& name, const TestAnswer& answer) {
    checked_.insert(name);
    const json::value* recorded = find(recorded_, name);
    ASSERT_NE(recorded, nullptr) << name;
    EXPECT_EQ(get_int(*recorded, "status"), answer.status())
        << name << ": " << answer.response.body;
    expect_shape(*find(*recorded, "body"), answer.body, name);
    for (const auto& header : find(*recorded, "headers")->as_object()) {
      const std::string header_name(header.key());
      const std::string value(answer.response.header(header_name));
      if (header_name == "Allow") {
        EXPECT_THAT(value, ::testing::EndsWith("OPTIONS")) << name;
      } else {
        EXPECT_EQ(value, to_view(header.value().as_string())) << name << ": " << header_name;
      }
    }
  }
  void expect_same_body(const std::string& name, const TestAnswer& answer) {
    expect_like(name, answer);
    EXPECT_EQ(*find(*find(recorded_, name), "body"), answer.body) << name;
  }
  /// The recorded sentence is what our `detail` begins with; what to do may follow.
  void expect_detail(const std::string& name, const TestAnswer& answer) {
    expect_like(name, answer);
    const std::string sentence = get_string(*find(*find(recorded_, name), "body"), "detail");
    EXPECT_THAT(answer.text("detail"), ::testing::StartsWith(sentence)) << name;
  }

  TestApi api_;
  json::value recorded_;
  std::set<std::string> checked_;
};

TEST_F(RecordedShapes, AreKept) {
  const Job job = api_.add_job("My New Job", true);
  const Job open_job = api_.add_job("Logs", false);
  const std::string path = "/api/extras/jobs/" + job.id.to_string() + "/";
  const std::string run = path + "run/";
  const std::string body = R"({"data": {"some_text_input": "hello", "some_number": 4}})";

  expect_like("root", api_.get("/api/"));
  expect_like("status", api_.get("/api/status/"));
  expect_like("extras", api_.get("/api/extras/"));
  expect_like("job list (limit=1)", api_.get("/api/extras/jobs/?limit=1"));
  expect_like("job", api_.get(path));
  expect_like("job depth=1", api_.get(path + "?depth=1"));
  TestAnswer variables = api_.get(path + "variables/");
  for (json::value& variable : variables.body.as_array()) {
    EXPECT_EQ(variable.as_object().erase("schema"), 1u) << "each has a schema beside";
  }
  checked_.insert("variables");
  EXPECT_EQ(*find(*find(recorded_, "variables"), "body"), variables.body);

  const TestAnswer started = api_.send("POST", run, body);
  expect_like("run", started);
  api_.submit(open_job);
  const JobResult result = api_.finish_run();
  api_.finish_run();
  const std::string result_path = "/api/extras/job-results/" + result.id.to_string() + "/";
  expect_like("result", api_.get(result_path));
  expect_like("result list", api_.get("/api/extras/job-results/?limit=1&status=SUCCESS"));
  expect_like("result logs", api_.get(result_path + "logs/"));
  expect_like("job-logs",
              api_.get("/api/extras/job-logs/?job_result=" + result.id.to_string() + "&limit=2"));
  expect_like("job-queues", api_.get("/api/extras/job-queues/?limit=1"));
  expect_like("job-queue-assignments", api_.get("/api/extras/job-queue-assignments/?limit=1"));
  expect_like("users", api_.get("/api/users/users/?limit=1"));
  expect_like("tokens", api_.get("/api/users/tokens/?limit=1"));
  expect_same_body("file-proxies", api_.get("/api/extras/file-proxies/?limit=1"));

  api_.add_sync_jobs();
  const std::string repositories = "/api/extras/git-repositories/";
  const TestAnswer created = api_.send("POST", repositories,
                                       R"({"name": "g1", "remote_url": "https://example.org/x.git",
                    "provided_contents": ["extras.job"]})");
  expect_like("git create", created);
  const TestAnswer synced = api_.send("POST", repositories + created.text("id") + "/sync/", "{}");
  expect_like("git sync", synced);
  EXPECT_EQ(synced.text("message"), "Repository g1 sync job added to queue.");
  EXPECT_EQ(synced.text("job_result.name"), "Git Repository: Sync");
  expect_like("git create bad",
              api_.send("POST", repositories, R"({"name": "g2", "remote_url": "nonsense"})"));

  // Without schedules the recorded page is an empty one.
  checked_.insert("scheduled-jobs");
  EXPECT_EQ(api_.get("/api/extras/scheduled-jobs/?limit=1").response.body,
            R"({"count":0,"next":null,"previous":null,"results":[]})");

  expect_same_body("run with bad inputs",
                   api_.send("POST", run, R"({"data": {"some_text_input": "hello", "zzz": 1}})"));
  // A default fills in for an input left out, so only one field is missing here.
  checked_.insert("run with no body");
  const TestAnswer without_body = api_.send("POST", run);
  EXPECT_EQ(without_body.status(), 400);
  EXPECT_EQ(without_body.response.body,
            R"({"errors":{"some_text_input":["This field is required."]}})");
  expect_same_body(
      "run with unknown queue",
      api_.send("POST", run, R"({"data": {"some_text_input": "hello"}, "task_queue": "nowhere"})"));
  expect_same_body(
      "run scheduled (sensitive job)",
      api_.send(
          "POST", run,
          R"({"data": {"some_text_input": "hello"}, "schedule": {"name": "s", "interval": "daily"}})"));
  expect_same_body("data not an object", api_.send("POST", run, R"({"data": [1]})"));
  expect_like("broken JSON", api_.send("POST", run, R"({"data": })"));
  expect_detail("content type", api_.send("POST", run, "x", "text/plain"));

  expect_detail("no token", api_.send_with({}, "GET", "/api/extras/jobs/"));
  expect_detail("bad token", api_.send_with({{"Authorization", "Token " + std::string(40, 'f')}},
                                            "GET", "/api/extras/jobs/"));
  expect_detail("not found", api_.get("/api/extras/jobs/018f0000-0000-7000-8000-000000000000/"));
  expect_detail("not an id", api_.get("/api/extras/jobs/not-an-id/"));
  expect_same_body("unknown filter", api_.get("/api/extras/job-results/?colour=red"));
  expect_detail("unknown route", api_.get("/api/extras/nothing/"));
  expect_detail("method not allowed", api_.send("PUT", "/api/status/"));

  expect_like("patch", api_.send("PATCH", path, R"({"description": "mine"})"));
  expect_same_body("patch bad", api_.send("PATCH", path, R"({"enabled": "perhaps"})"));
  EXPECT_EQ(api_.send("PATCH", path, R"({"enabled": false})").status(), 200);
  const TestAnswer disabled = api_.send("POST", run, body);
  expect_detail("run disabled", disabled);
  EXPECT_THAT(disabled.text("detail"),
              ::testing::HasSubstr("windlass jobs enable " + job.class_path));

  for (const auto& recording : recorded_.as_object()) {
    const std::string name(recording.key());
    EXPECT_TRUE(checked_.contains(name) != kLater.contains(name)) << name;
  }
}

}  // namespace
}  // namespace windlass::rest
