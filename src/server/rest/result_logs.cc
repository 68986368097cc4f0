#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "base/log.h"
#include "base/text.h"
#include "server/rest/csv.h"
#include "server/rest/entries.h"
#include "server/rest/job_results.h"
#include "server/rest/list.h"

namespace windlass::rest {

namespace {

constexpr std::int64_t kBareListLimit = 10'000;
/// Entries that a download reads at a time.
constexpr std::int64_t kChunk = 500;

/// A whole log, in chunks: memory does not grow with its length.
class LogDownload : public http::EventSource {
 public:
  /// Appends the text of some entries.
  using Write = std::function<Result<void>(std::string* out, const std::vector<Event>& events)>;

  LogDownload(std::shared_ptr<Api> api, EventQuery query, std::string head, Write write)
      : api_(std::move(api)),
        query_(std::move(query)),
        head_(std::move(head)),
        write_(std::move(write)) {
    left_ = query_.limit;
  }
  void open(http::Waker) override {}
  Next next(std::string* out) override {
    *out += std::exchange(head_, "");
    query_.limit = std::min(left_, kChunk);
    auto events = api_->context.storage.events().list(query_);
    if (!events.ok()) cut(events.error());
    if (const auto written = write_(out, *events); !written.ok()) cut(written.error());
    if (static_cast<std::int64_t>(events->size()) < query_.limit) return Next::kEnd;
    left_ -= query_.limit;
    query_.after = events->back().sequence;
    query_.offset = 0;
    return left_ > 0 ? Next::kMore : Next::kEnd;
  }

 private:
  /// Ends the answer so that the client sees it is not whole.
  [[noreturn]] static void cut(const Error& error) {
    log::error("A log download ended early", error);
    throw std::runtime_error("the log could not be read");
  }

