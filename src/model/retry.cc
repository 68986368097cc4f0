#include "model/retry.h"

#include <algorithm>
#include <cmath>

namespace windlass {

Micros retry_wait(double seconds) {
  if (!(seconds > 0)) return Micros(0);
  constexpr double kMost = std::chrono::duration<double>(kLongestRetryDelay).count();
  return Micros(std::llround(std::min(seconds, kMost) * 1e6));
}

std::optional<Micros> declared_retry(const RetryRule& rule, std::int64_t attempt) {
  if (rule.max_retries < attempt) return std::nullopt;
  return retry_wait(rule.delay * std::pow(rule.backoff, static_cast<double>(attempt - 1)));
}

}  // namespace windlass
