#include <gmock/gmock.h>

#include "base/text.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;

class JobsTest : public ::testing::Test {
 protected:
  TestApi api_;
};

TEST_F(JobsTest, AreFoundByIdClassPathAndName) {
  const Job job = api_.add_job("My New Job");
  for (const std::string& name : {job.id.to_string(), job.class_path, percent_encode(job.name),
                                  std::string("My%20New%20Job")}) {
    EXPECT_EQ(api_.get("/api/extras/jobs/" + name + "/").text("id"), job.id.to_string()) << name;
    EXPECT_EQ(api_.get("/api/extras/jobs/" + name + "/variables/").status(), 200) << name;
  }
}

TEST_F(JobsTest, ListFiltersSortsAndPages) {
  for (const char* name : {"B", "A", "C"}) api_.add_job(name);
  EXPECT_EQ(api_.get("/api/extras/jobs/?name=A&name=C").text("count"), "2");
  EXPECT_EQ(api_.get("/api/extras/jobs/?sort=-name").text("results.0.name"), "C");
  EXPECT_EQ(api_.get("/api/extras/jobs/?q=my_group.b").text("results.0.name"), "B");
  const TestAnswer middle = api_.get("/api/extras/jobs/?sort=name&offset=1&limit=1");
  EXPECT_EQ(middle.text("results.0.name"), "B");
  EXPECT_EQ(middle.text("next"), "http://host/api/extras/jobs/?limit=1&offset=2&sort=name");
  EXPECT_EQ(middle.text("previous"), "http://host/api/extras/jobs/?limit=1&sort=name");
  EXPECT_EQ(api_.get("/api/extras/jobs/?enabled=false").text("count"), "0");
}

TEST_F(JobsTest, HiddenOnesAreListedWhenAskedFor) {
  const Job job = api_.add_job("Secretive");
  api_.add_job("Open");
  ASSERT_EQ(api_.send("PATCH", "/api/extras/jobs/Secretive/", R"({"hidden": true})").status(), 200);
  EXPECT_EQ(api_.get("/api/extras/jobs/").text("count"), "1");
  EXPECT_EQ(api_.get("/api/extras/jobs/?hidden=true").text("results.0.name"), "Secretive");
  EXPECT_EQ(api_.get("/api/extras/jobs/?name=Secretive").text("count"), "1");
}

TEST_F(JobsTest, CarryTheirDescriptionAsHtmlOnRequest) {
  api_.add_job("J");
  ASSERT_EQ(
      api_.send("PATCH", "/api/extras/jobs/J/", R"({"description": "*what* it does"})").status(),
      200);
  const std::string html = "<p><em>what</em> it does</p>\n";
  EXPECT_EQ(api_.get("/api/extras/jobs/J/").text("description_html"), "(missing)");
  EXPECT_EQ(api_.get("/api/extras/jobs/J/?render=html").text("description_html"), html);
  EXPECT_EQ(api_.get("/api/extras/jobs/?render=html").text("results.0.description_html"), html);
  EXPECT_EQ(api_.get("/api/extras/jobs/?render=text").status(), 400);
}

/// What a page with a form to run jobs lists: the filters that every field has are enough.
TEST_F(JobsTest, ReceiversAreMarkedFilteredAndNotRun) {
  api_.add_job("J");
  Job hook = api_.add_job("Hook");
  hook = api_.home.storage()
             .jobs()
             .modify(hook.id,
                     [](Job& job) {
                       job.is_job_hook_receiver = true;
                       return ok();
                     })
             .value();
  EXPECT_EQ(api_.get("/api/extras/jobs/Hook/").text("is_job_hook_receiver"), "true");
  const TestAnswer form = api_.get(
      "/api/extras/jobs/?enabled=true&is_job_hook_receiver=false&is_job_button_receiver=false");
  EXPECT_EQ(form.text("count"), "1");
  EXPECT_EQ(form.text("results.0.name"), "J");
  const TestAnswer run =
      api_.send("POST", "/api/extras/jobs/Hook/run/", R"({"data": {"some_text_input": "hello"}})");
  EXPECT_EQ(run.status(), 400);
  EXPECT_EQ(run.text("code"), "job.receiver");
  EXPECT_THAT(run.text("detail"), HasSubstr("runs when its hook fires"));
}

TEST_F(JobsTest, FilesComeByMultipart) {
  api_.add_job("J");
  const TestAnswer run = api_.send(
      "POST", "/api/extras/jobs/J/run/",
      "--x\r\nContent-Disposition: form-data; name=\"some_text_input\"\r\n\r\nhello\r\n"
      "--x\r\nContent-Disposition: form-data; name=\"nobody\"; filename=\"a\"\r\n\r\n1\r\n"
      "--x\r\nContent-Disposition: form-data; name=\"nobody\"; "
      "filename=\"b\"\r\n\r\n2\r\n--x--\r\n",
      "multipart/form-data; boundary=x");
  EXPECT_EQ(run.status(), 400);
  EXPECT_EQ(run.text("errors.nobody.0"), "Send one file.");
}

