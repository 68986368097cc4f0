#include <gmock/gmock.h>

#include "base/files.h"
#include "engine/import_errors.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kResults = "/api/extras/job-results/";

/// What the web page shows besides single records.
class OverviewTest : public ::testing::Test {
 protected:
  JobResult fail_run(std::string traceback, std::string version = "") {
    const ClaimedRun run = api_.claim();
    WorkRequest request;
    request.worker = api_.worker.id;
    request.worker_name = api_.worker.name;
    RunWrite write;
    write.number = run.result.number;
    write.lease_token = run.lease_token;
    write.source_version = std::move(version);
    write.outcome.emplace();
    write.outcome->traceback = std::move(traceback);
    write.outcome->reason_code = "exception";
    write.outcome->reason = "ValueError: no";
    request.writes.push_back(std::move(write));
    EXPECT_TRUE(api_.home.storage().results().exchange(request)->lost.empty());
    return api_.home.storage().results().get(run.result.id).value();
  }
  static std::string path_of(const JobResult& run, std::string_view tail = "") {
    return std::string(kResults) + run.id.to_string() + "/" + std::string(tail);
  }

  TestApi api_;
  Job job_ = api_.add_job("J");
};

TEST_F(OverviewTest, TheSummaryTellsWhatGoesOn) {
  api_.submit(job_);
  api_.submit(job_);
  api_.finish_run();
  api_.submit(job_);
  fail_run("Traceback");
  const TestAnswer summary = api_.get("/api/extras/summary/?utc_offset=60&days=3");
  EXPECT_EQ(summary.status(), 200) << summary.response.body;
  EXPECT_EQ(summary.text("waiting_count"), "1");
  EXPECT_EQ(summary.text("waiting.0.waiting_reason"), "A worker is about to take it.");
  EXPECT_EQ(summary.text("waiting.0.user"), "admin");
  EXPECT_EQ(summary.text("waiting.0.job_model.class_path"), job_.class_path);
  EXPECT_EQ(summary.text("failure_count"), "1");
  EXPECT_EQ(summary.text("failures.0.reason"), "ValueError: no");
  EXPECT_EQ(summary.at("days").as_array().size(), 3u);
  EXPECT_EQ(summary.text("days.2.SUCCESS"), "1");
  EXPECT_EQ(summary.text("days.2.FAILURE"), "1");
  EXPECT_EQ(summary.text("busiest_jobs.0.runs"), "2");
  EXPECT_EQ(summary.text("queues.0.waiting"), "1");
  EXPECT_EQ(summary.text("workers.0.slots"), "2");
}

TEST_F(OverviewTest, ASummaryOfWrongDaysIsRefusedAtOnce) {
  const TestAnswer wrong = api_.get("/api/extras/summary/?utc_offset=7&days=0");
  EXPECT_EQ(wrong.status(), 400);
  EXPECT_THAT(wrong.text("utc_offset.0"), HasSubstr("multiple of 15"));
  EXPECT_THAT(wrong.text("days.0"), HasSubstr("From 1 to 90"));
  for (const char* offset : {"-855", "900", "x"}) {
    EXPECT_EQ(api_.get(std::string("/api/extras/summary/?utc_offset=") + offset).status(), 400);
  }
  EXPECT_EQ(api_.get("/api/extras/summary/?utc_offset=-300").status(), 200);
}

TEST_F(OverviewTest, RecentResultsAreTheTenNewestOfEachJob) {
  const Job other = api_.add_job("K");
  for (int i = 0; i < 11; ++i) {
    api_.submit(job_);
    api_.clock.advance(std::chrono::seconds(1));
  }
  const JobResult oldest = api_.finish_run();
  const std::string path = "/api/extras/jobs/recent-results/?job=" + job_.id.to_string() +
                           "&job=" + other.id.to_string();
  const TestAnswer recent = api_.get(path);
  EXPECT_EQ(recent.status(), 200) << recent.response.body;
  EXPECT_EQ(recent.at(job_.id.to_string()).as_array().size(), 10u);
  EXPECT_TRUE(recent.at(other.id.to_string()).as_array().empty());
  EXPECT_THAT(recent.response.body, ::testing::Not(HasSubstr(oldest.id.to_string())));
  EXPECT_EQ(api_.get("/api/extras/jobs/recent-results/?job=J").status(), 400);
}

