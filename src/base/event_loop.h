#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace windlass {

/// One thread that waits for descriptors, timers and posted functions, and calls back one at a
/// time. Owned by main. The thread lives from the constructor to stop() or the destructor.
/// Callbacks must not block for long and must not throw.
class EventLoop {
 public:
  /// A descriptor being watched; destroying it ends the watch (loop thread only). Does not own the
  /// descriptor.
  class Watch {
   public:
    virtual ~Watch() = default;
  };
  /// A pending timer; destroying it cancels it (loop thread only).
  class Timer {
   public:
    virtual ~Timer() = default;
  };
  using Callback = std::function<void()>;

  explicit EventLoop(const std::string& thread_name);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Ends the thread after the callback that runs; what was posted and not yet called is dropped.
  /// Any thread but the loop's.
  void stop();
  /// Calls `callback` on the loop's thread, soon. Any thread.
  void post(Callback callback);
  /// Calls `callback` on the loop's thread and waits for its end; at once when already on it. Any
  /// thread. After stop() it is called on the caller's thread, one caller at a time.
  void call(const Callback& callback);
  bool in_loop_thread() const;

  /// Calls back whenever the descriptor can be read (or has hung up), until the watch is destroyed.
  /// Loop thread only. The watch may be destroyed from its own callback. A descriptor can have one
  /// watch at a time.
  std::unique_ptr<Watch> watch_readable(int fd, Callback callback);
  /// The same for room to write.
  std::unique_ptr<Watch> watch_writable(int fd, Callback callback);
  /// Calls back once, after `delay`. Loop thread only. The timer may be destroyed from its own
  /// callback.
  std::unique_ptr<Timer> after(std::chrono::microseconds delay, Callback callback);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace windlass
