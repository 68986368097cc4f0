#pragma once

#include "sources/git/git_mirror.h"
#include "sources/git/library.h"

namespace windlass::sources {

/// GitMirror::changes in an open repository.
Result<GitChanges> changes_between(git_repository* repository, const std::string& before,
                                   const std::string& after);

}  // namespace windlass::sources
