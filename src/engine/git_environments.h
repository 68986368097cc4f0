#pragma once

#include <functional>
#include <map>
#include <string>

#include "engine/virtual_environments.h"
#include "model/git_repository.h"
#include "sources/version.h"

namespace windlass::engine {

/// The interpreter that was chosen for a repository: by the setting (source → interpreter), else by
/// its record; "" for that of all.
std::string chosen_python(const GitRepository& repository,
                          const std::map<std::string, std::string>& pythons);

/// Has commits of repositories run in virtual environments with what their files require.
/// Thread-safe.
class GitEnvironments {
 public:
  /// `python` is the interpreter of repositories for which none was chosen.
  GitEnvironments(VirtualEnvironmentOptions options, const Sanitiser& sanitiser, std::string python,
                  std::map<std::string, std::string> pythons);

  /// Fills in SourceVersion::python of a checkout that requires something, from what is here.
  /// Errors: `git.not_here`, `git.requirements`, `runner.interpreter`, `file.io`.
  Result<void> find(const GitRepository& repository, sources::SourceVersion& version);
  /// The same, and installs what is not here. Errors: as VirtualEnvironments::make().
  Result<void> make(const GitRepository& repository, sources::SourceVersion& version,
                    const std::function<void(std::string line)>& told,
                    const std::function<bool()>& proceed);
  /// Removes environments that no process holds.
  void prune() { environments_.prune(); }

 private:
  std::string python_of(const GitRepository& repository) const;

  VirtualEnvironments environments_;
  const std::string python_;
  const std::map<std::string, std::string> pythons_;
};

}  // namespace windlass::engine
