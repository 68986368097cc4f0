#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/git/library.h"
#include "sources/git/watch.h"

namespace windlass::sources {

/// Writes one pack into the folder: what leads up to these commits and tags, less what leads up to
/// `have` (or nullptr). Returns its name. Error `git.failed`; the watch has it when it ended the
/// work.
Result<std::string> write_pack(git_repository* source, const std::vector<git_oid>& wanted,
                               const git_oid* have, const std::filesystem::path& folder,
                               FetchWatch* watch);

/// The packs of a mirror, by name.
std::set<std::string> packs_in(const std::filesystem::path& mirror);

/// Refuses and removes the packs that came since `before` when they have a commit, tag or folder
/// that is far too large: libgit2 reads each of these as a whole. Errors: `git.too_large`,
/// `git.failed`; the watch has it when it ended the work.
Result<void> check_new_packs(const std::filesystem::path& mirror,
                             const std::set<std::string>& before, FetchWatch* watch);

/// Whether a mirror should be packed anew: each fetch adds a pack, also of a history that a forced
/// push replaces.
bool wants_packing(const std::filesystem::path& mirror, int most_packs);

/// Removes all packs but this one. For a mirror that nobody reads.
void remove_other_packs(const std::filesystem::path& mirror, const std::string& name);

}  // namespace windlass::sources
