#include "worker/outcome.h"

#include <fmt/format.h>
#include <string.h>
#include <sys/wait.h>

#include <array>

#include "base/text.h"
#include "model/bounds.h"

namespace windlass::worker {

namespace {

using runner::RunEnd;
using runner::StopReason;

std::string seconds(Micros time) {
  return fmt::format("{:g} s", static_cast<double>(time.count()) / 1e6);
}

std::string mebibytes(std::int64_t bytes) {
  return fmt::format("{:.4g} MiB", static_cast<double>(bytes) / (1 << 20));
}

struct Reason {
  JobResultStatus status = JobResultStatus::kFailure;
  std::string code;
  std::string sentence;
};

Reason failure(std::string code, std::string sentence) {
  return {JobResultStatus::kFailure, std::move(code), std::move(sentence)};
}

Reason cancelled(const RunFacts& facts) {
  return {JobResultStatus::kRevoked, "cancelled",
          facts.cancelled_by.empty() ? "Cancelled." : "Cancelled by " + facts.cancelled_by + "."};
}

Reason drained(const RunFacts& facts) {
  return {JobResultStatus::kRevoked, "drain_timeout",
          facts.stopped_at_once ? "The worker was stopped at once."
                                : "The worker was stopped and the run did not end within " +
                                      seconds(facts.drain_timeout) + "."};
}

/// The reason of a stop that the host asked for.
Reason stopped(const RunEnd& end, const RunFacts& facts) {
  const bool killed = end.how == RunEnd::How::kKilled;
  switch (end.stop_reason) {
    case StopReason::kCancelled:
      return cancelled(facts);
    case StopReason::kDrain:
      return drained(facts);
    case StopReason::kSoftTimeLimit:
      return failure("soft_time_limit",
                     fmt::format("{} its soft time limit of {}.",
                                 killed ? "Killed, because it did not end after" : "Ended at",
                                 seconds(facts.soft_time_limit)));
    case StopReason::kTimeLimit:
      return failure("time_limit",
                     "Killed at its hard time limit of " + seconds(facts.time_limit) + ".");
    case StopReason::kMemoryLimit:
      return failure(
          "memory_limit",
          fmt::format("Killed at its memory limit of {}: it and what it started used {}.",
                      mebibytes(facts.memory_limit), mebibytes(end.peak_memory)));
  }
  return failure("killed", "Killed.");
}

/// "ValueError: bad": the exception of a result frame as one text.
std::string exception_text(const json::value& result) {
  const std::string type = get_string(result, "exc_type", "Exception");
  const json::value* message = find(result, "exc_message");
  std::string text;
  if (message && message->is_string()) text = to_view(message->as_string());
  if (message && !message->is_string() && !message->is_null()) text = to_text(*message);
  return bounded(text.empty() ? type : type + ": " + text);
}

std::string first_line(std::string_view text) {
  constexpr std::size_t kLongest = 300;
  return std::string(utf8_prefix(split(text, '\n').front(), kLongest));
}

/// Why a job's own result frame says FAILURE.
Reason reported(const json::value& frame, const RunFacts& facts, const std::string& exception) {
  const std::string reason = get_string(frame, "reason");
  if (reason == "fail") return failure("fail", "The job reported that it failed.");
  if (reason == "soft_time_limit") {
    return failure(reason,
                   "Ended at its soft time limit of " + seconds(facts.soft_time_limit) + ".");
  }
  if (reason == "return_value") {
    return failure(reason, "The job returned what is not JSON: " + first_line(exception) + ".");
  }
  if (reason == "unknown_class") {
    return failure(reason, "The module no longer registers the class " + facts.class_path + ".");
  }
  if (reason == "import_error") {
    return failure(reason, "The module of " + facts.class_path +
                               " could not be imported: " + first_line(exception) + ".");
  }
  if (reason == "crash") return failure(reason, "The job crashed: " + first_line(exception));
  if (reason == "sync_failed") return failure(reason, bounded(get_string(frame, "message")));
  return failure("exception", "The job raised " + first_line(exception));
}

Reason by_status(const RunEnd& end) {
  if (end.out_of_memory) {
    return failure("out_of_memory",
                   "Killed by the kernel, which was out of memory; the run had used " +
                       mebibytes(end.peak_memory) + ".");
  }
  if (WIFSIGNALED(end.wait_status)) {
    const int signal = WTERMSIG(end.wait_status);
    const char* name = ::sigabbrev_np(signal);
    return failure("killed", fmt::format("Killed by signal {}{}, which Windlass did not send.",
                                         signal, name ? fmt::format(" (SIG{})", name) : ""));
  }
  return failure(
      "exited",
      fmt::format("The process ended itself with exit status {} before the job had ended.",
                  WEXITSTATUS(end.wait_status)));
}

/// Why a run without a readable result ended.
Reason without_result(const RunEnd& end, const RunFacts& facts) {
  if (end.stopped) return stopped(end, facts);
  const std::string more = end.message.empty() ? "." : ": " + end.message;
  switch (end.how) {
    case RunEnd::How::kChannelClosed:
      return failure("channel_closed",
                     "The job closed the descriptor through which it reports, and was ended.");
    case RunEnd::How::kRunnerLost:
      return failure("runner_lost",
                     "The interpreter that the run's process came from ended" + more);
    case RunEnd::How::kStartFailed:
      return failure("start_failed", "No process could be started for the run" + more);
    case RunEnd::How::kResult:
      return failure("result_unreadable", "The job's process sent a result that cannot be read.");
    case RunEnd::How::kKilled:
      return stopped(end, facts);
    case RunEnd::How::kExited:
      break;
  }
  return by_status(end);
}

void take_report(RunOutcome& outcome, const json::value& frame, const Sanitiser& sanitiser) {
  if (const json::value* result = find(frame, "result")) outcome.result = sanitiser.clean(*result);
  const json::value* traceback = find(frame, "traceback");
  if (traceback && traceback->is_string()) {
    outcome.traceback = cleaned(sanitiser, to_view(traceback->as_string()), kLongestTraceback);
  }
}

bool is_host_stop(const RunEnd& end) {
  return end.stopped && end.stop_reason != StopReason::kSoftTimeLimit;
}

Reason reason_of(const RunEnd& end, const RunFacts& facts, const std::string& status,
                 const std::string& exception) {
  if (facts.lease_lost) {
    return failure("lease_lost",
                   "The worker could not reach the database for most of its lease of " +
                       seconds(facts.lease) + ", and ended the run.");
  }
  if (status == "RETRY") return stopped(end, facts);  // else it has another attempt
  if (status != "FAILURE") return without_result(end, facts);
  return is_host_stop(end) ? stopped(end, facts) : reported(end.result, facts, exception);
}

/// "The job asked …, due in 5 s: ValueError: bad."
std::string asked_again(Micros wait, const json::value& result, const std::string& exception) {
  const std::string asked = "The job asked for another attempt, due in " + seconds(wait);
  return result.is_null() ? asked + "." : asked + ": " + first_line(exception) + ".";
}

/// The end of an attempt that another follows: the log keeps what it came to.
Verdict another_attempt(Verdict verdict, Micros wait, const std::string& why,
                        const Sanitiser& sanitiser) {
  RunOutcome& outcome = verdict.outcome;
  outcome.status = JobResultStatus::kRetry;
  outcome.retry_after = wait;
  outcome.reason_code = "retry";
  outcome.reason = cleaned(sanitiser, why);
  verdict.entry_level = "warning";
  verdict.entry_message = outcome.reason;
  if (outcome.traceback) {
    verdict.entry_message += "\n" + *outcome.traceback;
  } else if (!outcome.result.is_null()) {
    verdict.entry_message += "\n" + bounded(to_text(outcome.result));
  }
  outcome.result = nullptr;
  outcome.traceback.reset();
  return verdict;
}

std::optional<Micros> retry_of_lost_runner(const RunEnd& end, const RunFacts& facts) {
  if (end.how != RunEnd::How::kRunnerLost || end.stopped || facts.lease_lost) return std::nullopt;
  return declared_retry(facts.retry, facts.attempt);
}

}  // namespace

Verdict judge(const RunEnd& end, const RunFacts& facts, const Sanitiser& sanitiser) {
  Verdict verdict;
  RunOutcome& outcome = verdict.outcome;
  outcome.peak_memory = end.peak_memory;
  outcome.cpu_seconds = end.cpu_seconds;
  const std::string status =
      end.how == RunEnd::How::kResult ? get_string(end.result, "status") : "";
  const bool readable = status == "SUCCESS" || status == "FAILURE" || status == "RETRY";
  if (readable) take_report(outcome, end.result, sanitiser);
  if (status == "SUCCESS" && !facts.lease_lost) {
    outcome.status = JobResultStatus::kSuccess;
    return {std::move(outcome), "success", "Job completed"};
  }
  const std::string exception = exception_text(outcome.result);
  if (status == "RETRY" && !facts.lease_lost && !is_host_stop(end)) {
    const Micros wait = retry_wait(get_double(end.result, "countdown"));
    const std::string why = asked_again(wait, outcome.result, exception);
    return another_attempt(std::move(verdict), wait, why, sanitiser);
  }
  if (const auto wait = retry_of_lost_runner(end, facts)) {
    const std::string why =
        without_result(end, facts).sentence + " Another attempt is due in " + seconds(*wait) + ".";
    return another_attempt(std::move(verdict), *wait, why, sanitiser);
  }
  Reason reason = reason_of(end, facts, status, exception);
  outcome.status = reason.status;
  outcome.reason_code = std::move(reason.code);
  outcome.reason = cleaned(sanitiser, reason.sentence);
  if (outcome.reason_code == "fail") return verdict;
  verdict.entry_level = reason.status == JobResultStatus::kRevoked ? "warning" : "failure";
  verdict.entry_message = outcome.reason;
  return verdict;
}

}  // namespace windlass::worker
