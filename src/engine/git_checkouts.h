#pragma once

#include "base/sealing_key.h"
#include "engine/git_environments.h"
#include "engine/git_files.h"
#include "sources/git/git_mirror.h"

namespace windlass::engine {

/// Where a repository is fetched from, with its secret opened. Errors: `key.*`.
Result<sources::GitRemote> remote_of(const GitRepository& repository, const SealingKey& key);

/// Whether the record is still as it was when `commit` was fetched with it. Error
/// `git.superseded`.
Result<void> check_fetched(const GitRepository& stored, const GitRepository& fetched,
                           const std::string& commit);

/// The files of repositories' commits in <home>/git, with the virtual environments of what they
/// require. Thread-safe.
class GitCheckouts final : public GitFiles {
 public:
  /// `environments` null: what commits require is not looked at. All that is given outlives it.
  GitCheckouts(sources::GitOptions options, const SealingKey& key,
               GitEnvironments* environments = nullptr)
      : options_(std::move(options)), key_(key), environments_(environments) {}
  Result<sources::SourceVersion> checkout(const GitRepository& repository,
                                          const std::string& commit, bool fetch,
                                          const std::function<bool()>& proceed) override;
  Result<void> make_current(const std::string& slug, const std::string& commit) override;
  void prune(const std::string& slug, const std::set<std::string>& keep) override;
  void prune_environments() override;
  std::vector<std::string> slugs() const override;
  Result<void> remove(const std::string& slug) override;

 private:
  Result<sources::SourceVersion> files_of(const GitRepository& repository,
                                          const std::string& commit, bool fetch,
                                          const std::function<bool()>& proceed);

  const sources::GitOptions options_;
  const SealingKey& key_;
  GitEnvironments* const environments_;
};

}  // namespace windlass::engine
