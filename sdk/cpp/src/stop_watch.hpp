/// Turns the host's request to stop into a std::stop_token.
#pragma once

#include <mutex>
#include <stop_token>
#include <thread>

namespace windlass::jobs::internal {

class Host;

/// Most runs never ask for a token and cost no thread. The thread, once there, ends with the run.
/// Thread-safe.
class StopWatch {
 public:
  StopWatch() = default;
  ~StopWatch();
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;
  /// Throws std::system_error where no thread can be made.
  std::stop_token token(Host& host);
  /// Ends the thread; joins it.
  void end();

 private:
  std::mutex mutex_;
  std::stop_source source_{std::nostopstate};
  std::thread thread_;
  int wake_ = -1;
};

}  // namespace windlass::jobs::internal
