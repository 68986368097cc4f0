#include <algorithm>
#include <cmath>
#include <windlass/jobs/job.hpp>

#include "arrival.hpp"
#include "registry.hpp"
#include "run.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {

using internal::current_run;
using internal::required_run;

constexpr double kMaxDelaySeconds = 3600;
constexpr int kMaxRetries = 3;  // where neither class nor call says

double default_delay(const Meta& meta, int retries) {
  const double delay = meta.retry_delay * std::pow(meta.retry_backoff, retries);
  return std::isfinite(delay) ? std::min(delay, kMaxDelaySeconds) : kMaxDelaySeconds;
}

void check_progress(const char* name, double value) {
  if (std::isfinite(value) && value >= 0) return;
  throw JobError(format("progress() wants a number from 0 on as {}, got {}", name, value));
}

/// A whole number without a point.
Json plain_number(double value) {
  constexpr double kExact = 9007199254740992.0;
  if (value <= kExact && std::trunc(value) == value) return Json(static_cast<std::int64_t>(value));
  return Json(value);
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.as_string() : "";
}

}  // namespace

Job::Job(int line) : line_(line) {}
Job::~Job() = default;

void Job::mark_failed() noexcept {
  if (internal::Run* run = current_run()) run->failed = true;
}

void Job::retry(const RetryOptions& options) {
  internal::Run& run = required_run("retry()");
  if (options.max_retries.value_or(0) < 0) {
    throw JobError(format("retry() wants max_retries from 0 on, got {}", *options.max_retries));
  }
  const double countdown =
      options.countdown ? *options.countdown : default_delay(run.cls.meta, run.attempt() - 1);
  if (!std::isfinite(countdown) || countdown < 0) {
    throw JobError(format("retry() wants a countdown of seconds from 0 on, got {}", countdown));
  }
  const std::exception_ptr cause = std::current_exception();
  const int limit = options.max_retries.value_or(run.cls.meta.max_retries.value_or(kMaxRetries));
  if (run.attempt() <= limit) throw Retry(cause, countdown);
  if (cause != nullptr) std::rethrow_exception(cause);
  throw MaxRetriesExceeded(
      format("{} has had all of its attempts, {}", run.cls.class_path, run.attempt()));
}

void Job::progress(double done, std::optional<double> total, Text message) {
  internal::Run& run = required_run("progress()");
  check_progress("done", done);
  if (total) check_progress("total", *total);
  run.check_stop();
  if (run.quiet) return;
  run.host.send(Json::object({{"type", "progress"},
                              {"done", plain_number(done)},
                              {"total", total ? plain_number(*total) : Json()},
                              {"message", message.view()}})
                    .dump());
}

void Job::check_stop() {
  if (internal::Run* run = current_run()) run->check_stop();
}

bool Job::stop_requested() const noexcept {
  internal::Run* run = current_run();
  return run != nullptr && !run->host.stop_reason().empty();
}

std::stop_token Job::stop_token() {
  internal::Run& run = required_run("stop_token()");
  return run.watch.token(run.host);
}

std::string Job::task_id() const {
  internal::Run* run = current_run();
  return run == nullptr ? "" : text_of(run->frame["task_id"]);
}

Named Job::user() const {
  internal::Run* run = current_run();
  if (run == nullptr) return {};
  const Json& user = run->frame["user"];
  return {text_of(user["id"]), text_of(user["username"])};
}

Named Job::job() const {
  internal::Run* run = current_run();
  if (run == nullptr) return {};
  const Json& job = run->frame["job"];
  return {text_of(job["id"]), text_of(job["name"])};
}

std::string Job::queue() const {
  internal::Run* run = current_run();
  return run == nullptr ? "" : text_of(run->frame["queue"]);
}

int Job::attempt() const noexcept {
  internal::Run* run = current_run();
  return run == nullptr ? 0 : run->attempt();
}

std::string Job::class_path() const {
  internal::Run* run = current_run();
  return run == nullptr ? "" : run->cls.class_path;
}

Json Job::inputs() const {
  return detail::Arrival::values_of(*this);
}

namespace detail {

Json validate_inputs(const ClassSource& source, const Json& data, const Json& files) {
  const internal::JobClass* cls = internal::find_class(source);
  if (cls == nullptr) throw JobError("validate_inputs() takes a class that is registered");
  try {
    return internal::ask("validate",
                         Json::object({{"class_path", cls->class_path},
                                       {"data", data},
                                       {"files", files.is_null() ? Json::object() : files}}));
  } catch (const Refused& refused) {
    if (refused.fields().empty()) throw;
    throw ValidationError(refused.code(), "The inputs were refused.", refused.fields());
  }
}

}  // namespace detail
}  // namespace v1
}  // namespace windlass::jobs
