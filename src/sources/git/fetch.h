#pragma once

#include "sources/git/git_mirror.h"
#include "sources/git/library.h"
#include "sources/git/watch.h"

namespace windlass::sources {

/// Brings the branch or tag of the remote into the repository, in which the reference
/// refs/windlass/head then leads to its commit. Errors as GitMirror::fetch; `git.failed` may mean
/// that the repository is damaged.
Result<GitHead> fetch_into(git_repository* repository, const GitRemote& remote,
                           const GitOptions& options, FetchWatch* watch);

}  // namespace windlass::sources