  const std::shared_ptr<Api> api_;
  EventQuery query_;
  std::string head_;
  const Write write_;
  std::int64_t left_;
};

http::Response stream_log(Call& call, EventQuery query, std::string_view type,
                          const std::string& name, std::string head, LogDownload::Write write) {
  http::Response response = http::Response::stream(std::make_unique<LogDownload>(
      call.api.shared_from_this(), std::move(query), std::move(head), std::move(write)));
  response.set("Content-Type", type);
  response.set("Content-Disposition", "attachment; filename*=UTF-8''" + percent_encode(name));
  return response;
}

/// "2026-11-23T21:58:39.198339Z warning  [run] text", further lines of a message indented.
Result<void> append_text(std::string* out, const std::vector<Event>& events) {
  for (const Event& event : events) {
    *out += fmt::format("{} {:<8} [{}] ", to_rfc3339(event.created), event.level, event.grouping);
    bool first = true;
    for (const std::string_view line : split(event.message, '\n')) {
      if (!first) *out += "    ";
      first = false;
      *out += line;
      *out += '\n';
    }
  }
  return ok();
}

/// What was written, as it was written.
Result<void> append_output(std::string* out, const std::vector<Event>& events) {
  for (const Event& event : events) {
    *out += event.message;
    *out += '\n';
  }
  return ok();
}

http::Response csv_log(Call& call, const EntryKind& kind, EventQuery query,
                       const JobResult& result) {
  std::string head;
  append_csv_header(&head, kind.columns);
  auto write = [&kind, result, api = call.api.shared_from_this(), base_url = call.base_url()](
                   std::string* out, const std::vector<Event>& events) {
    Rendering rendering(api->context.storage, api->queues, base_url, 0);
    std::string rows;
    JsonWriter json(rows);
    json.begin_array();
    for (const Event& event : events) write_entry(json, kind, event, result, rendering);
    json.end_array();
    return append_csv_rows(out, kind.columns, rows);
  };
  return stream_log(call, std::move(query), "text/csv; charset=utf-8",
                    result.id.to_string() + ".csv", std::move(head), std::move(write));
}

const std::vector<std::string_view> kPaging{"after", "limit", "offset", "bare"};

/// Whether one of them says where entries begin or how many are wanted.
bool asks_for_range(const http::NamedValues& query) {
  return std::any_of(query.begin(), query.end(), [](const auto& parameter) {
    return parameter.first != "bare" &&
           std::find(kPaging.begin(), kPaging.end(), parameter.first) != kPaging.end();
  });
}

/// The request's URL, going on with a bare list after this sequence.
std::string url_after(const Call& call, std::int64_t sequence) {
  std::string url =
      call.base_url() + call.request.path + "?after=" + std::to_string(sequence) + "&bare=true";
  for (const auto& [name, value] : call.request.query) {
    if (name == "after" || name == "offset" || name == "bare") continue;
    url += "&" + percent_encode(name) + "=" + percent_encode(value);
  }
  return url;
}

Result<http::Response> list_entries(Call& call, const EntryKind& kind) {
  WL_TRY(const JobResult result, result_of_path(call));
  WL_TRY(EntryRequest request, read_entry_request(call.request.query, kind, kPaging));
  call.rendering.limit_depth(kEntryDepth);
  EventQuery& query = request.query;
  query.number = result.number;
  const bool ranged = asks_for_range(call.request.query);
  const bool paged = ranged && !request.bare;
  if (request.csv) {
    if (!ranged) query.limit = std::numeric_limits<std::int64_t>::max();
    return csv_log(call, kind, query, result);
  }
  if (!paged && !call.request.query_value("limit")) {
    query.limit = call.rendering.html() ? kLargestPage : kBareListLimit;
  }
  const std::int64_t limit = query.limit++;  // one more tells whether there is a next page
  WL_TRY(std::vector<Event> events, call.storage().events().list(query));
  const bool more = static_cast<std::int64_t>(events.size()) > limit;
  if (more) events.resize(limit);

  std::string text;
  constexpr std::size_t kUsualEntry = 700;
  text.reserve(64 + events.size() * kUsualEntry);
  JsonWriter out(text);
  if (paged) {
    out.begin_object();
    out.key("results");
  }
  out.begin_array();
  for (const Event& event : events) write_entry(out, kind, event, result, call.rendering);
  out.end_array();
  if (paged) {
    out.key("next");
    more ? out.integer(events.back().sequence) : out.null();
    out.end_object();
  }
  if (call.rendering.failure()) return *call.rendering.failure();
  http::Response response = http::Response::json(200, std::move(text));
  if (more && !paged) {
    response.set("Link", "<" + url_after(call, events.back().sequence) + ">; rel=\"next\"");
  }
  return response;
}

Result<http::Response> list_logs(Call& call) {
  return list_entries(call, log_entries());
}

Result<http::Response> list_console(Call& call) {
  return list_entries(call, console_entries());
}

Result<http::Response> download(Call& call, const EntryKind& kind, std::string_view ending,
                                const LogDownload::Write& write) {
  WL_TRY(const JobResult result, result_of_path(call));
  WL_TRY(EntryRequest request, read_entry_request(call.request.query, kind, {}));
  request.query.number = result.number;
  request.query.limit = std::numeric_limits<std::int64_t>::max();
  if (request.csv) return csv_log(call, kind, request.query, result);
  return stream_log(call, request.query, "text/plain; charset=utf-8",
                    fmt::format("{} {}.{}", result.name, result.id.to_string(), ending), "", write);
}

Result<http::Response> download_log(Call& call) {
  return download(call, log_entries(), "log", &append_text);
}

Result<http::Response> download_console(Call& call) {
  return download(call, console_entries(), "txt", &append_output);
}

}  // namespace

void add_result_log_operations(Operations& operations) {
  operations.push_back(
      reading("/api/extras/job-results/{id}/logs/",
              "Lists log entries in order: a bare list of 10,000 at most (1,000 as HTML); with "
              "after, limit or offset a page with the sequence to go on after. A bare list that "
              "ends early has a Link header to the next one.",
              &list_logs, "LogPage", entry_parameters(log_entries(), kPaging)));
  operations.push_back(reading("/api/extras/job-results/{id}/console/",
                               "Lists console lines in order, as the log entries are listed.",
                               &list_console, "ConsolePage",
                               entry_parameters(console_entries(), kPaging)));
  operations.push_back({.method = "GET",
                        .pattern = "/api/extras/job-results/{id}/logs/download/",
                        .summary = "The log as text, one line an entry.",
                        .handler = &download_log,
                        .query = entry_parameters(log_entries(), {}),
                        .media_type = "text/plain"});
  operations.push_back({.method = "GET",
                        .pattern = "/api/extras/job-results/{id}/console/download/",
                        .summary = "Standard output and error as text, line by line.",
                        .handler = &download_console,
                        .query = entry_parameters(console_entries(), {}),
                        .media_type = "text/plain"});
}

}  // namespace windlass::rest
