#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "engine/keyed_folders.h"
#include "model/sanitiser.h"
#include "runner/tool.h"
#include "sources/requirements.h"

namespace windlass::engine {

struct VirtualEnvironmentOptions {
  std::filesystem::path folder;  ///< <home>/venvs
  std::string instance;          ///< marks what is started, as of the runner's processes
  std::string job_user;          ///< account that installs; "" for our own
  std::vector<std::string> job_environment;  ///< variables passed on besides pip's and the usual
  Micros time_limit{0};                      ///< of one program (venv, pip); 0: none
};

/// A virtual environment that has what was required. A value; cheap to copy.
struct VirtualEnvironment {
  std::string python;                                ///< its interpreter
  std::shared_ptr<const sources::VersionHold> hold;  ///< it stays while this lives
};

/// Virtual environments in <home>/venvs, one for each set of requirements and interpreter. Which
/// one follows from these two, so that nothing has to be remembered. An environment is made by the
/// interpreter's `venv` and `pip`, in a folder of its own, <key>.<random>, and counts from the
/// moment in which the link <key> leads there. Several processes may share the folder; each
/// environment is made by one of them. pip asks the indexes of this machine's configuration
/// (pip.conf, PIP_*). Thread-safe; blocks its caller. The sanitiser outlives it.
class VirtualEnvironments {
 public:
  VirtualEnvironments(VirtualEnvironmentOptions options, const Sanitiser& sanitiser);

  /// One that was made. Errors: `git.not_here` (none was), `runner.interpreter`.
  Result<VirtualEnvironment> find(const sources::Requirements& wanted, const std::string& python);
  /// Makes it when it is not there. `files` is the repository's root; `told` gets what pip says,
  /// without secrets; `proceed` false ends it. Errors: `git.requirements` (what was said last),
  /// `git.cancelled`, `runner.interpreter`, `runner.job_user`, `file.io`.
  Result<VirtualEnvironment> make(const sources::Requirements& wanted, const std::string& python,
                                  const std::filesystem::path& files,
                                  const std::function<void(std::string line)>& told,
                                  const std::function<bool()>& proceed);
  /// Removes those that no process holds, and what crashed processes left half-made.
  void prune();

 private:
  struct Build;
  Result<std::string> key_of(const sources::Requirements& wanted, const std::string& python);
  Result<std::string> identity_of(const std::string& program);
  std::vector<std::string> environment() const;
  std::optional<VirtualEnvironment> open(const std::string& key) const;
  Result<void> install(const Build& build) const;
  Result<void> run(const Build& build, std::vector<std::string> command) const;

  const VirtualEnvironmentOptions options_;
  const Sanitiser& sanitiser_;
  KeyedFolders folders_;
  std::mutex mutex_;
  std::map<std::string, std::string> identities_;  ///< program and its stamp → what it said
};

}  // namespace windlass::engine
