#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace windlass {

/// Something changed in the database, by this process or another of the installation.
struct Notice {
  enum class Kind : std::uint8_t {
    kQueued = 1,  ///< a run waits
    kResult = 2,  ///< events or status of a result; `number` says which
    kCancel = 3,  ///< a running run is to be cancelled
    kJobs = 4,    ///< job records
  };
  Kind kind = Kind::kQueued;
  std::int64_t number = 0;
};

/// Spreads notices after commits. A lost notice is possible: whoever waits polls slowly underneath.
/// Thread-safe. Callbacks run on the thread that committed or on the notifier's own: they must be
/// quick, thread-safe and must not call storage.
class Notifier {
 public:
  class Subscription {
   public:
    virtual ~Subscription() = default;
  };
  virtual ~Notifier() = default;
  virtual void notify(const Notice& notice) = 0;
  /// Calls back until the subscription is destroyed; no callback runs after its destructor has
  /// returned.
  virtual std::unique_ptr<Subscription> subscribe(std::function<void(const Notice&)> callback) = 0;
};

}  // namespace windlass
