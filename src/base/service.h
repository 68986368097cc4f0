#pragma once

#include "base/result.h"

namespace windlass {

/// Something with a life: a worker, a duty, a server, a watcher.
/// start() begins, request_stop() asks it to end and returns at once, wait() returns when it has
/// ended. Stopping twice, stopping before starting and waiting without starting are fine. Each may
/// be called from any thread.
class Service {
 public:
  virtual ~Service() = default;
  virtual Result<void> start() = 0;
  virtual void request_stop() = 0;
  virtual void wait() = 0;
  void stop() {
    request_stop();
    wait();
  }
};

}  // namespace windlass
