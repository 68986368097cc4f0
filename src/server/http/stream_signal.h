#pragma once

#include <atomic>
#include <functional>
#include <mutex>

namespace windlass::http {

/// What a Waker and its connection share. It outlives both, so that a late wake() finds the
/// connection gone.
struct StreamSignal {
  /// A wake() that no next() has followed yet.
  std::atomic<bool> pending{false};
  std::mutex mutex;
  /// Tells the connection's thread; empty once the stream has ended. Guarded by the mutex.
  std::function<void()> tell;
};

}  // namespace windlass::http
