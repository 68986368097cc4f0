#include "worker/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace windlass::worker {
namespace {

using runner::RunEnd;
using runner::StopReason;
using ::testing::HasSubstr;
using ::testing::Not;
using How = RunEnd::How;

RunFacts facts() {
  RunFacts facts;
  facts.class_path = "group.Work";
  facts.cancelled_by = "admin";
  facts.soft_time_limit = std::chrono::seconds(300);
  facts.time_limit = std::chrono::milliseconds(2500);
  facts.memory_limit = 512 << 20;
  facts.lease = std::chrono::seconds(10);
  facts.drain_timeout = std::chrono::seconds(30);
  return facts;
}

RunEnd end_of(How how) {
  RunEnd end;
  end.how = how;
  return end;
}
RunEnd stopped(How how, StopReason reason) {
  RunEnd end = end_of(how);
  end.stopped = true;
  end.stop_reason = reason;
  return end;
}
RunEnd result(json::object frame) {
  RunEnd end = end_of(How::kResult);
  end.result = std::move(frame);
  return end;
}
RunEnd failed(const char* reason, json::value value = nullptr) {
  return result({{"type", "result"},
                 {"status", "FAILURE"},
                 {"reason", reason},
                 {"result", std::move(value)}});
}
Verdict verdict(const RunEnd& end, const RunFacts& known = facts()) {
  return judge(end, known, Sanitiser::standard());
}

struct Case {
  RunEnd end;
  const char* status;
  const char* code;
  const char* sentence;
  const char* level;
};

TEST(Outcome, ASyncThatFailedSaysWhy) {
  RunEnd end = failed("sync_failed");
  end.result.get_object()["message"] = "The remote does not answer.";
  const Verdict told = verdict(end);
  EXPECT_EQ(told.outcome.reason_code, "sync_failed");
  EXPECT_EQ(told.outcome.reason, "The remote does not answer.");
  EXPECT_EQ(told.entry_message, "The remote does not answer.");
}

TEST(Outcome, EveryEndHasItsReason) {
  RunEnd signalled = end_of(How::kExited);
  signalled.wait_status = SIGSEGV;
  RunEnd killed = end_of(How::kExited);
  killed.wait_status = SIGKILL;
  RunEnd oom = killed;
  oom.out_of_memory = true;
  oom.peak_memory = 812 << 20;
  RunEnd exited = end_of(How::kExited);
  exited.wait_status = 3 << 8;
  RunEnd memory = stopped(How::kKilled, StopReason::kMemoryLimit);
  memory.peak_memory = 600 << 20;
  RunEnd lost = end_of(How::kRunnerLost);
  lost.message = "killed by signal 9";
  RunEnd unstarted = end_of(How::kStartFailed);
  unstarted.message = "fork: Cannot allocate memory";
  RunEnd left = stopped(How::kExited, StopReason::kCancelled);
  RunEnd soft_exit = stopped(How::kExited, StopReason::kSoftTimeLimit);
  const Case cases[]{
      {signalled, "FAILURE", "killed",
       "Killed by signal 11 (SIGSEGV), which Windlass did not send.", "failure"},
      {killed, "FAILURE", "killed", "Killed by signal 9 (SIGKILL), which Windlass did not send.",
       "failure"},
      {oom, "FAILURE", "out_of_memory",
       "Killed by the kernel, which was out of memory; the run had used 812 MiB.", "failure"},
      {exited, "FAILURE", "exited",
       "The process ended itself with exit status 3 before the job had ended.", "failure"},
      {stopped(How::kKilled, StopReason::kTimeLimit), "FAILURE", "time_limit",
       "Killed at its hard time limit of 2.5 s.", "failure"},
      {memory, "FAILURE", "memory_limit",
       "Killed at its memory limit of 512 MiB: it and what it started used 600 MiB.", "failure"},
      {stopped(How::kKilled, StopReason::kSoftTimeLimit), "FAILURE", "soft_time_limit",
       "Killed, because it did not end after its soft time limit of 300 s.", "failure"},
      {soft_exit, "FAILURE", "soft_time_limit", "Ended at its soft time limit of 300 s.",
       "failure"},
      {stopped(How::kKilled, StopReason::kCancelled), "REVOKED", "cancelled", "Cancelled by admin.",
       "warning"},
      {left, "REVOKED", "cancelled", "Cancelled by admin.", "warning"},
      {stopped(How::kStartFailed, StopReason::kCancelled), "REVOKED", "cancelled",
       "Cancelled by admin.", "warning"},
      {stopped(How::kKilled, StopReason::kDrain), "REVOKED", "drain_timeout",
       "The worker was stopped and the run did not end within 30 s.", "warning"},
      {end_of(How::kChannelClosed), "FAILURE", "channel_closed",
       "The job closed the descriptor through which it reports, and was ended.", "failure"},
      {lost, "FAILURE", "runner_lost",
       "The interpreter that the run's process came from ended: killed by signal 9", "failure"},
      {unstarted, "FAILURE", "start_failed",
       "No process could be started for the run: fork: Cannot allocate memory", "failure"},
      {failed("fail"), "FAILURE", "fail", "The job reported that it failed.", ""},
      {failed("exception", {{"exc_type", "ValueError"}, {"exc_message", "bad\nvery"}}), "FAILURE",
       "exception", "The job raised ValueError: bad", "failure"},
      {failed("exception", 5), "FAILURE", "exception", "The job raised Exception", "failure"},
      {failed("nonsense"), "FAILURE", "exception", "The job raised Exception", "failure"},
      {failed("soft_time_limit"), "FAILURE", "soft_time_limit",
       "Ended at its soft time limit of 300 s.", "failure"},
      {failed("unknown_class"), "FAILURE", "unknown_class",
       "The module no longer registers the class group.Work.", "failure"},
      {failed("cancelled"), "FAILURE", "exception", "The job raised Exception", "failure"},
      {result({{"type", "result"}}), "FAILURE", "result_unreadable",
       "The job's process sent a result that cannot be read.", "failure"},
      {result({{"status", "PENDING"}}), "FAILURE", "result_unreadable",
       "The job's process sent a result that cannot be read.", "failure"},
      {result({{"status", 1}}), "FAILURE", "result_unreadable",
       "The job's process sent a result that cannot be read.", "failure"},
  };
  for (const Case& it : cases) {
    const Verdict got = verdict(it.end);
    EXPECT_EQ(to_string(got.outcome.status), it.status) << it.sentence;
    EXPECT_EQ(got.outcome.reason_code, it.code) << it.sentence;
    EXPECT_EQ(got.outcome.reason, it.sentence);
    EXPECT_EQ(got.entry_level, it.level) << it.sentence;
    if (it.level == std::string("failure")) {
      EXPECT_EQ(got.entry_message, it.sentence);
    }
  }
}

TEST(Outcome, AStopIsTheReasonUnlessTheJobSucceeded) {
  RunEnd end = failed("exception", {{"exc_type", "OSError"}, {"exc_message", "x"}});
  end.stopped = true;
  for (const auto& [reason, code] : {std::pair{StopReason::kCancelled, "cancelled"},
                                     std::pair{StopReason::kDrain, "drain_timeout"},
                                     std::pair{StopReason::kSoftTimeLimit, "exception"}}) {
    end.stop_reason = reason;
    EXPECT_EQ(verdict(end).outcome.reason_code, code);
  }
  end = result({{"status", "SUCCESS"}, {"result", 1}});
  end.stopped = true;
  EXPECT_EQ(verdict(end).outcome.status, JobResultStatus::kSuccess);
  EXPECT_EQ(verdict(end).entry_message, "Job completed");
}

TEST(Outcome, ALostLeaseOverridesEverything) {
  RunFacts known = facts();
  known.lease_lost = true;
  for (const RunEnd& end :
       {stopped(How::kKilled, StopReason::kDrain), result({{"status", "SUCCESS"}})}) {
    const Verdict got = verdict(end, known);
    EXPECT_EQ(got.outcome.status, JobResultStatus::kFailure);
    EXPECT_EQ(got.outcome.reason_code, "lease_lost");
  }
}

TEST(Outcome, SecretsAreTakenOutOfEverythingTheJobSays) {
  RunEnd end = failed("exception",
                      {{"exc_type", "E"}, {"exc_message", "password=hunter2"}, {"token", "abc"}});
  end.result.as_object()["traceback"] = "Traceback\n  login(password='hunter2')";
  const Verdict got = verdict(end);
  for (const std::string& text : {to_text(got.outcome.result), *got.outcome.traceback,
                                  got.outcome.reason, got.entry_message}) {
    EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  }
  EXPECT_THAT(to_text(got.outcome.result), Not(HasSubstr("abc")));
}

TEST(Outcome, ATracebackIsTextOrNone) {
  RunEnd end = failed("exception");
  end.result.as_object()["traceback"] = json::array{1};
  EXPECT_FALSE(verdict(end).outcome.traceback);
  end.result.as_object()["traceback"] = std::string(300 << 10, 'x');
  EXPECT_LT(verdict(end).outcome.traceback->size(), std::size_t{257} << 10);
}

RunEnd asks_again(json::value countdown) {
  return result({{"type", "result"},
                 {"status", "RETRY"},
                 {"reason", "retry"},
                 {"countdown", std::move(countdown)},
                 {"result", {{"exc_type", "E"}, {"exc_message", "password=hunter2"}}},
                 {"traceback", "the traceback"}});
}

TEST(Outcome, ARetryKeepsWhatTheAttemptCameToInItsLog) {
  const Verdict it = verdict(asks_again(2.5));
  EXPECT_EQ(it.outcome.status, JobResultStatus::kRetry);
  EXPECT_EQ(it.outcome.reason_code, "retry");
  EXPECT_EQ(it.outcome.retry_after, std::chrono::milliseconds(2500));
  EXPECT_TRUE(it.outcome.result.is_null());
  EXPECT_EQ(it.outcome.traceback, std::nullopt);
  EXPECT_EQ(it.entry_level, "warning");
  EXPECT_EQ(
      it.entry_message,
      "The job asked for another attempt, due in 2.5 s: E: password=(redacted).\nthe traceback");
}

TEST(Outcome, TheCountdownIsBounded) {
  EXPECT_EQ(verdict(asks_again(-1)).outcome.retry_after, Micros(0));
  EXPECT_EQ(verdict(asks_again("soon")).outcome.retry_after, Micros(0));
  EXPECT_EQ(verdict(asks_again(1e30)).outcome.retry_after, std::chrono::hours(24));
}

TEST(Outcome, AStopOfTheHostOrALostLeaseLeavesNoRetry) {
  for (const auto& [reason, code] : {std::pair{StopReason::kCancelled, "cancelled"},
                                     {StopReason::kDrain, "drain_timeout"},
                                     {StopReason::kTimeLimit, "time_limit"}}) {
    RunEnd end = asks_again(0);
    end.stopped = true;
    end.stop_reason = reason;
    EXPECT_EQ(verdict(end).outcome.reason_code, code);
  }
  RunEnd soft = asks_again(0);
  soft.stopped = true;
  soft.stop_reason = StopReason::kSoftTimeLimit;
  EXPECT_EQ(verdict(soft).outcome.status, JobResultStatus::kRetry);
  RunFacts lost = facts();
  lost.lease_lost = true;
  EXPECT_EQ(verdict(asks_again(0), lost).outcome.reason_code, "lease_lost");
}

TEST(Outcome, OnlyALostRunnerIsTriedAgainByDeclaration) {
  RunFacts declared = facts();
  declared.retry = {2, 3, 2};
  declared.attempt = 2;
  const Verdict again = verdict(end_of(How::kRunnerLost), declared);
  EXPECT_EQ(again.outcome.status, JobResultStatus::kRetry);
  EXPECT_EQ(again.outcome.retry_after, std::chrono::seconds(6));
  EXPECT_THAT(again.entry_message, HasSubstr("Another attempt is due in 6 s."));
  for (const RunEnd& end : {end_of(How::kExited), end_of(How::kStartFailed), failed("exception"),
                            stopped(How::kKilled, StopReason::kTimeLimit),
                            stopped(How::kRunnerLost, StopReason::kCancelled)}) {
    EXPECT_TRUE(is_final(verdict(end, declared).outcome.status));
  }
  declared.attempt = 3;
  EXPECT_EQ(verdict(end_of(How::kRunnerLost), declared).outcome.reason_code, "runner_lost");
}

}  // namespace
}  // namespace windlass::worker
