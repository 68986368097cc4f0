#pragma once

#include <string>

#include "base/result.h"
#include "sources/git/library.h"
#include "sources/git/watch.h"

namespace windlass::sources {

/// Copies what leads up to an object (a commit or a tag) from a repository on this machine into
/// another one, less what that has up to `have`. libgit2's own way for such repositories copies all
/// branches and tags. Error `git.failed`; the watch has it when it ended the fetch.
Result<void> copy_objects(const std::string& from, const git_oid& wanted, git_repository* to,
                          const git_oid* have, FetchWatch* watch);

}  // namespace windlass::sources
