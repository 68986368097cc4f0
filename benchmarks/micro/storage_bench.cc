// How many runs, log entries and pages a second the embedded database takes, without anything
// around it. usage: storage_bench [finished results to begin with, default 0]

#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "storage/sqlite/open.h"

namespace windlass {
namespace {

using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

/// Of all threads of this process.
double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return 1e-6 * time.tv_usec + time.tv_sec; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Prints a rate, and the processor time of one: that one tells most on a machine that does other
/// things too.
class Rate {
 public:
  void print(const char* label, int times) const {
    if (label == nullptr) return;
    fmt::print("{:<44}{:>12.0f} /s{:>12.1f} us of processor each\n", label,
               times / seconds_since(start_), 1e6 * (cpu_seconds() - cpu_) / times);
  }

 private:
  Steady::time_point start_ = Steady::now();
  double cpu_ = cpu_seconds();
};

class Bench {
 public:
  Bench() {
    SqliteOptions options;
    options.database = folder_.path() / "windlass.sqlite3";
    options.files = folder_.path() / "files";
    options.wake = folder_.path() / "wake";
    storage_ = open_sqlite(options, clock_).value();
    storage_->migrate().value();
    for (int i = 0; i < 10; ++i) jobs_.push_back(add_job(i));
    worker_.id = new_id(clock_.now());
    worker_.name = "bench:1";
    worker_.state = "ready";
    worker_.started = clock_.now();
    worker_.queues = json::array{"default"};
    storage_->workers().add(worker_).value();
  }

  /// Queues runs from many threads, as a busy server does.
  void enqueue(int total, int threads, const char* label) {
    const Rate rate;
    std::vector<std::thread> pool;
    for (int t = 0; t < threads; ++t) {
      pool.emplace_back([&, t] {
        for (int i = t; i < total; i += threads) storage_->results().enqueue(new_run(i)).value();
      });
    }
    for (std::thread& thread : pool) thread.join();
    rate.print(label, total);
  }

  /// Claims and ends all queued runs, `batch` an exchange, each with two log entries.
  void run_all(int batch, const char* label) {
    const Rate rate;
    int done = 0;
    std::vector<ClaimedRun> claimed;
    do {
      WorkRequest request = exchange_request();
      for (const ClaimedRun& run : claimed) request.writes.push_back(whole_run(run));
      done += static_cast<int>(claimed.size());
      request.claim_limit = batch;
      claimed = storage_->results().exchange(request).value().claimed;
    } while (!claimed.empty());
    rate.print(label, done);
  }

  void append_logs(int total, int batch) {
    enqueue(1, 1, nullptr);
    WorkRequest request = exchange_request();
    request.claim_limit = 1;
    const ClaimedRun run = storage_->results().exchange(request).value().claimed.at(0);
    log_number_ = run.result.number;
    const Rate rate;
    for (int sent = 0; sent < total; sent += batch) {
      RunWrite write = write_of(run);
      for (int i = 0; i < batch; ++i) write.events.push_back(log_event(sent + i));
      WorkRequest append = exchange_request();
      append.writes.push_back(std::move(write));
      storage_->results().exchange(append).value();
    }
    rate.print("log entries, 1000 a batch", total);
  }

  void time(const char* label, int times, const std::function<void(int)>& body) {
    std::vector<double> micros;
    for (int i = 0; i < times; ++i) {
      const auto start = Steady::now();
      body(i);
      micros.push_back(1e6 * seconds_since(start));
    }
    std::sort(micros.begin(), micros.end());
    fmt::print("{:<44}{:>12.0f} us median{:>10.0f} us p95\n", label, micros[micros.size() / 2],
               micros[micros.size() * 95 / 100]);
  }

  void list(const char* label, const Query& query) {
    time(label, 200, [&](int) { storage_->results().list(query).value(); });
  }

  void log_page(const char* label, EventQuery query, std::int64_t step) {
    query.number = log_number_;
    query.limit = 100;
    time(label, 100, [&](int i) {
      query.after = i * step;
      storage_->events().list(query).value();
    });
  }

  void latencies() {
    time("one enqueue, idle", 500, [&](int i) { storage_->results().enqueue(new_run(i)).value(); });
    time("one claim, idle", 500, [&](int) {
      WorkRequest request = exchange_request();
      request.claim_limit = 1;
      storage_->results().exchange(request).value();
    });
  }

