#include "engine/summary.h"

#include <fmt/format.h>

#include "server/rest/call.h"
#include "server/rest/errors.h"
#include "server/rest/filters.h"
#include "server/rest/run_brief.h"

namespace windlass::rest {

namespace {

constexpr std::int64_t kMostDays = 90;
constexpr std::int64_t kFarthestOffset = 14 * 60;
constexpr std::int64_t kQuarter = 15;

/// The query's `utc_offset`, which may be negative.
Result<std::int64_t> read_offset(const http::Request& request) {
  const auto text = request.query_value("utc_offset");
  if (!text || text->empty()) return 0;
  const auto offset = parse_integer(*text);
  if (offset && *offset >= -kFarthestOffset && *offset <= kFarthestOffset &&
      *offset % kQuarter == 0) {
    return *offset;
  }
  return invalid_field("utc_offset",
                       "Minutes that local time is ahead of UTC: a multiple of 15, from -840 to "
                       "840.");
}

Result<engine::SummaryRequest> read_request(Call& call) {
  engine::SummaryRequest request;
  Error wrong{"rest.invalid", "The query is not valid."};
  const auto offset = read_offset(call.request);
  if (!offset.ok()) wrong.fields.merge(FieldErrors(offset.error().fields));
  const auto days = read_count(call.request.query, "days", request.days);
  if (!days.ok()) {
    wrong.fields.merge(FieldErrors(days.error().fields));
  } else if (*days < 1 || *days > kMostDays) {
    wrong.fields["days"] = {fmt::format("From 1 to {} days.", kMostDays)};
  }
  if (!wrong.fields.empty()) return wrong;
  request.utc_offset = std::chrono::minutes(*offset);
  request.days = static_cast<int>(*days);
  return request;
}

void write_day(JsonWriter& out, const engine::Summary::Day& day) {
  out.begin_object();
  out.key("date");
  out.text(fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.date.year()),
                       static_cast<unsigned>(day.date.month()),
                       static_cast<unsigned>(day.date.day())));
  out.key("SUCCESS");
  out.integer(day.success);
  out.key("FAILURE");
  out.integer(day.failure);
  out.key("REVOKED");
  out.integer(day.revoked);
  out.end_object();
}

void write_busy_job(JsonWriter& out, const engine::Summary::BusyJob& busy) {
  out.begin_object();
  out.key("id");
  out.id(busy.job.id);
  out.key("name");
  out.text(busy.job.name);
  out.key("class_path");
  out.text(busy.job.class_path);
  out.key("runs");
  out.integer(busy.runs);
  out.key("failures");
  out.integer(busy.failures);
  out.key("median_duration");
  busy.median_duration ? out.number(*busy.median_duration) : out.null();
  out.end_object();
}

void write_queue(JsonWriter& out, const engine::Summary::QueueLoad& load) {
  out.begin_object();
  out.key("id");
  out.id(load.queue.id);
  out.key("name");
  out.text(load.queue.name);
  out.key("waiting");
  out.integer(load.waiting);
  out.key("running");
  out.integer(load.running);
  out.key("workers");
  out.integer(load.workers);
  out.end_object();
}

void write_worker(JsonWriter& out, const engine::Summary::WorkerLoad& load) {
  out.begin_object();
  out.key("id");
  out.id(load.worker.id);
  out.key("name");
  out.text(load.worker.name);
  out.key("state");
  out.text(load.worker.state);
  out.key("queues");
  out.value(load.worker.queues);
  out.key("slots");
  out.integer(load.worker.slots);
  out.key("running");
  out.integer(load.running);
  out.key("last_seen");
  out.time(load.worker.last_seen);
  out.end_object();
}

/// A member that is a list, each item written by `write`.
template <class Items, class Write>
void put_list(JsonWriter& out, std::string_view name, const Items& items, Write&& write) {
  out.key(name);
  out.begin_array();
  for (const auto& item : items) write(out, item);
  out.end_array();
}

Result<http::Response> get_summary(Call& call) {
  WL_TRY(const engine::SummaryRequest request, read_request(call));
  WL_TRY(const engine::Summary summary,
         engine::summarise(call.storage(), request, call.api.context.clock.now()));
  RunBriefs briefs(call.storage());
  const auto write_run = [&](JsonWriter& out, const JobResult& run) { briefs.write(out, run); };
  const auto write_waiting = [&](JsonWriter& out, const engine::Summary::WaitingRun& waiting) {
    out.begin_object();
    briefs.write_members(out, waiting.run);
    out.key("waiting_reason");
    out.text(waiting.reason);
    out.end_object();
  };
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  put_list(out, "running", summary.running, write_run);
  put_list(out, "waiting", summary.waiting, write_waiting);
  put_list(out, "failures", summary.failures, write_run);
  out.key("running_count");
  out.integer(summary.running_count);
  out.key("waiting_count");
  out.integer(summary.waiting_count);
  out.key("failure_count");
  out.integer(summary.failure_count);
  put_list(out, "days", summary.days, &write_day);
  put_list(out, "busiest_jobs", summary.busiest_jobs, &write_busy_job);
  put_list(out, "queues", summary.queues, &write_queue);
  put_list(out, "workers", summary.workers, &write_worker);
  out.end_object();
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_summary_operations(Operations& operations) {
  operations.push_back(
      reading("/api/extras/summary/",
              "What runs, waits and failed, runs a day, the busiest jobs, queues and workers.",
              &get_summary, "Summary",
              {{"utc_offset",
                R"({"type":"integer","minimum":-840,"maximum":840,"multipleOf":15,"default":0})",
                "Minutes that local time is ahead of UTC: where days begin."},
               {"days", R"({"type":"integer","minimum":1,"maximum":90,"default":14})",
                "Days to count runs of, today included."}}));
}

}  // namespace windlass::rest
