#include "sources/git/changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace windlass::sources {

namespace {

struct FoundCommit {
  git_oid id;
  GitTree tree;
};

Result<FoundCommit> find(git_repository* repository, const std::string& text) {
  FoundCommit result{};
  git_commit* found = nullptr;
  if (!from_text(text, &result.id) || git_commit_lookup(&found, repository, &result.id) != 0)
    return git_failed("The commit " + text + " is not in the mirror; sync the repository again.");
  const Commit commit(found);
  git_tree* tree = nullptr;
  if (git_commit_tree(&tree, found) != 0)
    return git_failed("The commit " + text + " cannot be read from the mirror.");
  result.tree.reset(tree);
  return result;
}

/// What a comparison may find, and who may end it.
struct Comparison {
  std::int64_t limit;
  FetchWatch* watch;
  bool too_many = false;
};

/// Asked before each file is noted: folders that repeat one another make endless lists of a small
/// pack.
int note_file(const git_diff* diff, const git_diff_delta* /*file*/, const char* /*path*/,
              void* payload) {
  auto& comparison = *static_cast<Comparison*>(payload);
  comparison.too_many = static_cast<std::int64_t>(git_diff_num_deltas(diff)) >= comparison.limit;
  return comparison.too_many || !comparison.watch->go_on() ? GIT_EUSER : 0;
}

Result<std::int64_t> count_commits(git_repository* repository, const FoundCommit* before,
                                   const FoundCommit& after, FetchWatch* watch) {
  const auto failed = [] { return git_failed("The commits cannot be counted."); };
  git_revwalk* made = nullptr;
  if (git_revwalk_new(&made, repository) != 0) return failed();
  const RevisionWalk walk(made);
  if (git_revwalk_push(made, &after.id) != 0) return failed();
  if (before != nullptr && git_revwalk_hide(made, &before->id) != 0) return failed();
  std::int64_t count = 0;
  git_oid id;
  int code = 0;
  while ((code = git_revwalk_next(&id, made)) == 0) {
    if (!watch->go_on()) return *watch->failure();
    ++count;
  }
  if (code != GIT_ITEROVER) return failed();
  return count;
}

}  // namespace

Result<GitChanges> changes_between(git_repository* repository, const std::string& before,
                                   const std::string& after, std::int64_t file_limit,
                                   FetchWatch* watch) {
  WL_TRY(const FoundCommit to, find(repository, after));
  FoundCommit from{};
  if (!before.empty()) {
    WL_TRY(from, find(repository, before));
  }
  GitChanges changes;
  WL_TRY(changes.commits, count_commits(repository, before.empty() ? nullptr : &from, to, watch));
  Comparison comparison{2 * file_limit, watch};  // all of one commit gone, and all of another new
  git_diff_options options;
  git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
  options.notify_cb = note_file;
  options.payload = &comparison;
  git_diff* made = nullptr;
  const int code =
      git_diff_tree_to_tree(&made, repository, from.tree.get(), to.tree.get(), &options);
  if (watch->failure()) return *watch->failure();
  if (comparison.too_many) {
    return Error{"git.too_large",
                 fmt::format("More than {} files differ between the commits.", comparison.limit)};
  }
  if (code != 0) return git_failed("The commits cannot be compared.");
  const Diff diff(made);
  for (std::size_t i = 0; i < git_diff_num_deltas(made); ++i) {
    const git_diff_delta* delta = git_diff_get_delta(made, i);
    const bool removed = delta->status == GIT_DELTA_DELETED;
    auto& list = removed                            ? changes.removed
                 : delta->status == GIT_DELTA_ADDED ? changes.added
                                                    : changes.changed;
    list.push_back(to_valid_utf8(removed ? delta->old_file.path : delta->new_file.path));
  }
  for (auto* list : {&changes.added, &changes.changed, &changes.removed})
    std::sort(list->begin(), list->end());
  return changes;
}

}  // namespace windlass::sources
