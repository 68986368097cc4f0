#include "storage/conformance/conformance.h"

namespace windlass::conformance {

Conformance::Conformance() : database_(GetParam()()) {
  storage_ = database_->open(clock_).value();
  storage_->migrate().value();
}

void Conformance::reopen() {
  storage_.reset();
  storage_ = database_->open(clock_).value();
}

Job Conformance::add_job(const std::string& name) {
  Job job;
  job.id = new_id(clock_.now());
  job.class_path = "module." + name;
  job.module_name = "module";
  job.job_class_name = name;
  job.name = name;
  job.grouping = "Group";
  job.installed = true;
  job.enabled = true;
  job.source = "jobs_root";
  const auto written = storage_->jobs().update_all(
      [&](const std::vector<Job>&) -> Result<std::vector<Job>> { return std::vector{job}; });
  return written.value().at(0);
}

User Conformance::add_user(const std::string& username) {
  User user;
  user.id = new_id(clock_.now());
  user.username = username;
  user.password = "argon2id text";
  user.date_joined = clock_.now();
  return storage_->accounts().add_user(user).value();
}

Worker Conformance::add_worker(const std::string& name, const std::vector<std::string>& queues) {
  Worker worker;
  worker.id = new_id(clock_.now());
  worker.name = name;
  worker.hostname = "host";
  worker.pid = 1;
  worker.instance = "instance of " + name;
  json::array names;
  for (const std::string& queue : queues) names.emplace_back(queue);
  worker.queues = std::move(names);
  worker.slots = 4;
  worker.state = "ready";
  worker.started = clock_.now();
  storage_->workers().add(worker).value();
  return worker;
}

NewRun Conformance::new_run(const Job& job, const std::string& queue) {
  NewRun run;
  run.id = new_id(clock_.now());
  run.job = job.id;
  run.name = job.name;
  run.task_name = job.class_path;
  run.queue = queue;
  return run;
}

JobResult Conformance::enqueue(const Job& job, const std::string& queue) {
  return enqueue(new_run(job, queue));
}

std::vector<ClaimedRun> Conformance::claim(const Worker& worker, std::int64_t limit) {
  WorkRequest request;
  request.worker = worker.id;
  request.worker_name = worker.name;
  request.claim_limit = limit;
  for (const json::value& queue : worker.queues.get_array()) {
    request.queues.emplace_back(to_view(queue.get_string()));
  }
  return storage_->results().exchange(request).value().claimed;
}

WorkReply Conformance::write(const Worker& worker, RunWrite part) {
  WorkRequest request;
  request.worker = worker.id;
  request.worker_name = worker.name;
  request.writes.push_back(std::move(part));
  return storage_->results().exchange(request).value();
}

JobResult Conformance::finish(const Worker& worker, const ClaimedRun& run, JobResultStatus status) {
  RunWrite part = write_of(run);
  part.outcome = outcome_of(status);
  EXPECT_TRUE(write(worker, std::move(part)).lost.empty());
  return reload(run.result);
}

RunWrite write_of(const ClaimedRun& run) {
  RunWrite part;
  part.number = run.result.number;
  part.lease_token = run.lease_token;
  return part;
}

Event log_event(const std::string& message, const std::string& level, const std::string& grouping) {
  Event event;
  event.kind = EventKind::kLog;
  event.created = from_micros(1'700'000'000'000'000);
  event.level = level;
  event.grouping = grouping;
  event.message = message;
  return event;
}

RunOutcome outcome_of(JobResultStatus status) {
  RunOutcome outcome;
  outcome.status = status;
  if (status == JobResultStatus::kFailure) outcome.reason_code = "fail";
  if (status == JobResultStatus::kRevoked) outcome.reason_code = "cancelled";
  return outcome;
}

}  // namespace windlass::conformance
