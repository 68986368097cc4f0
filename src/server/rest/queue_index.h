#pragma once

#include <map>
#include <mutex>
#include <string>

#include "model/records.h"
#include "storage/storage.h"

namespace windlass::rest {

/// Finds the records of queues by name, from memory: a queue's id and name never change. Makes the
/// record of a name that has none, since a job's class has named it. Thread-safe; owned by the Api.
class QueueIndex {
 public:
  QueueIndex(Storage& storage, std::string default_queue)
      : storage_(storage), default_queue_(std::move(default_queue)) {}
  /// Errors: `storage.*`.
  Result<JobQueue> by_name(const std::string& name);
  /// Where jobs go that name no queue.
  const std::string& default_queue() const { return default_queue_; }

 private:
  Storage& storage_;
  const std::string default_queue_;
  std::mutex mutex_;
  std::map<std::string, JobQueue> known_;
};

}  // namespace windlass::rest
