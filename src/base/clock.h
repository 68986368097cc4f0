#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace windlass {

/// Microseconds since 1970 UTC: how times are stored and compared everywhere.
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;
using Micros = std::chrono::microseconds;

inline std::int64_t to_micros(TimePoint time) {
  return time.time_since_epoch().count();
}
inline TimePoint from_micros(std::int64_t micros) {
  return TimePoint{Micros{micros}};
}

/// "2026-11-23T21:58:39.111195Z" (RFC 3339, UTC, microseconds).
std::string to_rfc3339(TimePoint time);
/// Reads RFC 3339, with any offset; also a date alone (midnight UTC). Error code `time.invalid`.
Result<TimePoint> parse_rfc3339(std::string_view text);

/// Where time comes from. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall-clock time: what is recorded.
  virtual TimePoint now() const = 0;
  /// Never goes back: what limits and deadlines are measured with.
  virtual Micros steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
  Micros steady() const override;
};

/// A clock for tests: moves only when told. Both times move together.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(TimePoint start = from_micros(1'700'000'000'000'000)) : now_(start) {}
  TimePoint now() const override;
  Micros steady() const override;
  void advance(Micros by);

 private:
  mutable std::mutex mutex_;
  TimePoint now_;
};

}  // namespace windlass
