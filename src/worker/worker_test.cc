#include "base/text.h"
#include "worker/worker_fixture.h"

namespace windlass::worker {
namespace {

using runner::FakeRun;
using runner::StopReason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string base64_of(std::size_t size) {
  return base64_encode(std::string(size, 'x'));
}

TEST_F(WorkerTest, ClaimsStartsRecordsAndFinishes) {
  runner.on_start([](FakeRun& run) {
    run.start("v7");
    run.log("info", "Working on it");
    run.succeed({{"answer", 42}});
  });
  start_worker();
  const JobResult run = enqueue({{"text", "hi"}});
  const JobResult result = finished(run);
  EXPECT_EQ(result.status, JobResultStatus::kSuccess);
  EXPECT_EQ(to_text(result.result), R"({"answer":42})");
  EXPECT_EQ(result.worker, "host:1");
  EXPECT_EQ(result.reason_code, "");
  EXPECT_THAT(log_of(run),
              ElementsAre("info initialization: Running job", "info run: Working on it",
                          "success post_run: Job completed"));
  const Event first = events(run, {EventKind::kLog}).front();
  EXPECT_EQ(first.log_object, "Work");
  EXPECT_EQ(first.absolute_url, "/extras/jobs/" + job.id.to_string() + "/");
}

TEST_F(WorkerTest, GivesTheRunFrameAndTheLimits) {
  options.soft_time_limit = std::chrono::seconds(7);
  options.time_limit = std::chrono::seconds(9);
  options.memory_limit = 1 << 20;
  options.create_file_max_size = 99;
  runs_wait();
  start_worker();
  const JobResult run = enqueue({{"text", "hi"}});
  ASSERT_TRUE(wait_started(1));
  FakeRun& started = the_run();
  json::object expected{{"type", "run"},
                        {"task_id", run.id.to_string()},
                        {"class_path", "group.Work"},
                        {"inputs", {{"text", "hi"}}},
                        {"attempt", 1},
                        {"user", {{"id", user.id.to_string()}, {"username", "admin"}}},
                        {"job", {{"id", job.id.to_string()}, {"name", "Work"}}},
                        {"queue", "default"},
                        {"create_file_max_size", 99}};
  EXPECT_EQ(started.spec().frame, expected);
  EXPECT_EQ(started.spec().soft_time_limit, std::chrono::seconds(7));
  EXPECT_EQ(started.spec().time_limit, std::chrono::seconds(9));
  EXPECT_EQ(started.spec().memory_limit, 1 << 20);
  started.succeed();
  EXPECT_EQ(finished(run).source_version, "v1");
}

TEST_F(WorkerTest, TheJobsOwnLimitsCountAndAHardOneThatIsNotAboveTheSoftOneWarns) {
  storage->jobs()
      .modify(job.id,
              [](Job& it) -> Result<void> {
                it.soft_time_limit = 5;
                it.time_limit = 2.5;
                return ok();
              })
      .value();
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  FakeRun& started = the_run();
  EXPECT_EQ(started.spec().soft_time_limit, std::chrono::seconds(5));
  EXPECT_EQ(started.spec().time_limit, std::chrono::milliseconds(2500));
  started.succeed();
  finished(run);
  EXPECT_THAT(log_of(run)[1],
              HasSubstr("hard time limit of 2.5 s is not above the soft time limit of 5 s"));
}

TEST_F(WorkerTest, OpensSealedInputs) {
  runs_wait();
  start_worker();
  const JobResult run = enqueue(json::object{}, key.seal(R"({"pin":"1234"})"));
  ASSERT_TRUE(wait_started(1));
  FakeRun& started = the_run();
  EXPECT_EQ(to_text(started.spec().frame.at("inputs")), R"({"pin":"1234"})");
  started.succeed();
  EXPECT_EQ(finished(run).status, JobResultStatus::kSuccess);
}

TEST_F(WorkerTest, InputsThatCannotBeOpenedEndTheRunUnstarted) {
  const TemporaryFolder other = TemporaryFolder::make().value();
  const std::string foreign = SealingKey::load_or_create(other.path() / "key").value().seal("{}");
  start_worker();
  for (const std::string& sealed : {foreign, key.seal("no json"), key.seal("[1]")}) {
    const JobResult run = enqueue(json::object{}, sealed);
    const JobResult result = finished(run);
    EXPECT_EQ(result.status, JobResultStatus::kFailure);
    EXPECT_EQ(result.reason_code, "inputs_unreadable");
    EXPECT_THAT(log_of(run).back(), HasSubstr("failure post_run: The inputs could not be opened"));
  }
  EXPECT_EQ(runner.started(), 0U);
}

TEST_F(WorkerTest, AThousandRunsNeverMoreThanTheSlots) {
  options.record.slots = 4;
  std::atomic<std::size_t> most = 0;
  runner.on_start([&](FakeRun& run) {
    most = std::max(most.load(), runner.active());
    run.succeed();
  });
  start_worker();
  std::vector<JobResult> queued;
  for (int i = 0; i < 1000; ++i) queued.push_back(enqueue());
  const auto succeeded = [&] {
    const auto counts = storage->results().counts().value();
    for (const auto& [status, count] : counts.by_status) {
      if (status == JobResultStatus::kSuccess) return count;
    }
    return std::int64_t{0};
  };
  EXPECT_TRUE(changes.wait([&] { return succeeded() == 1000; }));
  EXPECT_EQ(runner.started(), 1000U);
  EXPECT_LE(most, 4U);
  for (const JobResult& run : queued) EXPECT_EQ(log_of(run).size(), 2U);
}

TEST_F(WorkerTest, AnOutcomeAndTheNextClaimTravelTogether) {
  options.record.slots = 1;
  std::vector<JobResult> queued;
  for (int i = 0; i < 5; ++i) queued.push_back(enqueue());
  start_worker();
  for (const JobResult& run : queued) finished(run);
  int outcomes = 0;
  for (const WorkRequest& request : troubled.troubled.requests()) {
    for (const RunWrite& write : request.writes) {
      if (!write.outcome) continue;
      ++outcomes;
      EXPECT_EQ(request.claim_limit, 1) << outcomes;
    }
  }
  EXPECT_EQ(outcomes, 5);
}

TEST_F(WorkerTest, EventsWaitForFlushAfterAndOutcomesDoNot) {
  options.flush_after = std::chrono::milliseconds(20);
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  nudge();
  const auto entries = [&] { return log_of(run).size(); };
  ASSERT_TRUE(changes.wait([&] { return entries() == 1; }));
  const std::size_t before = troubled.troubled.requests().size();
  the_run().log("info", "later");
  clock.advance(std::chrono::milliseconds(19));
  EXPECT_EQ(troubled.troubled.requests().size(), before);
  clock.advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(changes.wait([&] { return entries() == 2; }));
  the_run().succeed();
  EXPECT_EQ(finished(run).status, JobResultStatus::kSuccess);
}

TEST_F(WorkerTest, ManyBytesDoNotWait) {
  options.flush_after = std::chrono::hours(1);
  options.flush_bytes = 10'000;
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  the_run().log("info", std::string(10'000, 'x'));
  EXPECT_TRUE(changes.wait([&] { return log_of(run).size() == 2; }));
  the_run().succeed();
  finished(run);
}

TEST_F(WorkerTest, CancelEndsRevokedByWhom) {
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  storage->results().request_cancel(run.id, "admin").value();
  const JobResult result = finished(run);
  EXPECT_EQ(result.status, JobResultStatus::kRevoked);
  EXPECT_EQ(result.reason_code, "cancelled");
  EXPECT_EQ(result.reason, "Cancelled by admin.");
  EXPECT_EQ(log_of(run).back(), "warning post_run: Cancelled by admin.");
}

TEST_F(WorkerTest, AJobThatSucceedsInSpiteOfTheCancelIsSuccess) {
  runner.on_start([](FakeRun& run) { run.start(); });
  runner.on_stop([](FakeRun& run) {
    EXPECT_EQ(run.stops(), std::vector{StopReason::kCancelled});
    run.succeed("done all the same");
  });
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  ASSERT_TRUE(changes.wait([&] { return !read(run).source_version.empty(); }));
  storage->results().request_cancel(run.id, "admin").value();
  EXPECT_EQ(finished(run).status, JobResultStatus::kSuccess);
}

TEST_F(WorkerTest, FilesAreKeptAndAnswered) {
  options.create_file_max_size = 8;
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  const auto file = [](std::int64_t number, const std::string& name, const std::string& base64) {
    return json::object{{"type", "file"}, {"file", number}, {"name", name}, {"data", base64}};
  };
  const std::vector<std::pair<std::string, std::string>> refused{{"../etc/passwd", "eA=="},
                                                                 {"", "eA=="},
                                                                 {"a/b", "eA=="},
                                                                 {"a\\b", "eA=="},
                                                                 {"..", "eA=="},
                                                                 {".", "eA=="},
                                                                 {"a\nb", "eA=="},
                                                                 {std::string(256, 'a'), "eA=="},
                                                                 {"big", base64_of(9)},
                                                                 {"broken", "!!!!"}};
  FakeRun& started = the_run();
  started.frame(file(1, "report.csv", base64_of(8)));
  std::int64_t number = 2;
  for (const auto& [name, data] : refused) started.frame(file(number++, name, data));
  ASSERT_TRUE(runner.wait_until([&] { return started.sent().size() == refused.size() + 1; }));
  int created = 0;
  for (const json::value answer : started.sent()) {
    if (get_string(answer, "type") == "file_refused") {
      EXPECT_NE(get_string(answer, "message"), "");
      continue;
    }
    ++created;
    EXPECT_EQ(get_int(answer, "file"), 1);
    const auto id = Uuid::parse(get_string(answer, "id"));
    ASSERT_TRUE(id);
    EXPECT_EQ(get_string(answer, "url"),
              "/api/extras/file-proxies/" + id->to_string() + "/download/");
    EXPECT_EQ(storage->files().get(*id).value().name, "report.csv");
    EXPECT_EQ(read_file(storage->files().content_path(*id).value()).value(), std::string(8, 'x'));
  }
  EXPECT_EQ(created, 1);
  the_run().succeed();
  finished(run);
}

TEST_F(WorkerTest, WarningsOfTheRunnerStandInTheLog) {
  runner.on_start([](FakeRun& run) {
    run.start("v2", 1, "Runs get a fresh interpreter.");
    runner::RunEnd end;
    end.how = runner::RunEnd::How::kExited;
    end.wait_status = 3 << 8;
    end.leftovers = 2;
    end.unreadable_frames = 1;
    end.peak_memory = 5 << 20;
    end.cpu_seconds = 0.25;
    run.end(end);
  });
  start_worker();
  const JobResult run = enqueue();
  const JobResult result = finished(run);
  EXPECT_EQ(result.peak_memory, 5 << 20);
  EXPECT_EQ(result.cpu_seconds, 0.25);
  EXPECT_EQ(result.source_version, "v2");
  EXPECT_EQ(result.reason_code, "exited");
  EXPECT_THAT(
      log_of(run),
      ElementsAre(
          "info initialization: Running job",
          "warning initialization: Runs get a fresh interpreter.",
          "warning post_run: 1 of the messages that the job's process sent could not be read.",
          "warning post_run: The job left 2 processes behind, which were ended.",
          "failure post_run: The process ended itself with exit status 3 before the job had "
          "ended."));
}

}  // namespace
}  // namespace windlass::worker