TEST_F(OverviewTest, SourcesTellWhatDoesNotImport) {
  const std::string root = (api_.home.path() / "jobs").string();
  const std::string traceback = "Traceback (most recent call last):\n  File \"" + root +
                                "/bad.py\", line 3, in <module>\n    x\nNameError: x\n";
  ASSERT_TRUE(
      engine::save_import_errors(api_.home.path(), {{"jobs_root", {{"bad", traceback}}}}).ok());
  ASSERT_TRUE(api_.home.storage()
                  .jobs()
                  .modify(job_.id,
                          [](Job& job) {
                            job.source = "jobs_root";
                            job.source_version = "0a1b";
                            job.warning = "threads at import";
                            return ok();
                          })
                  .ok());
  const TestAnswer sources = api_.get("/api/extras/job-sources/");
  EXPECT_EQ(sources.text("0.name"), "jobs_root");
  EXPECT_EQ(sources.text("0.path"), root);
  EXPECT_EQ(sources.text("0.version"), "0a1b");
  EXPECT_EQ(sources.text("0.jobs"), "1");
  EXPECT_EQ(sources.text("0.warnings.0"), job_.class_path + ": threads at import");
  EXPECT_EQ(sources.text("0.errors.0.module"), "bad");
  EXPECT_EQ(sources.text("0.errors.0.file"), root + "/bad.py");
  EXPECT_EQ(sources.text("0.errors.0.line"), "3");
  EXPECT_EQ(sources.text("0.errors.0.message"), "NameError: x");
  EXPECT_EQ(sources.text("0.errors.0.traceback"), traceback);
}

TEST_F(OverviewTest, ATracebackHasTheLinesOfTheCodeThatRan) {
  const auto home = api_.home.path();
  ASSERT_TRUE(make_folder(home / "sources/0a1b").ok());
  ASSERT_TRUE(write_new_file(home / "sources/0a1b/a.py", "one\ntwo\n", 0600).ok());
  api_.submit(job_);
  const JobResult run =
      fail_run("Traceback (most recent call last):\n  File \"" + (home / "jobs/a.py").string() +
                   "\", line 2, in run\n    two\nValueError: no\n",
               "0a1b");
  const TestAnswer traceback = api_.get(path_of(run, "traceback/"));
  EXPECT_EQ(traceback.text("exception"), "ValueError: no");
  EXPECT_EQ(traceback.text("text"), *run.traceback);
  EXPECT_EQ(traceback.text("frames.0.function"), "run");
  EXPECT_EQ(traceback.text("frames.0.line"), "2");
  EXPECT_EQ(traceback.text("frames.0.source.0.text"), "one");
  EXPECT_EQ(traceback.text("frames.0.source.1.line"), "2");
}

TEST_F(OverviewTest, WithoutATracebackThereAreNoFrames) {
  api_.submit(job_);
  const TestAnswer traceback = api_.get(path_of(api_.finish_run(), "traceback/"));
  EXPECT_EQ(traceback.text("text"), "");
  EXPECT_TRUE(traceback.at("frames").as_array().empty());
}

