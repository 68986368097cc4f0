#include <map>

#include "server/rest/entries.h"
#include "server/rest/errors.h"
#include "server/rest/list.h"

namespace windlass::rest {

namespace {

const std::vector<std::string_view> kPaging{"job_result", "limit", "offset"};

Result<JobResult> result_of_query(Call& call, const std::string& text) {
  if (const auto id = Uuid::parse(text)) {
    auto result = call.storage().results().get(*id);
    if (result.ok() || result.error().code != "job_result.not_found") return result;
  }
  return invalid_field("job_result", "\"" + text + "\" is not the id of a result.");
}

ListRequest page_of(const EntryRequest& request) {
  ListRequest page;
  page.query.limit = request.query.limit;
  page.query.offset = request.query.offset;
  page.csv = request.csv;
  return page;
}

Result<http::Response> list_of_result(Call& call, const EntryKind& kind, EntryRequest request) {
  WL_TRY(const JobResult result, result_of_query(call, request.result));
  request.query.number = result.number;
  WL_TRY(const std::int64_t count, call.storage().events().count(request.query));
  WL_TRY(const std::vector<Event> events, call.storage().events().list(request.query));
  ListBody body(call, page_of(request), count, events.size());
  for (const Event& event : events) write_entry(body.out(), kind, event, result, call.rendering);
  return body.finish(kind.columns);
}

/// Text and attempts are looked for within one result only: no index would serve it across all.
Result<void> check_conditions_of_all(const EventQuery& query) {
  const std::string sentence = "This needs ?job_result=<id> beside it.";
  if (!query.search.empty()) return invalid_field("q", sentence);
  if (!query.grouping.empty()) return invalid_field("grouping", sentence);
  if (query.attempt != 0) return invalid_field("attempt", sentence);
  return ok();
}

Result<http::Response> list_of_all(Call& call, const EntryKind& kind, const EntryRequest& request) {
  WL_TRY_VOID(check_conditions_of_all(request.query));
  WL_TRY(const Page<NumberedEvent> page, call.storage().events().list_all(request.query));
  ListBody body(call, page_of(request), page.count, page.items.size());
  std::map<std::int64_t, Result<JobResult>> results;
  for (const NumberedEvent& item : page.items) {
    auto known = results.find(item.number);
    if (known == results.end()) {
      known =
          results.emplace(item.number, call.storage().results().get_by_number(item.number)).first;
    }
    const Result<JobResult>& result = known->second;
    if (result.ok()) {
      write_entry(body.out(), kind, item.event, *result, call.rendering);
    } else if (result.error().code != "job_result.not_found") {  // deleted meanwhile
      return result.error();
    }
  }
  return body.finish(kind.columns);
}

Result<http::Response> list_entries(Call& call, const EntryKind& kind) {
  call.rendering.limit_depth(kEntryDepth);
  WL_TRY(EntryRequest request, read_entry_request(call.request.query, kind, kPaging));
  if (request.result.empty()) return list_of_all(call, kind, request);
  return list_of_result(call, kind, std::move(request));
}

Result<http::Response> get_entry(Call& call, const EntryKind& kind) {
  const Error missing = no_such(kind.not_found, kind.label);
  WL_TRY(const Uuid id, id_of(call, "id", kind.not_found, kind.label));
  const auto key = parse_entry_id(id);
  if (!key) return missing;
  const auto result = call.storage().results().get_by_number(key->number);
  if (!result.ok()) {
    return result.error().code == "job_result.not_found" ? missing : result.error();
  }
  if (entry_id(*result, key->sequence) != id) return missing;
  WL_TRY(const std::optional<Event> event, call.storage().events().get(key->number, key->sequence));
  if (!event || event->kind != kind.kind) return missing;
  call.rendering.limit_depth(kEntryDepth);
  std::string text;
  JsonWriter out(text);
  write_entry(out, kind, *event, *result, call.rendering);
  if (call.rendering.failure()) return *call.rendering.failure();
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_log_entry_operations(Operations& operations) {
  operations.push_back(reading(
      "/api/extras/job-logs/", "Lists log entries, of one result or of all, in order.",
      [](Call& call) { return list_entries(call, log_entries()); }, "JobLogEntryList",
      entry_parameters(log_entries(), kPaging)));
  operations.push_back(reading("/api/extras/job-logs/{id}/", "Shows one log entry.",
                               [](Call& call) { return get_entry(call, log_entries()); },
                               "JobLogEntry",
                               {depth_parameter(), render_parameter("message_html")}));
  operations.push_back(reading(
      "/api/extras/job-console-entries/",
      "Lists lines of standard output and error, of one result or of all, in order.",
      [](Call& call) { return list_entries(call, console_entries()); }, "JobConsoleEntryList",
      entry_parameters(console_entries(), kPaging)));
  operations.push_back(reading("/api/extras/job-console-entries/{id}/", "Shows one console line.",
                               [](Call& call) { return get_entry(call, console_entries()); },
                               "JobConsoleEntry", {depth_parameter()}));
}

}  // namespace windlass::rest
