#include <fmt/format.h>

#include <charconv>

#include "server/rest/errors.h"
#include "server/rest/event_stream.h"
#include "server/rest/job_results.h"

namespace windlass::rest {

namespace {

/// The sequence that the client has got last: its Last-Event-ID header, else `?after=`.
Result<std::int64_t> last_event_id(const http::Request& request) {
  std::string_view text = request.header("Last-Event-ID");
  if (text.empty()) text = request.query_value("after").value_or("0");
  std::int64_t sequence = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), sequence);
  if (problem == std::errc{} && end == text.data() + text.size() && sequence >= 0) return sequence;
  return invalid_field("after",
                       fmt::format("\"{}\" is not the id of an event: a whole number.", text));
}

Result<http::Response> stream_result(Call& call) {
  WL_TRY(const JobResult result, result_of_path(call));
  WL_TRY(const std::int64_t after, last_event_id(call.request));
  return http::Response::stream(
      result_events(call.api.shared_from_this(), result.number, after, call.rendering.html()));
}

Result<http::Response> stream_all(Call& call) {
  return http::Response::stream(all_events(call.api.shared_from_this()));
}

}  // namespace

void add_event_operations(Operations& operations) {
  operations.push_back(
      {.method = "GET",
       .pattern = "/api/extras/job-results/{id}/events/",
       .summary = "Streams log, console, progress and status events of a run; ids are sequences; "
                  "ends after the final status.",
       .handler = &stream_result,
       .query = {{"after", R"({"type":"integer","minimum":0})",
                  "Only later events, as the header Last-Event-ID says it."},
                 render_parameter("message_html")},
       .media_type = "text/event-stream"});
  operations.push_back({.method = "GET",
                        .pattern = "/api/extras/events/",
                        .summary = "Streams status changes of all results, without replay: after "
                                   "`reset` the client reads anew.",
                        .handler = &stream_all,
                        .media_type = "text/event-stream"});
}

}  // namespace windlass::rest
