#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/version.h"

namespace windlass::sources {

/// Remembers, across restarts, in which version each module last imported. Kept in
/// <home>/sources/last-good.json. One thread at a time.
class LastGood {
 public:
  struct Entry {
    std::string version;  ///< its id
    std::string hash;     ///< the module's

    bool operator==(const Entry&) const = default;
  };

  /// Reads the file. Without one, or when it is damaged (which is logged), nothing is known.
  explicit LastGood(const std::filesystem::path& home);

  /// These modules imported in this version. Modules that the version does not have are forgotten.
  /// Not for versions in place: they have no files to go back to, so nothing is recorded. Error
  /// `file.io`; the new state then holds in memory only.
  Result<void> mark_good(const SourceVersion& version, const std::vector<std::string>& modules);
  std::optional<Entry> find(const std::string& module) const;
  /// The versions to keep when pruning.
  std::set<std::string> versions() const;

 private:
  std::filesystem::path file_;
  std::map<std::string, Entry> entries_;
};

}  // namespace windlass::sources
