#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "base/sealing_key.h"
#include "engine/catalog.h"
#include "engine/git_environments.h"
#include "engine/system_runner.h"
#include "sources/git/git_mirror.h"

namespace windlass::engine {

/// Syncs Git repositories: fetch → check out → install what it requires → import beside what serves
/// → serve. The record tells
/// what was fetched last and why it does not serve; the run's log, what was done. Syncs of one
/// repository go one after another. Secrets are open only while a fetch lasts. Thread-safe; all
/// that is given outlives it.
class GitSync {
 public:
  using TryCommit = std::function<Result<CommitTrial>(const GitRepository&, sources::SourceVersion,
                                                      const std::function<bool()>& cancelled)>;
  /// `try_commit` is Catalog::try_commit(), `refresh` Catalog::refresh(). `environments` null: what
  /// commits require is not looked at.
  GitSync(sources::GitOptions options, Storage& storage, const SealingKey& key, const Clock& clock,
          TryCommit try_commit, std::function<Result<RefreshSummary>()> refresh,
          GitEnvironments* environments = nullptr);

  SystemEnd sync(const Uuid& repository, Progress& progress);
  /// Fetches, and tells what a sync would change; imports nothing, and the record stays as it is.
  SystemEnd dry_run(const Uuid& repository, Progress& progress);
  /// Both as Windlass' own jobs, by class path.
  std::map<std::string, SystemJob> jobs();

 private:
  class Turn;
  class Run;

  const sources::GitOptions options_;
  Storage& storage_;
  const SealingKey& key_;
  const Clock& clock_;
  const TryCommit try_commit_;
  const std::function<Result<RefreshSummary>()> refresh_;
  GitEnvironments* const environments_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Uuid> busy_;  ///< repositories that are being synced
};

}  // namespace windlass::engine