TEST_F(OverviewTest, AttemptsAreToldOneByOne) {
  const JobResult queued = api_.submit(job_);
  EXPECT_TRUE(api_.get(path_of(queued, "attempts/")).body.as_array().empty());
  const ClaimedRun first = api_.claim();
  RunOutcome again;
  again.status = JobResultStatus::kRetry;
  again.reason = "not yet";
  api_.clock.advance(std::chrono::seconds(1));
  api_.write(first, {}, again);
  fail_run("Traceback");
  const TestAnswer attempts = api_.get(path_of(queued, "attempts/"));
  ASSERT_EQ(attempts.body.as_array().size(), 2u) << attempts.response.body;
  EXPECT_EQ(attempts.text("0.attempt"), "1");
  EXPECT_EQ(attempts.text("0.status"), "RETRY");
  EXPECT_EQ(attempts.text("0.reason"), "not yet");
  EXPECT_NE(attempts.text("0.date_done"), attempts.text("0.date_started"));
  EXPECT_TRUE(attempts.at("0.worker").is_null());
  EXPECT_EQ(attempts.text("1.status"), "FAILURE");
  EXPECT_EQ(attempts.text("1.reason_code"), "exception");
  EXPECT_EQ(attempts.text("1.worker"), api_.worker.name);
}

TEST_F(OverviewTest, TheTimelineGroupsRunsByWorker) {
  const std::string before_all = to_rfc3339(api_.clock.now());
  api_.submit(job_);
  const JobResult ended = api_.finish_run();
  const JobResult running = api_.submit(job_);
  api_.claim();
  api_.submit(job_);
  api_.clock.advance(std::chrono::hours(1));
  const std::string now = to_rfc3339(api_.clock.now());
  const std::string path = std::string(kResults) + "timeline/?after=";
  const TestAnswer timeline = api_.get(path + before_all + "&before=" + now);
  EXPECT_EQ(timeline.text("truncated"), "false");
  ASSERT_EQ(timeline.at("workers").as_array().size(), 1u) << timeline.response.body;
  EXPECT_EQ(timeline.text("workers.0.worker"), api_.worker.name);
  ASSERT_EQ(timeline.at("workers.0.runs").as_array().size(), 2u);
  EXPECT_THAT(timeline.response.body, HasSubstr(ended.id.to_string()));
  EXPECT_THAT(timeline.response.body, HasSubstr(running.id.to_string()));
  api_.clock.advance(std::chrono::hours(1));
  const TestAnswer later = api_.get(path + now + "&before=" + to_rfc3339(api_.clock.now()));
  ASSERT_EQ(later.at("workers.0.runs").as_array().size(), 1u) << "what still runs";
  EXPECT_EQ(later.text("workers.0.runs.0.id"), running.id.to_string());
  const TestAnswer wrong = api_.get(path + "soon");
  EXPECT_EQ(wrong.status(), 400);
  EXPECT_NE(wrong.text("after.0"), "(missing)");
  EXPECT_NE(wrong.text("before.0"), "(missing)");
  EXPECT_EQ(api_.get(path + now + "&before=" + now).status(), 400);
}

TEST_F(OverviewTest, SeveralRunsAreCancelledTogether) {
  api_.submit(job_);
  const JobResult ended = api_.finish_run();
  const JobResult queued = api_.submit(job_);
  const auto cancel = [&](const std::string& ids) {
    return api_.send("POST", std::string(kResults) + "cancel/", R"({"ids": [)" + ids + "]}");
  };
  const std::string both = '"' + ended.id.to_string() + R"(", ")" + queued.id.to_string() + '"';
  EXPECT_EQ(cancel(both + R"(, "018f0000-0000-7000-8000-000000000000")").status(), 404);
  EXPECT_EQ(api_.get(path_of(queued)).text("status.value"), "PENDING") << "all or none";
  const TestAnswer cancelled = cancel(both);
  EXPECT_EQ(cancelled.text("cancelled.0"), queued.id.to_string());
  EXPECT_EQ(cancelled.text("unchanged.0"), ended.id.to_string());
  EXPECT_EQ(api_.get(path_of(queued)).text("status.value"), "REVOKED");
  EXPECT_NE(cancel("\"x\"").text("errors.ids.0"), "(missing)");
  EXPECT_NE(cancel("1").text("errors.ids.0"), "(missing)");
}

