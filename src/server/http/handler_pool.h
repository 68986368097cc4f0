#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace windlass::http {

/// The threads that run handlers. Threads are made as they are needed, up to the limit, and stay.
/// Thread-safe.
class HandlerPool {
 public:
  /// Requests are bounded and refused when there are too many. Streams queue at most one task each,
  /// so that there is nothing to refuse. The lanes take turns, so that neither waits for the
  /// other's backlog.
  enum class Lane { kRequest, kStream };
  using Task = std::function<void()>;

  HandlerPool(int threads, std::size_t queue_limit);
  ~HandlerPool();
  HandlerPool(const HandlerPool&) = delete;
  HandlerPool& operator=(const HandlerPool&) = delete;

  /// false when the lane of requests is full. Tasks must not throw.
  bool submit(Lane lane, Task task);
  /// Runs what is queued and ends the threads. Nothing may be submitted from then on.
  void stop();

 private:
  struct Worker {
    std::thread thread;
    std::condition_variable called;
    bool awake = true;
  };

  void run(Worker& worker);
  Task take();
  void call_worker();

  const std::size_t max_threads_;
  const std::size_t queue_limit_;
  std::mutex mutex_;
  std::deque<Task> requests_;
  std::deque<Task> streams_;
  bool stream_turn_ = false;
  std::vector<std::unique_ptr<Worker>> workers_;
  /// Idle workers; the last one that went idle is called first, since its stack is still in the
  /// cache.
  std::vector<Worker*> idle_;
  /// A worker was called and has not taken a task yet: it calls the next one if more is queued. So
  /// a burst of short tasks wakes few threads, and a thread that blocks holds up nothing.
  bool calling_ = false;
  bool stopping_ = false;
};

}  // namespace windlass::http
