#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace windlass::runner {

/// Watches how many processes the kernel has killed for lack of memory: in our own control group
/// where that is counted (cgroup v2), else on the whole machine. One thread.
class OutOfMemoryWatch {
 public:
  OutOfMemoryWatch();
  /// Notes the counter, at most once a second.
  void sample(Micros now);
  /// Whether the counter has risen within the last one to two seconds of sampling.
  bool rose() const;

 private:
  std::int64_t read() const;

  std::string file_;
  std::int64_t before_ = 0;
  std::int64_t latest_ = 0;
  Micros sampled_at_;
};

}  // namespace windlass::runner