  const Job& job(std::size_t i) const { return jobs_[i]; }

 private:
  Job add_job(int i) {
    Job job;
    job.class_path = "module.Job" + std::to_string(i);
    job.name = "Job " + std::to_string(i);
    return storage_->jobs()
        .update_all(
            [&](const std::vector<Job>&) -> Result<std::vector<Job>> { return std::vector{job}; })
        .value()
        .at(0);
  }

  NewRun new_run(int i) {
    const Job& job = jobs_[static_cast<std::size_t>(i) % jobs_.size()];
    NewRun run;
    run.id = new_id(clock_.now());
    run.job = job.id;
    run.name = job.name;
    run.task_name = job.class_path;
    run.queue = "default";
    run.task_kwargs = json::object{{"some_text_input", "hello"}};
    return run;
  }

  WorkRequest exchange_request() {
    WorkRequest request;
    request.worker = worker_.id;
    request.worker_name = worker_.name;
    request.queues = {"default"};
    return request;
  }

  static RunWrite write_of(const ClaimedRun& run) {
    RunWrite write;
    write.number = run.result.number;
    write.lease_token = run.lease_token;
    return write;
  }

  Event log_event(int i) {
    Event event;
    event.created = clock_.now();
    event.level = i % 1000 == 0 ? "warning" : "info";
    event.grouping = "run";
    event.message = "Processed the record number " + std::to_string(i) + " of this long run.";
    return event;
  }

  RunWrite whole_run(const ClaimedRun& run) {
    RunWrite write = write_of(run);
    write.events = {log_event(1), log_event(2)};
    write.outcome.emplace();
    const bool failed = run.result.number % 100 == 0;
    write.outcome->status = failed ? JobResultStatus::kFailure : JobResultStatus::kSuccess;
    write.outcome->result = "done";
    return write;
  }

  TemporaryFolder folder_ = TemporaryFolder::make().value();
  SystemClock clock_;
  std::unique_ptr<Storage> storage_;
  std::vector<Job> jobs_;
  Worker worker_;
  std::int64_t log_number_ = 0;
};

Query filtered(std::string field, std::vector<DbValue> values) {
  Query query;
  query.filters.push_back({std::move(field), Filter::Is::kOneOf, std::move(values)});
  return query;
}

void measure(int finished) {
  Bench bench;
  for (int made = 0; made < finished; made += 20000) {
    bench.enqueue(std::min(20000, finished - made), 32, nullptr);
    bench.run_all(200, nullptr);
  }
  fmt::print("with {} finished results\n", finished);
  bench.latencies();
  bench.enqueue(20000, 32, "enqueue, 32 callers");
  bench.run_all(16, "claim and finish, 16 an exchange");
  bench.enqueue(100000, 32, "enqueue to 100,000 waiting");
  bench.run_all(100, "claim and finish, 100 an exchange");
  bench.append_logs(1'000'000, 1000);
  bench.list("list of 50, newest", {});
  bench.list("list of 50, FAILURE", filtered("status", {"FAILURE"}));
  bench.list("list of 50, FAILURE or REVOKED", filtered("status", {"FAILURE", "REVOKED"}));
  bench.list("list of 50, PENDING or STARTED", filtered("status", {"PENDING", "STARTED"}));
  bench.list("list of 50, SUCCESS or FAILURE", filtered("status", {"SUCCESS", "FAILURE"}));
  Query both = filtered("status", {"FAILURE"});
  both.filters.push_back({"job_model", Filter::Is::kOneOf, {bench.job(0).id.to_string()}});
  bench.list("list of 50, one job's FAILURE", both);
  Query deep;
  deep.offset = 100'000;
  bench.list("list of 50 at offset 100,000", deep);
  EventQuery logs;
  logs.kinds = {EventKind::kLog};
  bench.log_page("100 entries in the middle of 1,000,000", logs, 9000);
  logs.offset = 500'000;
  bench.log_page("100 entries at offset 500,000", logs, 0);
  logs.offset = 0;
  logs.levels = {"warning"};
  bench.log_page("100 warnings among 1,000,000", logs, 1000);
  logs.levels = {"critical"};
  bench.log_page("no critical entry among 1,000,000", logs, 1000);
}

}  // namespace
}  // namespace windlass

int main(int argc, char** argv) {
  windlass::measure(argc > 1 ? std::atoi(argv[1]) : 0);
  return 0;
}
