#pragma once

#include <climits>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/git/library.h"
#include "sources/git/watch.h"

namespace windlass::sources {

/// Folders of a checkout within each other, those that links lead to included.
inline constexpr int kDeepestFolder = 64;
/// Bytes of a path beneath the root: half of what the kernel takes, since a home has a path as
/// well.
inline constexpr std::size_t kLongestPath = PATH_MAX / 2;

/// An entry of a commit as Git has it.
struct RawEntry {
  enum class Kind { kFile, kExecutable, kLink, kFolder, kSubmodule };
  Kind kind;
  git_oid id;
};

/// Folder ("" is the root) → name → entry.
using RawTree = std::map<std::string, std::map<std::string, RawEntry>>;

/// Refuses a folder that lies too deep, and a path that is too long (`git.unsafe`).
Result<void> check_place(const std::string& path, std::size_t depth);

std::string joined(const std::string& folder, const std::string& name);

/// Reads all folders of a commit and refuses names that would not be safe on a disk. Files whose
/// name is no UTF-8 give a warning; Python's own caches are passed over. Errors: `git.unsafe`,
/// `git.too_large` (more than `limit` entries), `git.cancelled`, `git.failed`.
Result<RawTree> read_raw_tree(git_repository* repository, const git_oid& commit, std::int64_t limit,
                              FetchWatch* watch, std::vector<std::string>* warnings);

}  // namespace windlass::sources
