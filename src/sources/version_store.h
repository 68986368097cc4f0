#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "sources/tree.h"

namespace windlass::sources {

/// A shared lock on the version's folder; pruning needs an exclusive one. The kernel frees it when
/// the process ends.
class VersionHold {
 public:
  explicit VersionHold(UniqueFd folder) : folder_(std::move(folder)) {}

 private:
  UniqueFd folder_;
};

/// A version on disk.
struct StoredVersion {
  std::string id;
  std::filesystem::path path;
  Tree tree;
  std::shared_ptr<const VersionHold> hold;
};

/// The folder that versions lie in: one read-only folder each, named by its id. One thread at a
/// time; processes may share it.
class VersionStore {
 public:
  explicit VersionStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The version of that id, or nothing when it is not there. One left by an earlier process is
  /// read and compared with its id first; a damaged one is put away.
  std::optional<StoredVersion> open(const std::string& id);

  /// Content of a file that no origin has. An error ends the build.
  using Reader = std::function<Result<std::string>(const std::string& path)>;
  /// Makes the folder of a tree: links to the files of `origins` with equal content, `read` for the
  /// rest. It appears in one step.
  Result<StoredVersion> build(const Tree& tree, const std::vector<const StoredVersion*>& origins,
                              const Reader& read);

  /// Removes what is not in `keep` and not held, and what crashed processes left half-made.
  void prune(const std::set<std::string>& keep);

 private:
  std::filesystem::path folder_;
  std::map<std::string, Tree> known_;  ///< versions that this process made or verified
};

}  // namespace windlass::sources