TEST_F(JobsTest, DepthEmbedsQueues) {
  api_.add_job("J");
  const TestAnswer deep = api_.get("/api/extras/jobs/J/?depth=1");
  EXPECT_EQ(deep.text("default_job_queue.name"), "default");
  EXPECT_EQ(deep.text("default_job_queue.display"), "celery: default (1 worker)");
  EXPECT_EQ(api_.get("/api/extras/jobs/J/?depth=x").status(), 400);
}

TEST_F(JobsTest, PatchOverridesAndTakesBack) {
  const Job job = api_.add_job("J");
  const TestAnswer patched =
      api_.send("PATCH", "/api/extras/jobs/J/", R"({"time_limit": 60, "description": "mine"})");
  EXPECT_EQ(patched.text("time_limit"), "6E1");
  EXPECT_EQ(patched.text("time_limit_override"), "true");
  EXPECT_THAT(patched.response.body, HasSubstr(R"("time_limit":60.0,)"));
  const TestAnswer back =
      api_.send("PATCH", "/api/extras/jobs/J/", R"({"description_override": false})");
  EXPECT_EQ(back.text("description_override"), "false");
  EXPECT_EQ(api_.send("PATCH", "/api/extras/jobs/J/", "{}", "text/plain").status(), 415);
  EXPECT_EQ(api_.send("PATCH", "/api/extras/jobs/J/", "[]").text("non_field_errors.0"),
            "Invalid data. Expected a dictionary, but got list.");
  EXPECT_EQ(api_.send("PATCH", "/api/extras/jobs/nobody/", "{}").status(), 404);
}

TEST_F(JobsTest, ADefaultQueueOfItsOwnLeavesTheSettingsQueue) {
  api_.add_job("J");
  ASSERT_TRUE(api_.home.storage().queues().ensure({"fast"}).ok());
  const TestAnswer patched =
      api_.send("PATCH", "/api/extras/jobs/J/", R"({"default_job_queue": "fast"})");
  EXPECT_EQ(to_text(patched.at("task_queues")), R"(["fast","default"])");
  EXPECT_EQ(patched.text("default_job_queue_override"), "true");
  EXPECT_EQ(patched.text("job_queues_override"), "false");
  const TestAnswer run =
      api_.send("POST", "/api/extras/jobs/J/run/",
                R"({"data": {"some_text_input": "hello"}, "job_queue": "default"})");
  EXPECT_EQ(run.status(), 201) << run.response.body;
  const TestAnswer back =
      api_.send("PATCH", "/api/extras/jobs/J/", R"({"default_job_queue_override": false})");
  EXPECT_EQ(to_text(back.at("task_queues")), R"(["default"])");
  EXPECT_EQ(back.text("default_job_queue_override"), "false");
}

TEST_F(JobsTest, QueuesThatAreNoListAreRefused) {
  api_.add_job("J");
  const TestAnswer refused = api_.send("PATCH", "/api/extras/jobs/J/",
                                       R"({"job_queues": "default", "default_job_queue": "gone"})");
  EXPECT_EQ(refused.status(), 400);
  EXPECT_EQ(refused.text("job_queues.0"), "Expected a list of queues, each as an id or a name.");
  EXPECT_EQ(refused.text("default_job_queue.0"), "\"gone\" is not a valid choice.");
  EXPECT_EQ(api_.send("PATCH", "/api/extras/jobs/J/", R"({"task_queues": "default"})")
                .text("task_queues.0"),
            "Expected a list of queue names.");
}

TEST_F(JobsTest, EditsAskForARefresh) {
  api_.add_job("J");
  api_.send("PATCH", "/api/extras/jobs/J/", R"({"time_limit": "x"})");
  EXPECT_EQ(api_.edited, 0) << "nothing was changed";
  api_.send("PATCH", "/api/extras/jobs/J/", R"({"time_limit": 60})");
  EXPECT_EQ(api_.edited, 1);
  api_.send("DELETE", "/api/extras/jobs/J/");
  EXPECT_EQ(api_.edited, 2);
}

TEST_F(JobsTest, DeleteLeavesTheResults) {
  const Job job = api_.add_job("J");
  const JobResult result = api_.submit(job);
  EXPECT_EQ(api_.send("DELETE", "/api/extras/jobs/J/").status(), 204);
  EXPECT_EQ(api_.get("/api/extras/jobs/J/").status(), 404);
  const TestAnswer left = api_.get("/api/extras/job-results/" + result.id.to_string() + "/");
  EXPECT_TRUE(left.at("job_model").is_null());
  EXPECT_EQ(left.text("task_name"), job.class_path);
}

