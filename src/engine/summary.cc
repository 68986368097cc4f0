#include "engine/summary.h"

#include <algorithm>
#include <map>

#include "engine/waiting.h"

namespace windlass::engine {

namespace {

using std::chrono::days;
using Quarter = std::chrono::duration<std::int64_t, std::ratio<900>>;

constexpr std::int64_t kMedianOf = 50;
constexpr std::int64_t kMostQueues = 1000;

Query of_status(std::vector<DbValue> statuses, std::string sort, std::int64_t limit) {
  Query query;
  query.filters.push_back({"status", Filter::Is::kOneOf, std::move(statuses)});
  query.sort = std::move(sort);
  query.limit = limit;
  return query;
}

Result<void> add_runs(Summary& summary, Storage& storage, const Waiting& why) {
  WL_TRY(Page<JobResult> running,
         storage.results().list(of_status({"STARTED"}, "-date_created", Summary::kListed)));
  summary.running = std::move(running.items);
  summary.running_count = running.count;
  WL_TRY(Page<JobResult> waiting,
         storage.results().list(of_status({"PENDING", "RETRY"}, "date_created", Summary::kListed)));
  summary.waiting_count = waiting.count;
  for (JobResult& run : waiting.items) {
    std::string reason = why.reason(run);
    summary.waiting.push_back({std::move(run), std::move(reason)});
  }
  return ok();
}

/// Counted from the beginning of a quarter of an hour, as the counters are, so that list and number
/// agree.
Result<void> add_failures(Summary& summary, Storage& storage, TimePoint now) {
  const TimePoint from = std::chrono::floor<Quarter>(now - std::chrono::hours(24));
  WL_TRY(summary.failures, storage.results().newest_failures(from, Summary::kFailuresListed));
  WL_TRY(const std::vector<EndedRuns> ended, storage.results().ended(from, now + Quarter(1)));
  for (const EndedRuns& quarter : ended) summary.failure_count += quarter.failure;
  return ok();
}

Result<void> add_days(Summary& summary, Storage& storage, const SummaryRequest& request,
                      TimePoint now) {
  const auto today = std::chrono::floor<days>(now + request.utc_offset);
  const auto first = today - days(request.days - 1);
  for (auto day = first; day <= today; day += days(1)) {
    Summary::Day empty;
    empty.date = std::chrono::year_month_day(day);
    summary.days.push_back(empty);
  }
  const TimePoint from = TimePoint(first) - request.utc_offset;
  WL_TRY(const std::vector<EndedRuns> ended,
         storage.results().ended(from, from + days(request.days)));
  for (const EndedRuns& quarter : ended) {
    const auto index = std::chrono::floor<days>(quarter.from - from).count();
    Summary::Day& day = summary.days[static_cast<std::size_t>(index)];
    day.success += quarter.success;
    day.failure += quarter.failure;
    day.revoked += quarter.revoked;
  }
  return ok();
}

Result<std::optional<double>> median_duration(Storage& storage, const Uuid& job) {
  Query query = of_status({"SUCCESS"}, "", kMedianOf);
  query.filters.push_back({"job_model", Filter::Is::kOneOf, {job.to_string()}});
  WL_TRY(const Page<JobResult> page, storage.results().list(query));
  std::vector<double> durations;
  for (const JobResult& run : page.items) {
    if (const auto duration = duration_of(run)) durations.push_back(*duration);
  }
  if (durations.empty()) return std::optional<double>();
  const auto middle = durations.begin() + static_cast<std::ptrdiff_t>(durations.size() / 2);
  std::nth_element(durations.begin(), middle, durations.end());
  return std::optional<double>(*middle);
}

Result<void> add_jobs(Summary& summary, Storage& storage, TimePoint now) {
  const TimePoint from = std::chrono::floor<days>(now) - days(6);
  WL_TRY(const std::vector<JobLoad> loads,
         storage.results().busiest_jobs(from, Summary::kBusiestListed));
  for (const JobLoad& load : loads) {
    auto job = storage.jobs().get(load.job);
    if (!job.ok() && job.error().code == "job.not_found") continue;  // deleted a moment ago
    if (!job.ok()) return job.error();
    WL_TRY(const std::optional<double> median, median_duration(storage, load.job));
    summary.busiest_jobs.push_back({*std::move(job), load.runs, load.failures, median});
  }
  return ok();
}

Result<void> add_queues(Summary& summary, Storage& storage, const ResultStore::Counts& counts,
                        const Waiting& why) {
  const std::map<std::string, std::int64_t> waiting(counts.waiting_by_queue.begin(),
                                                    counts.waiting_by_queue.end());
  const std::map<std::string, std::int64_t> running(counts.running_by_queue.begin(),
                                                    counts.running_by_queue.end());
  const auto number = [](const auto& numbers, const std::string& name) {
    const auto found = numbers.find(name);
    return found == numbers.end() ? 0 : found->second;
  };
  Query query;
  query.sort = "name";
  query.limit = kMostQueues;
  WL_TRY(const Page<JobQueue> queues, storage.queues().list(query));
  for (const JobQueue& queue : queues.items) {
    if (queue.name.starts_with(kLocalQueue)) continue;
    summary.queues.push_back({queue, number(waiting, queue.name), number(running, queue.name),
                              why.workers_on(queue.name)});
  }
  return ok();
}

}  // namespace

std::optional<double> duration_of(const JobResult& run) {
  if (!run.date_started || !run.date_done) return std::nullopt;
  return std::chrono::duration<double>(*run.date_done - *run.date_started).count();
}

Result<Summary> summarise(Storage& storage, const SummaryRequest& request, TimePoint now) {
  Summary summary;
  WL_TRY(const ResultStore::Counts counts, storage.results().counts());
  WL_TRY(const std::vector<Worker> alive, storage.workers().alive());
  const std::map<Uuid, std::int64_t> running(counts.running_by_worker.begin(),
                                             counts.running_by_worker.end());
  for (const Worker& worker : alive) {
    const auto found = running.find(worker.id);
    summary.workers.push_back({worker, found == running.end() ? 0 : found->second});
  }
  const Waiting why(alive, running, now);
  WL_TRY_VOID(add_runs(summary, storage, why));
  WL_TRY_VOID(add_failures(summary, storage, now));
  WL_TRY_VOID(add_days(summary, storage, request, now));
  WL_TRY_VOID(add_jobs(summary, storage, now));
  WL_TRY_VOID(add_queues(summary, storage, counts, why));
  return summary;
}

}  // namespace windlass::engine
