#pragma once

#include "sources/git/git_mirror.h"
#include "sources/git/library.h"
#include "sources/git/watch.h"

namespace windlass::sources {

/// GitMirror::changes in an open repository. `file_limit` is the most files that a commit may have.
Result<GitChanges> changes_between(git_repository* repository, const std::string& before,
                                   const std::string& after, std::int64_t file_limit,
                                   FetchWatch* watch);

}  // namespace windlass::sources