TEST_F(JobsTest, ListsAreCsvOnRequest) {
  api_.add_job("With \"quotes\", and comma");
  const TestAnswer csv = api_.get("/api/extras/jobs/?format=csv");
  EXPECT_EQ(csv.response.header("Content-Type"), "text/csv; charset=utf-8");
  const auto lines = split(csv.response.body, '\n');
  EXPECT_THAT(std::string(lines[0]),
              ::testing::StartsWith("id,object_type,display,url,natural_slug,"));
  EXPECT_THAT(std::string(lines[1]), HasSubstr(R"("With ""quotes"", and comma")"));
}

TEST_F(JobsTest, RunsQueueWhatTheyWereGiven) {
  const Job job = api_.add_job("J");
  const TestAnswer run =
      api_.send("POST", "/api/extras/jobs/J/run/",
                R"({"data": {"some_text_input": " hello "}, "job_queue": "default"})");
  ASSERT_EQ(run.status(), 201) << run.response.body;
  EXPECT_EQ(run.text("job_result.status.value"), "PENDING");
  EXPECT_EQ(to_text(run.at("job_result.task_kwargs")),
            R"({"some_text_input":"hello","some_number":3})");
  EXPECT_EQ(run.text("job_result.user.id"), api_.user.id.to_string());
  EXPECT_EQ(api_.claim().result.id.to_string(), run.text("job_result.id"));
}

TEST_F(JobsTest, FormsRunJobsToo) {
  api_.add_job("J");
  const TestAnswer run = api_.send(
      "POST", "/api/extras/jobs/J/run/",
      "some_text_input=a+b&some_number=5&_job_queue=default&_schedule_interval=immediately",
      "application/x-www-form-urlencoded");
  ASSERT_EQ(run.status(), 201) << run.response.body;
  EXPECT_EQ(to_text(run.at("job_result.task_kwargs")),
            R"({"some_text_input":"a b","some_number":5})");
}

TEST_F(JobsTest, SensitiveInputsAreNeverShown) {
  const Job job = api_.add_job("J", true);
  const TestAnswer run =
      api_.send("POST", "/api/extras/jobs/J/run/", R"({"data": {"some_text_input": "hunter2"}})");
  ASSERT_EQ(run.status(), 201);
  EXPECT_EQ(to_text(run.at("job_result.task_kwargs")), "{}");
  const TestAnswer list = api_.get("/api/extras/job-results/");
  EXPECT_THAT(run.response.body + list.response.body, ::testing::Not(HasSubstr("hunter2")));
}

TEST_F(JobsTest, RefusedRunsQueueNothing) {
  const Job job = api_.add_job("J");
  for (
      const char* body :
      {R"({"data": {"some_text_input": "x"}})",
       R"({"data": {"some_text_input": "hello"}, "schedule": {"interval": "daily"}})",
       R"({"data": {"some_text_input": "hello"}, "schedule": {"interval": "future", "start_time": "2030-01-01T00:00:00Z"}})",
       R"({"data": {"some_text_input": "hello"}, "task_queue": "nowhere"})"}) {
    EXPECT_EQ(api_.send("POST", "/api/extras/jobs/J/run/", body).status(), 400) << body;
  }
  EXPECT_EQ(api_.send("PATCH", "/api/extras/jobs/J/", R"({"approval_required": true})").status(),
            200);
  const TestAnswer unapproved =
      api_.send("POST", "/api/extras/jobs/J/run/", R"({"data": {"some_text_input": "hello"}})");
  EXPECT_EQ(unapproved.status(), 400);
  EXPECT_EQ(unapproved.text("code"), "job.approval_required");
  EXPECT_EQ(api_.get("/api/extras/job-results/").text("count"), "0");
}

TEST_F(JobsTest, UnknownJobsAreNotRun) {
  for (const char* body : {"{}", R"({"schedule": {"interval": "daily"}})"}) {
    const TestAnswer run = api_.send("POST", "/api/extras/jobs/nobody/run/", body);
    EXPECT_EQ(run.status(), 404);
    EXPECT_EQ(run.text("detail"), "No Job matches the given query.");
  }
}

TEST_F(JobsTest, AQueueThatNobodyServesIs503) {
  const Job job = api_.add_job("J");
  ASSERT_TRUE(api_.home.storage().workers().set_state(api_.worker.id, "stopped").ok());
  const TestAnswer run =
      api_.send("POST", "/api/extras/jobs/J/run/", R"({"data": {"some_text_input": "hello"}})");
  EXPECT_EQ(run.status(), 503);
  EXPECT_THAT(run.text("detail"), HasSubstr("windlass worker --queue default"));
}

}  // namespace
}  // namespace windlass::rest
