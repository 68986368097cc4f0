#pragma once

#include <ctime>
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

/// Holds the folder; nothing when it is not there, or was put away while we waited for whoever was
/// removing it.
std::shared_ptr<const VersionHold> hold_folder(const std::filesystem::path& path);

/// Takes the folder out of sight in one step, then removes it. Whoever holds it goes on reading the
/// open files alone.
void put_away(const std::filesystem::path& path);

/// Removes from a folder what crashed processes left half-made or half-removed there.
void sweep_leftovers(const std::filesystem::path& folder, std::time_t now = std::time(nullptr));

/// A version on disk.
struct StoredVersion {
  std::string id;
  std::filesystem::path path;
  Tree tree;
  std::shared_ptr<const VersionHold> hold;
};

/// How the versions of a store are named and read back.
struct VersionForm {
  std::size_t id_length;  ///< hexadecimal digits of a folder's name
  /// What a version's folder holds; nothing when it cannot be read or holds what no version does.
  std::function<std::optional<Tree>(const std::filesystem::path& folder)> read_back;
  /// For ids that are no hash of the content: the name of a file that holds the tree's hash in each
  /// folder, which then is on the disk before it appears. `read_back` passes it over.
  std::string hash_file = {};
};

/// The folder that versions lie in: one read-only folder each, named by its id. One thread at a
/// time; processes may share it.
class VersionStore {
 public:
  VersionStore(std::filesystem::path folder, VersionForm form)
      : folder_(std::move(folder)), form_(std::move(form)) {}

  using IsIntact = std::function<bool(const Tree&)>;
  /// The version of that id, or nothing when it is not there. One left by an earlier process is
  /// read and asked about first; a damaged one is put away.
  std::optional<StoredVersion> open(const std::string& id, const IsIntact& is_intact);

  /// Content of a file that no origin has. An error ends the build.
  using Reader = std::function<Result<std::string>(const std::string& path)>;
  /// Makes the folder of a tree: links to the files of `origins` with equal content, `read` for the
  /// rest. It appears in one step.
  Result<StoredVersion> build(const std::string& id, const Tree& tree,
                              const std::vector<const StoredVersion*>& origins, const Reader& read);

  /// Removes what is not in `keep` and not held, and what crashed processes left half-made.
  void prune(const std::set<std::string>& keep);

 private:
  bool is_id(const std::string& name) const;

  std::filesystem::path folder_;
  VersionForm form_;
  std::map<std::string, Tree> known_;  ///< versions that this process made or verified
};

}  // namespace windlass::sources
