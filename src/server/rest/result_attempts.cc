#include <optional>

#include "server/rest/job_results.h"
#include "server/rest/run_brief.h"

namespace windlass::rest {

namespace {

/// One attempt of a run, as its status events tell.
struct Attempt {
  std::int64_t number = 0;
  std::optional<TimePoint> started;
  std::optional<TimePoint> done;
  std::string status;
  std::string reason;
};

/// RETRY ends an attempt as much as a final status does.
std::vector<Attempt> attempts_of(const std::vector<Event>& events) {
  std::vector<Attempt> attempts;
  for (const Event& event : events) {
    if (event.level == "STARTED") {
      attempts.push_back({event.attempt, event.created, std::nullopt, event.level, ""});
    } else if (!attempts.empty() && !attempts.back().done) {
      attempts.back().done = event.created;
      attempts.back().status = event.level;
      attempts.back().reason = event.message;
    }
  }
  return attempts;
}

Result<http::Response> list_attempts(Call& call) {
  WL_TRY(const JobResult result, result_of_path(call));
  EventQuery query;
  query.number = result.number;
  query.kinds = {EventKind::kStatus};
  query.limit = std::numeric_limits<std::int64_t>::max();
  WL_TRY(const std::vector<Event> events, call.storage().events().list(query));
  const std::vector<Attempt> attempts = attempts_of(events);
  std::string text;
  JsonWriter out(text);
  out.begin_array();
  for (const Attempt& attempt : attempts) {
    // What was the reason of an earlier attempt stands in its sentence alone.
    const bool newest =
        attempt.number == result.attempt && attempt.status == to_string(result.status);
    out.begin_object();
    out.key("attempt");
    out.integer(attempt.number);
    out.key("date_started");
    write_optional_time(out, attempt.started);
    out.key("date_done");
    write_optional_time(out, attempt.done);
    out.key("status");
    out.text(attempt.status);
    out.key("reason_code");
    out.text(newest ? result.reason_code : "");
    out.key("reason");
    out.text(attempt.reason);
    out.key("worker");
    newest ? out.text(result.worker) : out.null();
    out.end_object();
  }
  out.end_array();
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_result_attempt_operations(Operations& operations) {
  operations.push_back(reading("/api/extras/job-results/{id}/attempts/",
                               "The attempts of a run, first to last.", &list_attempts,
                               "Attempts"));
}

}  // namespace windlass::rest
