#include <gmock/gmock.h>

#include "base/text.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;

class JobResultsTest : public ::testing::Test {
 protected:
  std::string path(const JobResult& result) {
    return "/api/extras/job-results/" + result.id.to_string() + "/";
  }
  TestApi api_;
  Job job_ = api_.add_job("J");
};

TEST_F(JobResultsTest, AreListedNewestFirstAndFiltered) {
  const JobResult old = api_.submit(job_);
  api_.finish_run();
  api_.clock.advance(std::chrono::seconds(5));
  const JobResult young = api_.submit(job_);
  const TestAnswer all = api_.get("/api/extras/job-results/");
  EXPECT_EQ(all.text("count"), "2");
  EXPECT_EQ(all.text("results.0.id"), young.id.to_string());
  EXPECT_EQ(api_.get("/api/extras/job-results/?status=SUCCESS").text("results.0.id"),
            old.id.to_string());
  EXPECT_EQ(api_.get("/api/extras/job-results/?status=SUCCESS&status=PENDING").text("count"), "2");
  EXPECT_EQ(api_.get("/api/extras/job-results/?job_model=J").text("count"), "2");
  EXPECT_EQ(api_.get("/api/extras/job-results/?job_model=" + job_.id.to_string()).text("count"),
            "2");
  EXPECT_EQ(api_.get("/api/extras/job-results/?user=admin").text("count"), "2");
  EXPECT_EQ(api_.get("/api/extras/job-results/?sort=date_created").text("results.0.id"),
            old.id.to_string());
  EXPECT_EQ(api_.get("/api/extras/job-results/?job_model=nobody").status(), 400);
  EXPECT_EQ(api_.get("/api/extras/job-results/?status=DONE").status(), 400);
  EXPECT_EQ(api_.get("/api/extras/job-results/?limit=1&offset=9").text("previous"),
            "http://host/api/extras/job-results/?limit=1&offset=8");
}

TEST_F(JobResultsTest, ShowWhatTheRunLeft) {
  api_.submit(job_);
  const JobResult result = api_.finish_run();
  const TestAnswer answer = api_.get(path(result) + "?depth=1");
  EXPECT_EQ(answer.text("status.value"), "SUCCESS");
  EXPECT_EQ(answer.text("info_log_count"), "2");
  EXPECT_EQ(answer.text("job_model.name"), "J");
  EXPECT_EQ(answer.text("user.username"), "admin");
  EXPECT_EQ(answer.text("worker"), api_.worker.name);
  EXPECT_EQ(answer.text("display"), "J created at 2023-11-14 22:13:20.000000+00:00 (SUCCESS)");
}

TEST_F(JobResultsTest, NameTheirFiles) {
  api_.submit(job_);
  const ClaimedRun run = api_.claim();
  const auto file =
      api_.home.storage().files().add(run.result.number, run.lease_token, "a \"b\".csv", "1,2\n");
  ASSERT_TRUE(file.ok());
  const std::string file_path = "/api/extras/file-proxies/" + file->id.to_string() + "/";
  EXPECT_EQ(api_.get(path(run.result)).text("files.0.name"), "a \"b\".csv");
  EXPECT_EQ(api_.get("/api/extras/job-results/").text("results.0.files.0.id"),
            file->id.to_string());
  EXPECT_EQ(
      api_.get("/api/extras/file-proxies/?job_result=" + run.result.id.to_string()).text("count"),
      "1");
  EXPECT_EQ(api_.get(file_path).text("size"), "4");
  const TestAnswer download = api_.get(file_path + "download/");
  EXPECT_EQ(download.status(), 200);
  EXPECT_EQ(download.response.header("Content-Disposition"),
            "attachment; filename*=UTF-8''a%20%22b%22.csv");
  EXPECT_EQ(download.response.header("Content-Type"), "application/octet-stream");
  ASSERT_TRUE(download.response.file.has_value());
  EXPECT_EQ(download.response.file->size, 4u);
  EXPECT_EQ(api_.get("/api/extras/file-proxies/" + job_.id.to_string() + "/download/").status(),
            404);
}

