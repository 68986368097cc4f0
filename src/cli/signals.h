#pragma once

#include <functional>
#include <mutex>
#include <thread>

namespace windlass::cli {

/// Turns SIGINT and SIGTERM into calls. Make it before any other thread: it blocks the signals for
/// the threads to come. Also ignores SIGPIPE.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  /// From now on calls `on_stop` for each such signal, on a thread of its own, until destroyed. May
  /// be called again: what was called before is not any more when this returns.
  void watch(std::function<void()> on_stop);

 private:
  std::mutex mutex_;  ///< held while on_stop_ is called
  std::function<void()> on_stop_;
  std::thread thread_;
};

}  // namespace windlass::cli
