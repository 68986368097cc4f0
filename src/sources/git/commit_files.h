#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/git/library.h"
#include "sources/git/watch.h"
#include "sources/tree.h"

namespace windlass::sources {

/// What a checkout of a commit consists of.
struct CommitFiles {
  Tree tree;  ///< path beneath the repository's root → blob; links are what they lead to
  std::vector<std::string> warnings;  ///< what is left out, or will not be what it seems
};

struct CheckoutLimits {
  std::int64_t bytes;
  std::int64_t files;
};

/// Lists a commit's files for a checkout, reading no more of them than links and possible Git LFS
/// pointers. Errors: `git.unsafe`, `git.too_large`, `git.no_init`, `git.no_jobs`, `git.cancelled`,
/// `git.failed`.
Result<CommitFiles> files_of_commit(git_repository* repository, const git_oid& commit,
                                    const CheckoutLimits& limits, FetchWatch* watch);

/// The content of a blob. Error `git.failed`.
Result<std::string> read_blob(git_odb* objects, const std::string& id);

}  // namespace windlass::sources
