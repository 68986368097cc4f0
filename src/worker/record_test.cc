#include "worker/recorder.h"
#include "worker/worker_fixture.h"

namespace windlass::worker {
namespace {

using runner::FakeRun;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// What a run reports, and what is kept of it.
class RecordTest : public WorkerTest {
 protected:
  /// Runs one job that follows the script and then succeeds.
  JobResult run_of(const runner::FakeRunner::Script& script) {
    runner.on_start([script](FakeRun& run) {
      script(run);
      run.succeed();
    });
    start_worker();
    return finished(enqueue());
  }
};

TEST_F(RecordTest, LogFramesBecomeEntries) {
  const TimePoint told = clock.now() - std::chrono::milliseconds(3);
  const JobResult run = run_of([&](FakeRun& it) {
    it.frame({{"type", "log"},
              {"level", "failure"},
              {"message", "broken"},
              {"grouping", "check"},
              {"object", "Router 1"},
              {"url", "/dcim/1/"},
              {"time", to_micros(told)}});
    it.frame({{"type", "log"}, {"level", "shout"}, {"message", "unknown level"}, {"time", 5}});
    it.frame({{"type", "log"}, {"message", "link"}, {"url", "javascript:alert(1)"}});
    it.frame({{"type", "log"},
              {"message", "password=hunter2 http://me:pw@host/"},
              {"object", "token: abc123def"}});
  });
  const auto entries = events(run, {EventKind::kLog});
  ASSERT_EQ(entries.size(), 6U);
  EXPECT_EQ(entries[1].level, "failure");
  EXPECT_EQ(entries[1].grouping, "check");
  EXPECT_EQ(entries[1].log_object, "Router 1");
  EXPECT_EQ(entries[1].absolute_url, "/dcim/1/");
  EXPECT_EQ(entries[1].created, told);
  EXPECT_EQ(entries[2].level, "info");
  EXPECT_EQ(entries[2].created, clock.now());
  EXPECT_EQ(entries[3].absolute_url, "");
  EXPECT_THAT(entries[4].message, Not(HasSubstr("hunter2")));
  EXPECT_THAT(entries[4].message, Not(HasSubstr("me:pw")));
  EXPECT_THAT(entries[4].log_object, Not(HasSubstr("abc123def")));
  EXPECT_EQ(run.error_log_count, 1);
}

TEST_F(RecordTest, ValuesOfSensitiveInputsReachNoPartOfTheDatabase) {
  storage->jobs()
      .modify(job.id,
              [](Job& record) -> Result<void> {
                record.has_sensitive_variables = false;
                return ok();
              })
      .value();
  runner.on_start([](FakeRun& it) {
    it.frame({{"type", "log"},
              {"message", std::string(65'530, 'x') + "zebra-canary-1"},
              {"grouping", "zebra-canary-1"},
              {"object", "zebra-canary-1"},
              {"url", "/a/zebra-canary-1/"}});
    it.frame({{"type", "progress"}, {"done", 1}, {"total", 2}, {"message", "at zebra-canary-1"}});
    it.console(false, "printed zebra-canary-1\nsecond zebra-");
    it.console(true, "key line-canary-2 end\n");
    it.console(false, "canary-1\n");
    it.fail("exception",
            {{"exc_type", "KeyError"}, {"exc_message", "zebra-canary-1"}, {"zebra-canary-1", 1}},
            "Traceback zebra-canary-1");
  });
  start_worker();
  const JobResult queued =
      enqueue(json::object{{"site", "berlin"}},
              key.seal(R"({"pin": "zebra-canary-1", "deep": [{"key": "x\nline-canary-2\n"}]})"));
  const JobResult run = finished(queued);
  EXPECT_EQ(run.status, JobResultStatus::kFailure);
  EXPECT_THAT(run.reason, HasSubstr("KeyError: (redacted)"));
  EXPECT_THAT(*run.traceback, HasSubstr("Traceback (redacted)"));
  EXPECT_THAT(console_of(run),
              ElementsAre("stdout: printed (redacted)", "stderr: key (redacted) end",
                          "stdout: second (redacted)"));
  worker.reset();
  for (const char* suffix : {"", "-wal"}) {
    const auto content = read_file(folder.path() / (std::string("db.sqlite3") + suffix));
    if (content.ok()) {
      EXPECT_EQ(content->find("canary"), std::string::npos);
    }
  }
  EXPECT_EQ(to_text(run.result).find("canary"), std::string::npos);
}

TEST_F(RecordTest, APartialLineThatMayBecomeASecretWaits) {
  storage->jobs()
      .modify(job.id,
              [](Job& record) -> Result<void> {
                record.has_sensitive_variables = false;
                return ok();
              })
      .value();
  runs_wait();
  start_worker();
  const JobResult run = enqueue(json::object{}, key.seal(R"({"pin": "zebra-canary-1"})"));
  ASSERT_TRUE(wait_started(1));
  const auto tick = [&] { clock.advance(std::chrono::milliseconds(300)); };
  the_run().console(false, "ready? ");
  EXPECT_TRUE(changes.wait([&] {
    tick();
    nudge();
    return !console_of(run).empty();
  }));
  the_run().console(false, "zebra-can");
  tick();
  // Two of the recorder's ticks later it would be there.
  std::atomic<bool> passed = false;
  std::unique_ptr<EventLoop::Timer> timer;
  loop.call([&] {
    timer = loop.after(3 * Recorder::kTick, [&] {
      passed = true;
      changes.poke();
    });
  });
  EXPECT_TRUE(changes.wait([&] { return passed.load(); }));
  the_run().console(false, "ary-1\n");
  the_run().succeed();
  finished(run);
  loop.call([&] { timer.reset(); });
  EXPECT_THAT(console_of(run), ElementsAre("stdout: ready? ", "stdout: (redacted)"));
}

TEST_F(RecordTest, PatternsOfTheSettingAreUsedEverywhere) {
  options.sanitiser = Sanitiser::with_patterns({R"(ACME-\d+ => [serial])"}).value();
  runner.on_start([](FakeRun& it) {
    it.log("info", "log ACME-1");
    it.console(false, "console ACME-2\n");
    it.frame({{"type", "progress"}, {"done", 1}, {"total", 2}, {"message", "progress ACME-3"}});
    it.fail("exception", {{"exc_type", "E"}, {"exc_message", "ACME-4"}}, "traceback ACME-5");
  });
  start_worker();
  const JobResult run = finished(enqueue());
  EXPECT_EQ(log_of(run)[1], "info run: log [serial]");
  EXPECT_THAT(console_of(run), ElementsAre("stdout: console [serial]"));
  EXPECT_EQ(get_string(run.progress, "message"), "progress [serial]");
  EXPECT_THAT(to_text(run.result), HasSubstr("[serial]"));
  EXPECT_EQ(run.traceback, "traceback [serial]");
  EXPECT_THAT(run.reason, HasSubstr("[serial]"));
}

TEST_F(RecordTest, FramesOfTheWrongShapeAreCountedAndHarmless) {
  const json::object frames[]{
      {},
      {{"type", 1}},
      {{"type", "dance"}},
      {{"type", "log"}},
      {{"type", "log"}, {"message", 5}},
      {{"type", "log"}, {"message", "x"}, {"level", json::array{}}},
      {{"type", "log"}, {"message", "x"}, {"grouping", 1}},
      {{"type", "log"}, {"message", "x"}, {"object", json::object{}}},
      {{"type", "log"}, {"message", "x"}, {"url", false}},
      {{"type", "progress"}},
      {{"type", "progress"}, {"done", "3"}},
      {{"type", "progress"}, {"done", 1}, {"total", "many"}},
      {{"type", "progress"}, {"done", 1}, {"total", 2}, {"message", 3}},
      {{"type", "progress"}, {"done", std::numeric_limits<double>::infinity()}, {"total", 2}},
      {{"type", "file"}},
      {{"type", "file"}, {"file", "1"}, {"name", "a"}, {"data", ""}},
      {{"type", "file"}, {"file", 1}, {"name", 2}, {"data", ""}},
      {{"type", "file"}, {"file", 1}, {"name", "a"}, {"data", nullptr}},
  };
  const JobResult run = run_of([&](FakeRun& it) {
    for (const json::object& frame : frames) it.frame(frame);
  });
  EXPECT_EQ(run.status, JobResultStatus::kSuccess);
  EXPECT_THAT(
      log_of(run),
      ElementsAre(
          "info initialization: Running job",
          "warning post_run: 18 of the messages that the job's process sent could not be read.",
          "success post_run: Job completed"));
}

TEST_F(RecordTest, LongAndBrokenTextsAreBoundedAndMadeValid) {
  const JobResult run = run_of([&](FakeRun& it) {
    it.log("info", std::string(70'000, 'x'));
    it.log("info", std::string("nul\0 and \xff", 10));
  });
  const auto entries = events(run, {EventKind::kLog});
  EXPECT_EQ(entries[1].message, std::string(65'536, 'x') + "… (cut: 70000 bytes in all)");
  EXPECT_EQ(entries[2].message, "nul\uFFFD and \uFFFD");
}

TEST_F(RecordTest, EntriesBeyondTheLimitAreCounted) {
  options.log_entry_limit = 10;
  const JobResult run = run_of([&](FakeRun& it) {
    for (int i = 0; i < 8; ++i) it.log("info", "entry");
    it.console(false, "one\ntwo\nthree\nfour\n");
    for (int i = 0; i < 100'000; ++i) it.log("info", "entry");
  });
  const auto lines = log_of(run);
  EXPECT_EQ(lines.size(), 8U + 3U);
  EXPECT_EQ(console_of(run).size(), 2U);
  EXPECT_EQ(run.dropped_log_count, 100'002);
  EXPECT_THAT(lines[9], HasSubstr("warning post_run: 100002 entries dropped"));
  EXPECT_EQ(lines[10], "success post_run: Job completed");
}

TEST_F(RecordTest, BytesBeyondTheLimitAreCountedAndLeaveNoHoles) {
  options.log_byte_limit = 1000;
  const JobResult run = run_of([&](FakeRun& it) {
    it.log("info", std::string(900, 'x'));
    it.log("info", std::string(200, 'y'));
    it.log("info", "small");
  });
  EXPECT_EQ(log_of(run).size(), 4U);
  EXPECT_EQ(run.dropped_log_count, 2);
}

TEST_F(RecordTest, ProgressIsThinnedAndItsLastIsKept) {
  const JobResult run = run_of([&](FakeRun& it) {
    it.start();
    for (int i = 1; i <= 1000; ++i) {
      it.frame({{"type", "progress"}, {"done", i}, {"total", 1000}, {"message", "step"}});
    }
    clock.advance(std::chrono::milliseconds(100));
    it.frame({{"type", "progress"}, {"done", 1.5}, {"total", nullptr}, {"message", "a"}});
    it.frame({{"type", "progress"}, {"done", 2}, {"message", "secret=abc"}});
  });
  const auto steps = events(run, {EventKind::kProgress});
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(to_text(steps[0].data), R"({"done":1,"total":1000})");
  EXPECT_EQ(steps[0].message, "step");
  EXPECT_EQ(to_text(steps[1].data), R"({"done":1.5E0,"total":null})");
  EXPECT_EQ(to_text(steps[2].data), R"({"done":2,"total":null})");
  EXPECT_EQ(get_int(run.progress, "done"), 2);
  EXPECT_EQ(get_string(run.progress, "message"), "secret=(redacted)");
}

TEST_F(RecordTest, ThinnedProgressIsShownLive) {
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  FakeRun& it = the_run();
  for (int i = 1; i <= 3; ++i) it.frame({{"type", "progress"}, {"done", i}, {"total", 3}});
  clock.advance(std::chrono::milliseconds(100));
  EXPECT_TRUE(changes.wait([&] { return get_int(read(run).progress, "done") == 3; }));
  the_run().succeed();
  EXPECT_EQ(events(finished(run), {EventKind::kProgress}).size(), 2U);
}

TEST_F(RecordTest, ConsoleBytesBecomeLines) {
  const JobResult run = run_of([&](FakeRun& it) {
    it.console(false, "first\nsec");
    it.console(true, "oops password=hunter2\n");
    it.console(false, "ond\n\nno end");
  });
  EXPECT_THAT(console_of(run), ElementsAre("stdout: first", "stderr: oops password=(redacted)",
                                           "stdout: second", "stdout: ", "stdout: no end"));
  EXPECT_EQ(run.console_count, 5);
}

TEST_F(RecordTest, ALineWithoutAnEndIsShownLive) {
  runs_wait();
  start_worker();
  const JobResult run = enqueue();
  ASSERT_TRUE(wait_started(1));
  the_run().console(false, "Waiting \xC3");
  clock.advance(std::chrono::milliseconds(200));
  EXPECT_TRUE(changes.wait([&] { return console_of(run).size() == 1; }));
  EXPECT_EQ(console_of(run)[0], "stdout: Waiting ");
  FakeRun& it = the_run();
  it.console(false, "\xA4 done\n");
  it.succeed();
  EXPECT_THAT(console_of(finished(run)), ElementsAre("stdout: Waiting ", "stdout: ä done"));
}

}  // namespace
}  // namespace windlass::worker
