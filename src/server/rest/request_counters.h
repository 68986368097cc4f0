#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "base/clock.h"

namespace windlass::rest {

/// Counts answered requests, by operation and class of status. Thread-safe, without locks.
class RequestCounters {
 public:
  struct Counts {
    std::array<std::atomic<std::uint64_t>, 6> by_class{};  ///< 1xx at 1 … 5xx at 5
    std::atomic<std::uint64_t> micros{0};                  ///< time in handlers, summed
  };

  explicit RequestCounters(std::size_t operations) : counts_(operations) {}
  void add(std::size_t operation, int status, Micros took) {
    Counts& counts = counts_[operation];
    const int status_class = status >= 100 && status < 600 ? status / 100 : 5;
    counts.by_class[status_class].fetch_add(1, std::memory_order_relaxed);
    counts.micros.fetch_add(took.count(), std::memory_order_relaxed);
  }
  const Counts& of(std::size_t operation) const { return counts_[operation]; }

 private:
  std::vector<Counts> counts_;
};

}  // namespace windlass::rest
