#pragma once

#include <git2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace windlass::sources {

/// Makes libgit2 ready, once in this process, before its first use: without the machine's Git
/// configuration, with our connections; packs and references are synced to the disk. Thread-safe.
void prepare_git();

/// The largest object that is made of differences to another, in this process: it lies in memory.
void limit_objects(std::int64_t bytes);

/// Owns an object of libgit2.
template <class T, void (*Free)(T*)>
struct GitFree {
  void operator()(T* object) const { Free(object); }
};
template <class T, void (*Free)(T*)>
using GitHandle = std::unique_ptr<T, GitFree<T, Free>>;

using Repository = GitHandle<git_repository, git_repository_free>;
using Remote = GitHandle<git_remote, git_remote_free>;
using Commit = GitHandle<git_commit, git_commit_free>;
using GitTree = GitHandle<git_tree, git_tree_free>;
using Odb = GitHandle<git_odb, git_odb_free>;
using OdbObject = GitHandle<git_odb_object, git_odb_object_free>;
using Object = GitHandle<git_object, git_object_free>;
using Diff = GitHandle<git_diff, git_diff_free>;
using RevisionWalk = GitHandle<git_revwalk, git_revwalk_free>;

/// What libgit2 said last in this thread, in printable characters; "" when nothing.
std::string git_said();
/// `git.failed` with what libgit2 said as its detail.
Error git_failed(std::string sentence);

std::string to_text(const git_oid& id);
/// False when the text is no full object id.
bool from_text(std::string_view text, git_oid* id);

}  // namespace windlass::sources
