#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/git/library.h"

namespace windlass::sources {

/// An entry of a commit as Git has it.
struct RawEntry {
  enum class Kind { kFile, kExecutable, kLink, kFolder, kSubmodule };
  Kind kind;
  git_oid id;
};

/// Folder ("" is the root) → name → entry.
using RawTree = std::map<std::string, std::map<std::string, RawEntry>>;

std::string joined(const std::string& folder, const std::string& name);

/// Reads all folders of a commit and refuses names that would not be safe on a disk. Files whose
/// name is no UTF-8 give a warning; Python's own caches are passed over. Errors: `git.unsafe`,
/// `git.too_large` (more than `limit` entries), `git.failed`.
Result<RawTree> read_raw_tree(git_repository* repository, const git_oid& commit, std::int64_t limit,
                              std::vector<std::string>* warnings);

}  // namespace windlass::sources
