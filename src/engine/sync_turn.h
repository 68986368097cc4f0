#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/files.h"
#include "engine/progress.h"

namespace windlass::engine {

/// The right to sync one repository, of all processes that share the home; given up with the
/// object. Belongs to the thread of its run. What counts are locks, which end with the process that
/// has them.
class SyncTurn {
 public:
  enum class Waits { kAlways, kUnlessAnother };

  /// Waits for it until the run is to end. `folder` is the repository's, made when it is not there.
  SyncTurn(const std::filesystem::path& folder, Progress& progress, Waits waits);
  SyncTurn(const SyncTurn&) = delete;
  SyncTurn& operator=(const SyncTurn&) = delete;

  /// Why there is none: `git.cancelled`, `file.io`; null when there is one, or another waits.
  const std::optional<Error>& failure() const { return failure_; }
  /// What another run is called that waits already, and has yet to do all that this one would do;
  /// null when there is none.
  const std::optional<std::string>& other() const { return other_; }

 private:
  UniqueFd lock(const std::filesystem::path& file);
  bool wait_alone(const std::filesystem::path& file, const std::string& run);

  UniqueFd turn_;
  UniqueFd waiting_;  ///< the file tells who waits
  std::optional<std::string> other_;
  std::optional<Error> failure_;
};

}  // namespace windlass::engine
