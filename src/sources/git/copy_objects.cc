#include "sources/git/copy_objects.h"

#include <fmt/format.h>

#include <filesystem>

namespace windlass::sources {

namespace {

using PackBuilder = GitHandle<git_packbuilder, git_packbuilder_free>;

constexpr unsigned kPackMode = 0444;

Error failed() {
  return git_failed("The repository on this machine cannot be read, or its objects not copied.");
}

int show_packing(int /*stage*/, std::uint32_t current, std::uint32_t total, void* payload) {
  auto* watch = static_cast<FetchWatch*>(payload);
  watch->set_progress(fmt::format("{} of {} objects packed", current, total));
  return watch->go_on() ? 0 : GIT_EUSER;
}

int show_indexing(const git_indexer_progress* stats, void* payload) {
  auto* watch = static_cast<FetchWatch*>(payload);
  watch->set_progress(
      fmt::format("{} of {} objects", stats->indexed_objects, stats->total_objects));
  return watch->go_on() ? 0 : GIT_EUSER;
}

/// A tag is an object of its own, and may lead to another tag.
bool insert_tags(git_packbuilder* pack, git_repository* source, const git_oid& wanted) {
  git_oid id = wanted;
  for (;;) {
    git_object* found = nullptr;
    if (git_object_lookup(&found, source, &id, GIT_OBJECT_ANY) != 0) return false;
    const Object object(found);
    if (git_object_type(found) != GIT_OBJECT_TAG)
      return git_object_type(found) == GIT_OBJECT_COMMIT ||
             git_packbuilder_insert(pack, &id, nullptr) == 0;
    if (git_packbuilder_insert(pack, &id, nullptr) != 0) return false;
    id = *git_tag_target_id(reinterpret_cast<git_tag*>(found));
  }
}

bool leads_to_commit(git_repository* source, const git_oid& wanted) {
  git_object* found = nullptr;
  if (git_object_lookup(&found, source, &wanted, GIT_OBJECT_ANY) != 0) return false;
  const Object object(found);
  git_object* peeled = nullptr;
  const bool leads = git_object_peel(&peeled, found, GIT_OBJECT_COMMIT) == 0;
  git_object_free(peeled);
  return leads;
}

}  // namespace

Result<void> copy_objects(const std::string& from, const git_oid& wanted, git_repository* to,
                          const git_oid* have, FetchWatch* watch) {
  git_repository* opened = nullptr;
  if (git_repository_open_ext(&opened, from.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) != 0)
    return failed();
  const Repository source(opened);
  git_packbuilder* made = nullptr;
  if (git_packbuilder_new(&made, opened) != 0) return failed();
  const PackBuilder pack(made);
  git_packbuilder_set_callbacks(made, show_packing, watch);
  if (!insert_tags(made, opened, wanted)) return failed();
  if (leads_to_commit(opened, wanted)) {
    git_revwalk* begun = nullptr;
    if (git_revwalk_new(&begun, opened) != 0) return failed();
    const RevisionWalk walk(begun);
    if (git_revwalk_push(begun, &wanted) != 0) return failed();
    if (have != nullptr) git_revwalk_hide(begun, have);  // the source may not have it any more
    if (git_packbuilder_insert_walk(made, begun) != 0) return failed();
  }
  const std::string folder =
      (std::filesystem::path(git_repository_path(to)) / "objects" / "pack").string();
  if (git_packbuilder_write(made, folder.c_str(), kPackMode, show_indexing, watch) != 0)
    return failed();
  return ok();
}

}  // namespace windlass::sources
