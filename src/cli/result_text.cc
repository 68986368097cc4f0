#include "cli/result_text.h"

#include <fmt/format.h>

namespace windlass::cli {

namespace {

struct ToJson {
  const JobResult& from;
  json::value operator()(bool JobResult::*member) const { return from.*member; }
  json::value operator()(std::int64_t JobResult::*member) const { return from.*member; }
  json::value operator()(double JobResult::*member) const { return from.*member; }
  json::value operator()(std::string JobResult::*member) const { return json::value(from.*member); }
  json::value operator()(Uuid JobResult::*member) const {
    return json::value((from.*member).to_string());
  }
  json::value operator()(TimePoint JobResult::*member) const {
    return json::value(to_rfc3339(from.*member));
  }
  json::value operator()(JobResultStatus JobResult::*member) const {
    return to_json_view(to_string(from.*member));
  }
  json::value operator()(json::value JobResult::*member) const { return from.*member; }
  json::value operator()(std::optional<Uuid> JobResult::*member) const {
    return from.*member ? json::value((from.*member)->to_string()) : json::value(nullptr);
  }
  json::value operator()(std::optional<TimePoint> JobResult::*member) const {
    return from.*member ? json::value(to_rfc3339(*(from.*member))) : json::value(nullptr);
  }
  json::value operator()(std::optional<std::string> JobResult::*member) const {
    return from.*member ? json::value(*(from.*member)) : json::value(nullptr);
  }
};

}  // namespace

json::object result_json(const JobResult& result) {
  json::object object;
  for (const Field<JobResult>& field : fields_of<JobResult>()) {
    if (!field.has(kHidden))
      object[to_json_view(field.name)] = std::visit(ToJson{result}, field.member);
  }
  return object;
}

void print_result(const JobResult& result) {
  fmt::print("{}  {}  {}\n", result.id.to_string(), to_string(result.status), result.task_name);
  if (result.date_started && result.date_done) {
    fmt::print("  took     {:.3f} s\n",
               std::chrono::duration<double>(*result.date_done - *result.date_started).count());
  }
  if (result.attempt > 1) fmt::print("  attempt  {}\n", result.attempt);
  if (result.retry_at) fmt::print("  retry at {}\n", to_rfc3339(*result.retry_at));
  if (!result.worker.empty()) fmt::print("  worker   {}\n", result.worker);
  if (!result.source_version.empty()) fmt::print("  version  {}\n", result.source_version);
  if (!result.reason.empty()) fmt::print("  reason   {} ({})\n", result.reason, result.reason_code);
  fmt::print("  result   {}\n", to_text(result.result));
  if (result.traceback) fmt::print("\n{}\n", *result.traceback);
}

}  // namespace windlass::cli