TEST_F(JobResultsTest, EmbedTheirFilesOnceHoweverDeep) {
  api_.submit(job_);
  const ClaimedRun run = api_.claim();
  for (int i = 0; i < 12; ++i) {
    const std::string name = std::to_string(i) + ".txt";
    ASSERT_TRUE(
        api_.home.storage().files().add(run.result.number, run.lease_token, name, "x").ok());
  }
  const TestAnswer deep = api_.get(path(run.result) + "?depth=10");
  EXPECT_EQ(deep.at("files").as_array().size(), 12u);
  EXPECT_EQ(deep.text("files.0.job_result.id"), run.result.id.to_string());
  EXPECT_LT(deep.response.body.size(), 50'000u);
  EXPECT_EQ(api_.get("/api/extras/file-proxies/?depth=10").text("results.0.job_result.name"), "J");
}

TEST_F(JobResultsTest, OffsetsBeyondEveryNumberHaveNoNextPage) {
  api_.submit(job_);
  const TestAnswer page = api_.get("/api/extras/job-results/?offset=9223372036854775807");
  ASSERT_EQ(page.status(), 200);
  EXPECT_TRUE(page.at("next").is_null());
}

TEST_F(JobResultsTest, TellWhetherTheSingletonLockWasOverridden) {
  const TestAnswer run =
      api_.send("POST", "/api/extras/jobs/J/run/",
                R"({"data": {"some_text_input": "xx"}, "ignore_singleton_lock": true})");
  ASSERT_EQ(run.status(), 201) << run.response.body;
  EXPECT_EQ(run.text("job_result.celery_kwargs.nautobot_job_ignore_singleton_lock"), "true");
}

TEST_F(JobResultsTest, CancelEndsAQueuedRunAtOnce) {
  const JobResult result = api_.submit(job_);
  const TestAnswer cancelled = api_.send("POST", path(result) + "cancel/");
  EXPECT_EQ(cancelled.status(), 200);
  EXPECT_EQ(cancelled.text("status.value"), "REVOKED");
  EXPECT_THAT(cancelled.text("reason"), HasSubstr("admin"));
}

TEST_F(JobResultsTest, CancelMarksARunningRun) {
  api_.submit(job_);
  const ClaimedRun run = api_.claim();
  const TestAnswer marked = api_.send("POST", path(run.result) + "cancel/");
  EXPECT_EQ(marked.text("status.value"), "STARTED");
  EXPECT_EQ(marked.text("cancel_requested_by"), "admin");
}

TEST_F(JobResultsTest, DeleteTakesTheResultAndStopsItFirst) {
  api_.submit(job_);
  const JobResult done = api_.finish_run();
  EXPECT_EQ(api_.send("DELETE", path(done)).status(), 204);
  EXPECT_EQ(api_.get(path(done)).status(), 404);
  EXPECT_EQ(api_.send("DELETE", path(done)).status(), 404);

  const JobResult queued = api_.submit(job_);
  EXPECT_EQ(api_.send("DELETE", path(queued)).status(), 204);

  api_.submit(job_);
  const ClaimedRun running = api_.claim();
  const TestAnswer refused = api_.send("DELETE", path(running.result));
  EXPECT_EQ(refused.status(), 409);
  EXPECT_EQ(refused.text("code"), "job_result.still_running");
  EXPECT_EQ(api_.get(path(running.result)).text("cancel_requested_by"), "admin");
}

TEST_F(JobResultsTest, LargeValuesAreLeftToTheObjectItself) {
  api_.submit(job_);
  const ClaimedRun run = api_.claim();
  RunOutcome outcome;
  outcome.status = JobResultStatus::kSuccess;
  outcome.result = json::value(std::string(kListValueLimit + 1, 'x'));
  api_.write(run, {}, outcome);
  EXPECT_TRUE(api_.get("/api/extras/job-results/").at("results.0.result").is_null());
  EXPECT_EQ(api_.get(path(run.result)).text("result").size(), kListValueLimit + 1u);
}

TEST_F(JobResultsTest, UnknownIdsAre404) {
  for (const char* id : {"018f0000-0000-7000-8000-000000000000", "x"}) {
    const std::string base = std::string("/api/extras/job-results/") + id + "/";
    for (const char* tail : {"", "logs/", "logs/download/", "events/"}) {
      const TestAnswer answer = api_.get(base + tail);
      EXPECT_EQ(answer.status(), 404) << tail;
      EXPECT_EQ(answer.text("detail"), "No JobResult matches the given query.");
    }
    EXPECT_EQ(api_.send("POST", base + "cancel/").status(), 404);
  }
}

/// A file refers back to its result.
TEST_F(JobResultsTest, NothingIsEmbeddedInItself) {
  api_.submit(job_);
  const ClaimedRun run = api_.claim();
  for (const char* name : {"a.csv", "b.csv"}) {
    ASSERT_TRUE(
        api_.home.storage().files().add(run.result.number, run.lease_token, name, "1").ok());
  }
  const TestAnswer result =
      api_.get("/api/extras/job-results/" + run.result.id.to_string() + "/?depth=5");
  EXPECT_EQ(result.text("job_model.name"), "J");
  EXPECT_EQ(result.at("files.1.job_result").as_object().size(), 3u);
  const TestAnswer files = api_.get("/api/extras/file-proxies/?depth=5");
  for (const char* file : {"results.0.", "results.1."}) {
    EXPECT_EQ(files.text(std::string(file) + "job_result.name"), "J");
    EXPECT_EQ(files.at(std::string(file) + "job_result.files.1.job_result").as_object().size(), 3u);
  }
}

TEST_F(JobResultsTest, CsvKeepsWhatLooksLikeAStatusOrAReference) {
  for (const char* returned :
       {R"({"label":"a","value":"b","more":1})", R"({"object_type":"x","id":"y","more":2})"}) {
    api_.submit(job_);
    RunOutcome outcome;
    outcome.status = JobResultStatus::kSuccess;
    outcome.result = parse_json(returned).value();
    api_.write(api_.claim(), {}, outcome);
  }
  const std::string csv = api_.get("/api/extras/job-results/?format=csv&depth=1").response.body;
  EXPECT_THAT(csv, HasSubstr(R"(,"{""label"":""a"",""value"":""b"",""more"":1}",)"));
  EXPECT_THAT(csv, HasSubstr(R"(,"{""object_type"":""x"",""id"":""y"",""more"":2}",)"));
  EXPECT_THAT(csv, HasSubstr("," + job_.id.to_string() + ","));
  EXPECT_THAT(csv, HasSubstr(",SUCCESS,"));
}

TEST_F(JobResultsTest, EmbeddedOnesCarryNoLargeValues) {
  api_.submit(job_);
  const ClaimedRun run = api_.claim();
  ASSERT_TRUE(
      api_.home.storage().files().add(run.result.number, run.lease_token, "a.csv", "1").ok());
  RunOutcome outcome;
  outcome.status = JobResultStatus::kSuccess;
  outcome.result = json::string(10'000, 'x');
  api_.write(run, {}, outcome);
  const TestAnswer files = api_.get("/api/extras/file-proxies/?depth=1");
  EXPECT_EQ(files.text("results.0.job_result.status.value"), "SUCCESS");
  EXPECT_TRUE(files.at("results.0.job_result.result").is_null());
}

}  // namespace
}  // namespace windlass::rest
