#pragma once

#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/files.h"
#include "base/service.h"
#include "engine/submit.h"
#include "storage/storage.h"

namespace windlass::maintenance {

/// What came of a look for repositories that are due.
struct Polled {
  std::vector<std::string> queued;             ///< slugs
  std::map<std::string, std::string> refused;  ///< slug → why no sync could be queued
};

/// Queues a sync of each repository whose poll interval has gone by at `now`, the database's time,
/// since its last one; not while one waits or runs. What is refused (no worker, say) is asked for
/// again with the next look. Errors: `storage.*`.
Result<Polled> poll_repositories(Storage& storage, engine::Submitter& submitter, TimePoint now);

/// Deletes results of syncs that nobody asked for and that brought nothing into force, but for the
/// newest of each repository; some at a time. Errors: `storage.*`.
Result<void> prune_syncs(Storage& storage);

/// Polls and prunes again and again, in one process of those that share a home: the lock file says
/// which. Works on a thread of its own; all that is given outlives it.
class PollRepositories final : public Service {
 public:
  PollRepositories(Storage& storage, engine::Submitter& submitter, const Clock& clock,
                   std::filesystem::path lock_file, Micros every = std::chrono::seconds(1));
  ~PollRepositories() override { stop(); }
  Result<void> start() override;
  void request_stop() override;
  void wait() override;

 private:
  void run();
  bool has_turn();
  void look();
  void prune();

  Storage& storage_;
  engine::Submitter& submitter_;
  const Clock& clock_;
  const std::filesystem::path lock_file_;
  const Micros every_;
  UniqueFd lock_;                            ///< the thread's; held once it was had
  std::map<std::string, std::string> told_;  ///< so that what fails again is logged once
  std::string failing_;
  std::string failing_to_prune_;
  std::optional<TimePoint> pruned_;
  std::mutex mutex_;    ///< guards stopping_ and thread_
  std::mutex joining_;  ///< held while one of several callers joins
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace windlass::maintenance
