#include <map>

#include "server/rest/call.h"
#include "server/rest/errors.h"
#include "server/rest/filters.h"
#include "server/rest/run_brief.h"

namespace windlass::rest {

namespace {

constexpr std::int64_t kMostRuns = 2000;

struct Span {
  TimePoint after;
  TimePoint before;
};

Result<Span> read_span(Call& call) {
  Error wrong{"rest.invalid", "The query is not valid."};
  const auto read = [&](std::string_view name) {
    const auto text = call.request.query_value(name);
    const auto time = parse_rfc3339(text.value_or(""));
    if (time.ok()) return *time;
    wrong.fields[std::string(name)] = {"This is to be a time such as 2026-11-23T21:58:39Z."};
    return TimePoint();
  };
  const Span span{read("after"), read("before")};
  if (wrong.fields.empty() && span.after >= span.before) {
    wrong.fields["before"] = {"This is to be later than \"after\"."};
  }
  if (!wrong.fields.empty()) return wrong;
  return span;
}

/// Runs by worker, each worker's oldest first.
using Lanes = std::map<std::string, std::vector<JobResult>>;

void write_lanes(JsonWriter& out, const Lanes& lanes) {
  out.begin_array();
  for (const auto& [worker, runs] : lanes) {
    out.begin_object();
    out.key("worker");
    out.text(worker);
    out.key("runs");
    out.begin_array();
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
      out.begin_object();
      out.key("id");
      out.id(run->id);
      out.key("name");
      out.text(run->name);
      out.key("status");
      out.text(to_string(run->status));
      out.key("date_started");
      out.time(*run->date_started);  // others are on no worker
      out.key("date_done");
      write_optional_time(out, run->date_done);
      out.end_object();
    }
    out.end_array();
    out.end_object();
  }
  out.end_array();
}

Result<http::Response> get_timeline(Call& call) {
  WL_TRY(const Span span, read_span(call));
  Query running;
  running.filters.push_back({"status", Filter::Is::kOneOf, {"STARTED"}});
  running.limit = kMostRuns + 1;
  WL_TRY(const Page<JobResult> under_way, call.storage().results().list(running));
  WL_TRY(const std::vector<JobResult> ended,
         call.storage().results().ended_between(span.after, span.before, kMostRuns + 1));
  Lanes lanes;
  std::int64_t taken = 0;
  bool truncated = false;
  const auto add = [&](const JobResult& run) {
    // A run that was cancelled before it began is on no worker.
    if (!run.date_started || run.worker.empty() || *run.date_started >= span.before) return;
    if (taken == kMostRuns) {
      truncated = true;
    } else {
      lanes[run.worker].push_back(run);
      ++taken;
    }
  };
  for (const JobResult& run : under_way.items) add(run);
  for (const JobResult& run : ended) add(run);
  truncated |= static_cast<std::int64_t>(ended.size()) > kMostRuns ||
               static_cast<std::int64_t>(under_way.items.size()) > kMostRuns;
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  out.key("workers");
  write_lanes(out, lanes);
  out.key("truncated");
  out.boolean(truncated);
  out.end_object();
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_timeline_operations(Operations& operations) {
  operations.push_back(reading(
      "/api/extras/job-results/timeline/",
      "Runs by worker that ended between two times, or began before the later and go on; the "
      "newest 2,000.",
      &get_timeline, "Timeline",
      {{"after", R"({"type":"string","format":"date-time"})", "Runs that ended from then on."},
       {"before", R"({"type":"string","format":"date-time"})", "Runs that ended before."}}));
}

}  // namespace windlass::rest
