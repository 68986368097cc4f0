#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace windlass::engine {

/// Checks passwords, few at a time and not too often: a check costs 64 MiB and a tenth of a second,
/// and who guesses is slowed down. Counts failures of this process over the last kWindow.
/// Thread-safe; check() blocks. The clock outlives it.
class PasswordChecks {
 public:
  using Verify = std::function<bool(std::string_view stored, std::string_view password)>;

  explicit PasswordChecks(const Clock& clock);
  /// With another way to compare, for tests.
  PasswordChecks(const Clock& clock, Verify verify);

  /// Whether `stored` was made of the password. An empty `stored` (no such user, or one without
  /// password) takes as long as any other and is false. A success forgets the name's failures.
  /// Error `auth.too_many_attempts`.
  Result<bool> check(std::string_view name, std::string_view stored, std::string_view password);
  /// How long until check() takes this name again, at least a second.
  Micros retry_after(std::string_view name) const;

  static constexpr std::size_t kMostPerName = 10;
  static constexpr std::size_t kMostInAll = 100;
  static constexpr Micros kWindow = std::chrono::minutes(5);
  static constexpr int kAtOnce = 2;
  static constexpr int kMostWaiting = 8;

 private:
  struct Attempt {
    Micros at;
    std::string name_hash;  ///< names are as long as somebody likes
  };
  /// One of the kAtOnce checks under way.
  class Place;

  /// The attempt that has to leave the window before another may be made; nullptr when none.
  const Attempt* obstacle(const std::string& name_hash, Micros now) const;
  Result<void> begin(const std::string& name_hash);

  const Clock& clock_;
  const Verify verify_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::deque<Attempt> attempts_;  ///< failed or under way, oldest first
  int checking_ = 0;
  int waiting_ = 0;
};

}  // namespace windlass::engine
