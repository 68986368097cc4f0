// Fills a home's database as years of use would: bench_fill HOME RESULTS LOG_LINES
//
// RESULTS finished runs of the home's first job with three log lines each, and one run with
// LOG_LINES lines, whose id is printed. Goes through the storage seam, so that counters and indexes
// are what real runs leave.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

#include "storage/sqlite/open.h"

namespace {

using namespace windlass;

constexpr std::int64_t kBatch = 500;

Event line(const std::string& message) {
  Event event;
  event.created = SystemClock().now();
  event.level = "info";
  event.grouping = "run";
  event.message = message;
  return event;
}

NewRun run_of(const Job& job, const Clock& clock) {
  NewRun run;
  run.id = new_id(clock.now());
  run.job = job.id;
  run.name = job.name;
  run.task_name = job.class_path;
  run.queue = "filled";
  return run;
}

/// Many threads, since commits are made in groups.
void enqueue(Storage& storage, const Job& job, const Clock& clock, std::int64_t count) {
  std::atomic<std::int64_t> left{count};
  std::vector<std::thread> threads;
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([&] {
      while (left.fetch_sub(1) > 0) storage.results().enqueue(run_of(job, clock)).value();
    });
  }
  for (auto& thread : threads) thread.join();
}

RunWrite finished(const ClaimedRun& claimed) {
  RunWrite write;
  write.number = claimed.result.number;
  write.lease_token = claimed.lease_token;
  for (const char* text :
       {"Running job", "did something useful with device 10.0.0.1", "Job completed"}) {
    write.events.push_back(line(text));
  }
  RunOutcome outcome;
  outcome.status =
      claimed.result.number % 10 == 0 ? JobResultStatus::kFailure : JobResultStatus::kSuccess;
  outcome.result = json::object{{"devices", 12}, {"changed", false}};
  outcome.reason_code = outcome.status == JobResultStatus::kFailure ? "exception" : "";
  write.outcome = std::move(outcome);
  return write;
}

void finish_all(Storage& storage, const Uuid& worker) {
  WorkRequest request;
  request.worker = worker;
  request.worker_name = "fill";
  request.queues = {"filled"};
  request.claim_limit = kBatch;
  while (true) {
    const WorkReply reply = storage.results().exchange(request).value();
    request.writes.clear();
    for (const ClaimedRun& claimed : reply.claimed) request.writes.push_back(finished(claimed));
    if (request.writes.empty()) return;
  }
}

std::string long_log(Storage& storage, const Job& job, const Clock& clock, const Uuid& worker,
                     std::int64_t lines) {
  storage.results().enqueue(run_of(job, clock)).value();
  WorkRequest request;
  request.worker = worker;
  request.worker_name = "fill";
  request.queues = {"filled"};
  request.claim_limit = 1;
  const ClaimedRun claimed = storage.results().exchange(request).value().claimed.at(0);
  request.claim_limit = 0;
  for (std::int64_t at = 0; at < lines; at += kBatch) {
    RunWrite write;
    write.number = claimed.result.number;
    write.lease_token = claimed.lease_token;
    for (std::int64_t i = at; i < std::min(at + kBatch, lines); ++i) {
      write.events.push_back(
          line(fmt::format("line {} of a long log about 10.0.{}.{}", i, i / 250 % 250, i % 250)));
    }
    request.renew = true;
    request.writes = {std::move(write)};
    (void)storage.results().exchange(request).value();
  }
  RunWrite end = finished(claimed);
  request.writes = {std::move(end)};
  (void)storage.results().exchange(request).value();
  return claimed.result.id.to_string();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: bench_fill HOME RESULTS LOG_LINES\n");
    return 2;
  }
  const std::filesystem::path home = argv[1];
  const SystemClock clock;
  SqliteOptions options;
  options.database = home / "windlass.sqlite3";
  options.files = home / "files";
  options.wake = home / "run";
  const auto storage = open_sqlite(options, clock).value();
  storage->migrate().value();
  const Page<Job> jobs = storage->jobs().list({}).value();
  WL_CHECK(!jobs.items.empty(), "the home has no job; run `windlass migrate` first");
  Worker worker;
  worker.id = new_id(clock.now());
  worker.name = "fill";
  worker.hostname = "fill";
  worker.state = "ready";
  worker.queues = json::array{"filled"};
  storage->workers().add(worker).value();
  enqueue(*storage, jobs.items[0], clock, std::atoll(argv[2]));
  finish_all(*storage, worker.id);
  fmt::print("{}\n", long_log(*storage, jobs.items[0], clock, worker.id, std::atoll(argv[3])));
  storage->workers().set_state(worker.id, "stopped").value();
  return 0;
}
