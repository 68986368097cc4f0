#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace windlass {

/// The longest wait between two attempts; longer ones are cut to it.
inline constexpr Micros kLongestRetryDelay = std::chrono::hours(24);

/// What a job's record declares about further attempts.
struct RetryRule {
  std::int64_t max_retries = -1;  ///< -1: nothing is declared
  double delay = 0;               ///< seconds before the second attempt
  double backoff = 1;             ///< each later delay is this many times the one before
};

/// Seconds as a wait between attempts: 0 for what is no number or negative, at most
/// kLongestRetryDelay. Pure.
Micros retry_wait(double seconds);

/// How long to wait for another attempt after the `attempt`-th, which was lost; nullopt when the
/// rule allows none. Pure.
std::optional<Micros> declared_retry(const RetryRule& rule, std::int64_t attempt);

}  // namespace windlass