TEST_F(OverviewTest, SeveralResultsAreDeletedTogether) {
  api_.submit(job_);
  const JobResult ended = api_.finish_run();
  const JobResult queued = api_.submit(job_);
  const auto remove = [&](const json::value& body) {
    return api_.send("DELETE", kResults, to_text(body));
  };
  const json::object one{{"id", ended.id.to_string()}};
  const json::object other{{"id", queued.id.to_string()}};
  const json::object missing{{"id", "018f0000-0000-7000-8000-000000000000"}};
  EXPECT_EQ(remove(json::array{one, missing}).status(), 404);
  EXPECT_EQ(api_.get(path_of(ended)).status(), 200) << "all or none";
  EXPECT_EQ(remove(json::array{one, other, one}).status(), 204);
  EXPECT_EQ(api_.get(path_of(ended)).status(), 404);
  EXPECT_EQ(api_.get(path_of(queued)).status(), 404);
  EXPECT_NE(remove(one).text("errors.ids.0"), "(missing)");
  EXPECT_EQ(remove(json::array{}).status(), 204);
  EXPECT_EQ(api_.send("DELETE", kResults).status(), 415);
}

TEST_F(OverviewTest, ARunThatDoesNotEndInTimeIsToldWithTheNumberDeleted) {
  api_.submit(job_);
  const JobResult ended = api_.finish_run();
  const JobResult running = api_.submit(job_);
  api_.claim();
  const TestAnswer answer =
      api_.send("DELETE", kResults,
                to_text(json::array{json::object{{"id", ended.id.to_string()}},
                                    json::object{{"id", running.id.to_string()}}}));
  EXPECT_EQ(answer.status(), 409);
  EXPECT_THAT(answer.text("detail"), HasSubstr("1 of 2 results"));
  EXPECT_EQ(api_.get(path_of(running)).text("cancel_requested_by"), "admin");
}

TEST_F(OverviewTest, ConsoleLinesArePaged) {
  api_.submit(job_);
  const JobResult run = api_.finish_run();
  const TestAnswer console = api_.get(path_of(run, "console/?limit=1"));
  EXPECT_EQ(console.status(), 200);
  EXPECT_EQ(console.text("results.0.text"), "printed") << console.response.body;
  EXPECT_TRUE(console.at("next").is_null());
}

TEST_F(OverviewTest, SettingsTellTheirOrigin) {
  const TestAnswer settings = api_.get("/api/settings/");
  EXPECT_EQ(settings.text("0.name"), "listen");
  EXPECT_EQ(settings.text("0.origin"), "environment");
  EXPECT_EQ(settings.text("0.type"), "text");
}

TEST_F(OverviewTest, PreferencesAreReplacedWhole) {
  const std::string path = "/api/users/preferences/";
  EXPECT_TRUE(api_.get(path).at("favourite_jobs").as_array().empty());
  const std::string wanted =
      R"({"favourite_jobs":["my_group.J"],"saved_views":[{"name":"Failed","page":"results",)"
      R"("query":"status=FAILURE"}],"result_columns":["name","status"]})";
  EXPECT_EQ(api_.send("PUT", path, wanted).status(), 200);
  EXPECT_EQ(api_.get(path).body, parse_json(wanted).value());
  const TestAnswer wrong =
      api_.send("PUT", path, R"({"favourite_jobs":[1],"saved_views":[{"name":""}],"more":1})");
  EXPECT_EQ(wrong.status(), 400);
  for (const char* field : {"favourite_jobs", "saved_views", "result_columns", "more"}) {
    EXPECT_NE(wrong.text(std::string("errors.") + field + ".0"), "(missing)") << field;
  }
  EXPECT_EQ(api_.get(path).body, parse_json(wanted).value());
  const std::string large = R"({"favourite_jobs":[")" + std::string(70'000, 'x') +
                            R"("],"saved_views":[],"result_columns":[]})";
  EXPECT_THAT(api_.send("PUT", path, large).text("errors.saved_views.0"), HasSubstr("65536 bytes"));
}

}  // namespace
}  // namespace windlass::rest
