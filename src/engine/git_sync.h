#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/sealing_key.h"
#include "engine/catalog.h"
#include "engine/git_environments.h"
#include "engine/system_runner.h"
#include "model/sanitiser.h"
#include "sources/git/git_mirror.h"

namespace windlass::engine {

/// Syncs Git repositories: fetch → check out → install what it requires → import beside what serves
/// → serve. The record tells
/// what was fetched last and why it does not serve; the run's log, what was done. Syncs of one
/// repository go one after another, in all processes of a home (SyncTurn); one that finds another
/// waiting leaves it to that. Secrets are open only while a fetch lasts. Thread-safe; all
/// that is given outlives it.
class GitSync {
 public:
  using TryCommit = std::function<Result<CommitTrial>(
      const GitRepository&, const sources::SourceVersion&, const std::function<bool()>& cancelled)>;
  using Serves =
      std::function<Result<bool>(const GitRepository&, const std::function<bool()>& cancelled)>;
  /// `try_commit` is Catalog::try_commit(), `serves` Catalog::serves(); `sanitiser` takes secrets
  /// out of what the record keeps. `environments` null: what
  /// commits require is not looked at.
  GitSync(sources::GitOptions options, Storage& storage, const SealingKey& key, const Clock& clock,
          Sanitiser sanitiser, TryCommit try_commit, Serves serves,
          GitEnvironments* environments = nullptr);

  SystemEnd sync(const Uuid& repository, Progress& progress);
  /// Fetches, and tells what a sync would change; imports nothing, and the record stays as it is.
  SystemEnd dry_run(const Uuid& repository, Progress& progress);
  /// Both as Windlass' own jobs, by class path.
  std::map<std::string, SystemJob> jobs();

 private:
  class Run;

  const sources::GitOptions options_;
  Storage& storage_;
  const SealingKey& key_;
  const Clock& clock_;
  const Sanitiser sanitiser_;
  const TryCommit try_commit_;
  const Serves serves_;
  GitEnvironments* const environments_;
};

}  // namespace windlass::engine
