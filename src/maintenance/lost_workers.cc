#include "maintenance/lost_workers.h"

#include <pthread.h>

#include <set>
#include <vector>

#include "base/log.h"
#include "base/process.h"
#include "maintenance/local_runs.h"

namespace windlass::maintenance {

namespace {

void tell(const std::vector<SettledRun>& settled) {
  for (const SettledRun& run : settled) {
    log::warning(is_final(run.result.status)
                     ? "A run was ended because its worker is gone."
                     : "A run waits for another attempt because its worker is gone.",
                 {{"result", run.result.id.to_string()},
                  {"job", run.result.task_name},
                  {"worker", run.result.worker},
                  {"reason", run.result.reason}});
  }
}

/// Nothing that the worker's runs had started may outlive their end.
void end_processes(const std::string& instance, const EndLeftovers& end_leftovers) {
  if (const int count = end_leftovers(instance); count > 0) {
    log::warning("Processes that a lost worker left behind were ended.",
                 {{"count", std::to_string(count)}});
  }
}

/// Settles the workers of this machine whose process is gone.
Result<int> settle_host(Storage& storage, const std::string& hostname,
                        const EndLeftovers& end_leftovers, bool alone) {
  WL_TRY(const std::vector<Worker> workers, storage.workers().unfinished_on_host(hostname));
  int count = 0;
  for (const Worker& worker : workers) {
    const InstanceState state = instance_state(worker.instance);
    if (state == InstanceState::kAlive || (state == InstanceState::kElsewhere && !alone)) continue;
    end_processes(worker.instance, end_leftovers);
    WL_TRY(const std::vector<SettledRun> settled,
           storage.results().settle_worker(
               worker.id, "Its worker " + worker.name + " is gone (killed or crashed)."));
    tell(settled);
    count += static_cast<int>(settled.size());
  }
  return count;
}

Result<int> settle_leases(Storage& storage, const EndLeftovers& end_leftovers) {
  WL_TRY(const std::vector<SettledRun> settled, storage.results().settle_expired());
  tell(settled);
  std::set<std::string> instances;
  for (const SettledRun& run : settled) instances.insert(run.worker_instance);
  for (const std::string& instance : instances) {
    if (instance_state(instance) == InstanceState::kGone) end_processes(instance, end_leftovers);
  }
  return static_cast<int>(settled.size());
}

}  // namespace

Result<int> settle_lost_workers(Storage& storage, const std::string& hostname, bool alone,
                                const EndLeftovers& end_leftovers) {
  // Workers of this machine first: once they are settled by their leases, nobody would look for
  // what they left running.
  WL_TRY(int count, settle_host(storage, hostname, end_leftovers, alone));
  WL_TRY(const int expired, settle_leases(storage, end_leftovers));
  count += expired;
  if (alone) {
    WL_TRY(const int local, settle_local_runs(storage));
    count += local;
  }
  return count;
}

LostWorkers::LostWorkers(Storage& storage, std::string hostname, Micros every,
                         EndLeftovers end_leftovers)
    : storage_(storage),
      hostname_(std::move(hostname)),
      every_(every),
      end_leftovers_(std::move(end_leftovers)) {}

Result<void> LostWorkers::start() {
  const std::lock_guard lock(mutex_);
  if (stopping_ || thread_.joinable()) return ok();
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "windlass-lost");
    run();
  });
  return ok();
}

void LostWorkers::request_stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void LostWorkers::wait() {
  const std::lock_guard joining(joining_);
  std::thread ending;
  {
    const std::lock_guard lock(mutex_);
    ending.swap(thread_);
  }
  if (ending.joinable()) ending.join();
}

void LostWorkers::run() {
  bool failing = false;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const Result<int> settled = settle_lost_workers(storage_, hostname_, false, end_leftovers_);
    if (!settled.ok() && !failing)
      log::error("Lost workers cannot be looked for.", settled.error());
    failing = !settled.ok();
    lock.lock();
    changed_.wait_for(lock, every_, [this] { return stopping_; });
  }
}

}  // namespace windlass::maintenance
