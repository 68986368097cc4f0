#include "maintenance/poll_repositories.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>

#include <algorithm>
#include <limits>

#include "base/log.h"
#include "engine/git_repositories.h"

namespace windlass::maintenance {

namespace {

/// Of each repository; who polls every second sees a few minutes.
constexpr std::int64_t kKeptSyncs = 200;
constexpr std::int64_t kPrunedAtOnce = 500;
constexpr auto kPruneEvery = std::chrono::minutes(1);

Result<bool> is_due(Storage& storage, const GitRepository& repository, TimePoint now) {
  if (!(repository.poll_interval > 0)) return false;
  const auto gone_by = [&](TimePoint since) {
    return std::chrono::duration<double>(now - since).count() >= repository.poll_interval;
  };
  if (!gone_by(repository.last_synced.value_or(repository.created))) return false;
  WL_TRY(const std::optional<JobResult> newest, engine::newest_sync(storage, repository.id));
  return !newest || (is_final(newest->status) && gone_by(newest->date_created));
}

}  // namespace

Result<Polled> poll_repositories(Storage& storage, engine::Submitter& submitter, TimePoint now) {
  Query all;
  all.limit = std::numeric_limits<std::int64_t>::max();
  WL_TRY(const Page<GitRepository> repositories, storage.git_repositories().list(all));
  Polled polled;
  for (const GitRepository& repository : repositories.items) {
    WL_TRY(const bool due, is_due(storage, repository, now));
    if (!due) continue;
    const auto queued = engine::request_sync(submitter, repository, false, std::nullopt);
    if (queued.ok()) {
      polled.queued.push_back(repository.slug);
    } else {
      polled.refused[repository.slug] = queued.error().message;
    }
  }
  return polled;
}

Result<void> prune_syncs(Storage& storage) {
  WL_TRY(const std::vector<Uuid> idle,
         storage.results().idle_of_repositories(kSyncJob, kKeptSyncs, kPrunedAtOnce));
  for (const Uuid& id : idle) {
    auto removed = storage.results().remove(id);
    if (!removed.ok() && removed.error().code != "job_result.not_found") return removed;
  }
  return ok();
}

PollRepositories::PollRepositories(Storage& storage, engine::Submitter& submitter,
                                   const Clock& clock, std::filesystem::path lock_file,
                                   Micros every)
    : storage_(storage),
      submitter_(submitter),
      clock_(clock),
      lock_file_(std::move(lock_file)),
      every_(every) {}

Result<void> PollRepositories::start() {
  const std::lock_guard lock(mutex_);
  if (stopping_ || thread_.joinable()) return ok();
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "windlass-poll");
    run();
  });
  return ok();
}

void PollRepositories::request_stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void PollRepositories::wait() {
  const std::lock_guard joining(joining_);
  std::thread ending;
  {
    const std::lock_guard lock(mutex_);
    ending.swap(thread_);
  }
  if (ending.joinable()) ending.join();
}

void PollRepositories::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (has_turn()) {
      look();
      prune();
    }
    lock.lock();
    changed_.wait_for(lock, every_, [this] { return stopping_; });
  }
  lock_.reset();
}

bool PollRepositories::has_turn() {
  if (lock_) return true;
  UniqueFd file(::open(lock_file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return false;
  lock_ = std::move(file);
  return true;
}

void PollRepositories::prune() {
  const TimePoint now = clock_.now();
  if (pruned_ && now >= *pruned_ && now - *pruned_ < kPruneEvery) return;
  pruned_ = now;
  const auto pruned = prune_syncs(storage_);
  const std::string problem = pruned.ok() ? "" : pruned.error().message;
  if (!pruned.ok() && problem != failing_to_prune_)
    log::error("Old syncs cannot be removed.", pruned.error());
  failing_to_prune_ = problem;
}

void PollRepositories::look() {
  const auto polled = poll_repositories(storage_, submitter_, clock_.now());
  if (!polled.ok()) {
    if (failing_ != polled.error().message)
      log::error("The repositories cannot be polled.", polled.error());
    failing_ = polled.error().message;
    return;
  }
  failing_.clear();
  for (const auto& [slug, why] : polled->refused) {
    const auto told = told_.find(slug);
    if (told != told_.end() && told->second == why) continue;
    log::warning("A repository is due and cannot be synced.",
                 {{"repository", slug}, {"reason", why}});
  }
  told_ = polled->refused;
}

}  // namespace windlass::maintenance
