#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "storage/notifier.h"

namespace windlass::rest {

/// Tells event streams that a result may have news: at its notice, and at every tick of a slow
/// poll, so that a lost notice costs a tick. Thread-safe; owns the ticking thread. The notifier
/// outlives it, it outlives its watches.
class ResultWatch {
 public:
  /// Called with a result's number, or with kTick. Must be quick and must not call storage or the
  /// watch.
  using Callback = std::function<void(std::int64_t number)>;
  static constexpr std::int64_t kTick = 0;

  /// One party's interest; ends with its destruction, after which no callback runs.
  class Watch {
   public:
    Watch(ResultWatch& owner, std::int64_t number, Callback callback);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    friend class ResultWatch;
    ResultWatch& owner_;
    const std::int64_t number_;
    const Callback callback_;
    std::list<Watch*>::iterator place_;
  };

  ResultWatch(Notifier& notifier, Micros poll);
  ~ResultWatch();

  /// News of one result.
  std::unique_ptr<Watch> watch(std::int64_t number, Callback callback);
  /// News of all results.
  std::unique_ptr<Watch> watch_all(Callback callback);

 private:
  static constexpr std::int64_t kAll = -1;
  void tell(std::int64_t number);
  void tick(Micros poll);

  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stopped_ = false;
  std::list<Watch*> watches_;
  std::unique_ptr<Notifier::Subscription> subscription_;
  std::thread ticker_;
};

}  // namespace windlass::rest
