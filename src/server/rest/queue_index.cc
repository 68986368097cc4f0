#include "server/rest/queue_index.h"

namespace windlass::rest {

Result<JobQueue> QueueIndex::by_name(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(name);
    if (found != known_.end()) return found->second;
  }
  auto queue = storage_.queues().find(name);
  if (!queue.ok() && queue.error().code == "queue.not_found") {
    WL_TRY_VOID(storage_.queues().ensure({name}));
    queue = storage_.queues().find(name);
  }
  if (!queue.ok()) return queue;
  const std::lock_guard lock(mutex_);
  known_[name] = *queue;
  return queue;
}

}  // namespace windlass::rest
