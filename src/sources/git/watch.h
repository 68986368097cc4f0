#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace windlass::sources {

/// What a fetch or checkout under way is asked by the code that waits or works for it: whether to
/// go on. Lives on its stack; used by its thread alone.
class FetchWatch {
 public:
  using Proceed = std::function<bool(std::string_view progress)>;

  /// `timeout` is the longest silence of the server.
  FetchWatch(const Proceed& proceed, Micros timeout);
  ~FetchWatch();
  FetchWatch(const FetchWatch&) = delete;
  FetchWatch& operator=(const FetchWatch&) = delete;

  /// The watch of the fetch that this thread is in, or nullptr.
  static FetchWatch* current();

  /// Asks the caller whether to go on, ten times a second at most; false ends the fetch.
  bool go_on();
  /// What is told with the next question.
  void set_progress(std::string text) { progress_ = std::move(text); }
  /// The server sent something or took something.
  void heard();
  /// The server sent so many bytes; false ends the fetch: `git.too_large`. Until the pack they lie
  /// in memory, and are few.
  bool received(std::size_t bytes);
  /// The pack has begun: from here so many bytes may come.
  void expect_pack(std::int64_t limit);
  /// Waits until the descriptor is ready for `events` of poll(2). False ends the fetch: it was
  /// cancelled, or the server is silent.
  bool wait(int fd, short events);
  enum class Waited { kReady, kLate, kEnded };
  /// The same for so long at most.
  Waited wait_for(int fd, short events, Micros limit);
  Micros timeout() const { return timeout_; }
  /// Ends the fetch with this error; the first one counts.
  void fail(Error error);

  /// Why the fetch was ended by us; nothing when it was not.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  using Steady = std::chrono::steady_clock;
  const Proceed& proceed_;
  const Micros timeout_;
  std::string progress_;
  std::int64_t received_ = 0;
  std::int64_t limit_;  ///< of received_
  bool pack_ = false;
  Steady::time_point heard_ = Steady::now();
  std::optional<Steady::time_point> asked_;
  std::optional<Error> failure_;
};

}  // namespace windlass::sources
