#include "server/http/handler_pool.h"

#include <pthread.h>

#include <system_error>
#include <utility>

#include "base/log.h"
#include "base/result.h"

namespace windlass::http {

HandlerPool::HandlerPool(int threads, std::size_t queue_limit)
    : max_threads_(static_cast<std::size_t>(threads)), queue_limit_(queue_limit) {
  WL_CHECK(threads > 0, "a handler pool has threads");
}

HandlerPool::~HandlerPool() {
  stop();
}

bool HandlerPool::submit(Lane lane, Task task) {
  const std::lock_guard lock(mutex_);
  WL_CHECK(!stopping_, "submit() after stop()");
  if (lane == Lane::kRequest) {
    if (requests_.size() >= queue_limit_) return false;
    requests_.push_back(std::move(task));
  } else {
    streams_.push_back(std::move(task));
  }
  if (!calling_) call_worker();
  return true;
}

/// Wakes or makes a worker, if one is to be had; busy ones look at the queues when they are done.
/// The mutex is held.
void HandlerPool::call_worker() {
  if (stopping_) return;
  if (!idle_.empty()) {
    Worker* worker = idle_.back();
    idle_.pop_back();
    worker->awake = true;
    calling_ = true;
    worker->called.notify_one();
  } else if (workers_.size() < max_threads_) {
    workers_.push_back(std::make_unique<Worker>());
    Worker& worker = *workers_.back();
    try {
      worker.thread = std::thread([this, &worker] { run(worker); });
      calling_ = true;
    } catch (const std::system_error& error) {
      workers_.pop_back();
      WL_CHECK(!workers_.empty(), "no thread at all for handlers");
      log::error("no further thread for handlers", {{"cause", error.what()}});
    }
  }
}

HandlerPool::Task HandlerPool::take() {
  std::deque<Task>& lane =
      requests_.empty() || (stream_turn_ && !streams_.empty()) ? streams_ : requests_;
  stream_turn_ = &lane == &requests_;
  if (lane.empty()) return nullptr;
  Task task = std::move(lane.front());
  lane.pop_front();
  return task;
}

void HandlerPool::run(Worker& worker) {
  pthread_setname_np(pthread_self(), "http-handler");
  std::unique_lock lock(mutex_);
  bool called = true;
  while (true) {
    Task task = take();
    if (std::exchange(called, false)) calling_ = false;
    if (task) {
      if (!calling_ && (!requests_.empty() || !streams_.empty())) call_worker();
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
      continue;
    }
    if (stopping_) return;
    worker.awake = false;
    idle_.push_back(&worker);
    worker.called.wait(lock, [&] { return worker.awake; });
    called = true;
  }
}

void HandlerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (Worker* worker : idle_) {
      worker->awake = true;
      worker->called.notify_one();
    }
    idle_.clear();
  }
  for (auto& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.join();
  }
}

}  // namespace windlass::http
