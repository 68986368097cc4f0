#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "sources/scan.h"
#include "sources/tree.h"

namespace windlass::sources {

/// What one look at the root found.
struct Reading {
  Tree tree;
  std::map<std::string, std::string>
      contents;  ///< of some files that were read, to be written without reading again
  std::set<std::string> moving;  ///< changed while they were read, every time
  std::vector<std::string> warnings;
};

/// The tree by stamps alone, for a root too large to be read.
Tree tree_of_stamps(const Scan& scan);

enum class ReadOutcome { kRead, kGone, kMoving, kUnreadable };
/// Reads a file that did not change meanwhile.
ReadOutcome read_stable(const std::filesystem::path& path, std::string* content, FileStamp* stamp);

/// Reads a root again and again, hashing only what may have changed since the last time. One thread
/// at a time.
class RootReader {
 public:
  /// Hashes every scanned file that `again` covers, and the others unless their stamps are those of
  /// the last time. Contents whose hash is in `have` are not kept.
  Reading read(const std::filesystem::path& root, const Scan& scan,
               const std::set<std::string>& again, const Tree& have);

 private:
  struct Known {
    FileStamp stamp;
    std::string hash;
    bool settled;  ///< old enough when read that a later write must show in the stamp
  };
  /// What is known of the file if it may be believed, or nullptr.
  const Known* believed(const ScannedFile& file, const std::set<std::string>& again) const;
  std::unordered_map<std::string, Known> known_;
};

}  // namespace windlass::sources
