#include <fmt/format.h>

#include "engine/summary.h"
#include "server/rest/call.h"
#include "server/rest/errors.h"
#include "server/rest/filters.h"
#include "server/rest/run_brief.h"

namespace windlass::rest {

namespace {

constexpr std::size_t kMostJobs = 200;
constexpr std::int64_t kNewest = 10;

Result<std::vector<Uuid>> read_jobs(Call& call) {
  std::vector<Uuid> jobs;
  for (const std::string& text : values_of(call.request.query, "job")) {
    const auto id = Uuid::parse(text);
    if (!id) return invalid_field("job", "\"" + text + "\" is not an id.");
    if (std::find(jobs.begin(), jobs.end(), *id) == jobs.end()) jobs.push_back(*id);
  }
  if (jobs.size() <= kMostJobs) return jobs;
  return invalid_field("job", fmt::format("At most {} jobs at once.", kMostJobs));
}

void write_run(JsonWriter& out, const JobResult& run) {
  out.begin_object();
  out.key("id");
  out.id(run.id);
  out.key("status");
  out.text(to_string(run.status));
  out.key("date_created");
  out.time(run.date_created);
  out.key("date_started");
  write_optional_time(out, run.date_started);
  out.key("date_done");
  write_optional_time(out, run.date_done);
  out.key("duration");
  const auto duration = engine::duration_of(run);
  duration ? out.number(*duration) : out.null();
  out.end_object();
}

Result<http::Response> list_recent(Call& call) {
  WL_TRY(const std::vector<Uuid> jobs, read_jobs(call));
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  for (const Uuid& job : jobs) {
    Query query;
    query.filters.push_back({"job_model", Filter::Is::kOneOf, {job.to_string()}});
    query.limit = kNewest;
    WL_TRY(const Page<JobResult> page, call.storage().results().list(query));
    out.key(job.to_string());
    out.begin_array();
    for (const JobResult& run : page.items) write_run(out, run);
    out.end_array();
  }
  out.end_object();
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_recent_result_operations(Operations& operations) {
  operations.push_back(reading(
      "/api/extras/jobs/recent-results/", "The ten newest runs of each of these jobs, by its id.",
      &list_recent, "RecentResults",
      {{"job", R"({"type":"array","items":{"type":"string","format":"uuid"},"maxItems":200})",
        "Id of a job; repeat it for several."}}));
}

}  // namespace windlass::rest
