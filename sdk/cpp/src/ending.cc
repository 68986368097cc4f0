#include "ending.hpp"

#include <cerrno>
#include <system_error>

#include "returned.hpp"
#include "type_names.hpp"

namespace windlass::jobs::internal {
namespace {

Json problem_of(const ExceptionText& text) {
  return Json::object(
      {{"exc_type", text.type}, {"exc_message", text.message}, {"exc_module", text.module}});
}

std::string_view word_of(std::string_view stop) {
  return stop == "soft_time_limit" ? "soft_time_limit" : "cancelled";
}

/// `exception`, or the stop from which the exception that is being handled comes: itself, nested
/// in it, or an interrupted system call.
std::string_view reason_of(const Run* run) {
  if (run == nullptr || run->host.stop_reason().empty()) return "exception";
  try {
    throw;
  } catch (const SoftTimeLimitExceeded&) {
    return "soft_time_limit";
  } catch (const RunCancelled&) {
    return "cancelled";
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::interrupted) return word_of(run->host.stop_reason());
    return "exception";
  } catch (const std::exception& exception) {
    const auto* nested = dynamic_cast<const std::nested_exception*>(&exception);
    if (nested == nullptr || nested->nested_ptr() == nullptr) return "exception";
    try {
      nested->rethrow_nested();
    } catch (...) {
      return reason_of(run);
    }
  } catch (...) {
    return "exception";
  }
}

}  // namespace

std::string (*throw_backtrace)() = nullptr;

Ending Ending::returned(Json value, bool failed) {
  const std::string fault = fault_of_return_value(value);
  if (!fault.empty()) return refused("return_value", "JsonError", fault);
  Ending ending;
  ending.outcome.result = std::move(value);
  ending.outcome.status = failed ? kFailure : kSuccess;
  if (failed) ending.reason = "fail";
  return ending;
}

Ending Ending::caught(const Run* run) {
  Ending ending;
  // Before anything else is thrown.
  std::string traceback = throw_backtrace == nullptr ? std::string() : throw_backtrace();
  const ExceptionText text = describe_current_exception();
  const std::string type =
      text.module == "windlass.jobs" ? "windlass.jobs." + text.type : text.type;
  traceback += (text.message.empty() ? type : type + ": " + text.message) + "\n" + text.causes;
  ending.reason = reason_of(run);
  ending.problem = problem_of(text);
  ending.outcome = {kFailure,  Json(),       std::current_exception(),
                    text.type, text.message, std::move(traceback)};
  return ending;
}

Ending Ending::retried(const Run& run, const Retry& retry) {
  Ending ending = caught(&run);
  const std::string_view stop = run.host.stop_reason();
  if (!stop.empty() && stop != "soft_time_limit") {
    ending.reason = "cancelled";  // who cancelled a run wants no other attempt
    return ending;
  }
  ending.reason = "retry";
  ending.outcome.status = kRetry;
  ending.countdown = retry.countdown();
  if (retry.cause() == nullptr) return ending;
  try {
    std::rethrow_exception(retry.cause());
  } catch (...) {
    const ExceptionText text = describe_current_exception();
    ending.problem = problem_of(text);
    ending.outcome.exception = retry.cause();
    ending.outcome.exception_type = text.type;
    ending.outcome.message = text.message;
    ending.outcome.traceback += "caused by " + text.sentence() + "\n" + text.causes;
  }
  return ending;
}

Ending Ending::refused(std::string_view reason, std::string_view type, const std::string& message) {
  Ending ending;
  ending.reason = reason;
  ending.problem = problem_of({std::string(type), "windlass.jobs", message, ""});
  ending.outcome.status = kFailure;
  ending.outcome.exception_type = type;
  ending.outcome.message = message;
  return ending;
}

Json Ending::frame() && {
  const bool is_problem = problem.is_object();
  Json frame = Json::object(
      {{"type", "result"},
       {"status", outcome.status},
       {"result", is_problem ? std::move(problem) : std::move(outcome.result)},
       {"traceback", outcome.traceback.empty() ? Json() : Json(std::move(outcome.traceback))},
       {"reason", reason.empty() ? Json() : Json(reason)}});
  if (countdown) frame["countdown"] = *countdown;
  return frame;
}

}  // namespace windlass::jobs::internal
