#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/git_repository.h"
#include "sources/version.h"

namespace windlass::engine {

/// The files of repositories' commits in this home. Calls of one slug come from one thread at a
/// time, but for those of a sync under way.
class GitFiles {
 public:
  virtual ~GitFiles() = default;
  /// The commit's files, and the interpreter that has what they require. What is not here is
  /// fetched and installed, unless `fetch` is false; that takes as long as the remote does, while
  /// `proceed` is true. Errors: those of sources::GitMirror and GitEnvironments; `git.not_here`.
  virtual Result<sources::SourceVersion> checkout(const GitRepository& repository,
                                                  const std::string& commit, bool fetch,
                                                  const std::function<bool()>& proceed) = 0;
  /// Has the slug's stable path lead to the commit. Error `file.io`.
  virtual Result<void> make_current(const std::string& slug, const std::string& commit) = 0;
  /// Removes checkouts that nobody needs, but for these.
  virtual void prune(const std::string& slug, const std::set<std::string>& keep) = 0;
  /// Removes virtual environments that nobody holds.
  virtual void prune_environments() = 0;
  /// The repositories whose files are here, by slug.
  virtual std::vector<std::string> slugs() const = 0;
  /// Removes everything of a repository. Error `git.in_use`: a run holds it still.
  virtual Result<void> remove(const std::string& slug) = 0;
};

}  // namespace windlass::engine
