#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace windlass::http {

struct StreamSignal;

/// Tells one event stream that its source may have more. Cheap to copy; calls are coalesced.
/// Thread-safe; never blocks; does nothing once the stream is gone, also after the server's end.
class Waker {
 public:
  Waker() = default;
  explicit Waker(std::shared_ptr<StreamSignal> signal) : signal_(std::move(signal)) {}
  void wake() const;

 private:
  std::shared_ptr<StreamSignal> signal_;
};

/// Where the bytes of an event stream (Server-Sent Events) come from. The connection owns it.
/// open() and next() are called on handler threads, one at a time, and may block as handlers may.
/// The former chunk has been written whole before next() is called again, so a slow client holds
/// only its own stream back. Destroyed on any thread as soon as the stream has ended, the client
/// has gone or the server stops; never during open() or next().
class EventSource {
 public:
  enum class Next {
    kMore,  ///< call again as soon as `out` is written
    kIdle,  ///< call again after a wake()
    kEnd,   ///< the stream ends after `out`
  };

  virtual ~EventSource() = default;
  /// Called once, before the first next(). A wake() from here on leads to another next(), also one
  /// during next().
  virtual void open(Waker waker) = 0;
  /// Appends the next events (see append_event) to `out`; about 64 KiB at most, the rest with the
  /// next call.
  virtual Next next(std::string* out) = 0;
};

/// Appends one event. `id` and `event` may be empty (left out) and hold no line breaks; `data` may
/// have several lines.
void append_event(std::string* out, std::string_view id, std::string_view event,
                  std::string_view data);

}  // namespace windlass::http
