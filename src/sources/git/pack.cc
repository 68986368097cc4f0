#include "sources/git/pack.h"

#include <fmt/format.h>
#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>

#include <algorithm>
#include <cstdint>

#include "base/log.h"

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

using PackBuilder = GitHandle<git_packbuilder, git_packbuilder_free>;

constexpr unsigned kPackMode = 0444;
constexpr std::size_t kLargestRecord = 32 << 20;   // bytes of a commit, tag or folder
constexpr std::uintmax_t kSmallMirror = 64 << 20;  // bytes that are no matter
constexpr std::uintmax_t kMostGrowth = 4;          // times the largest pack

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

fs::path packs_of(const fs::path& mirror) {
  return mirror / "objects" / "pack";
}

struct PackCheck {
  git_odb* objects;
  FetchWatch* watch;
  bool too_large = false;
};

int check_object(const git_oid* id, void* payload) {
  auto& check = *static_cast<PackCheck*>(payload);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, check.objects, id) != 0) return -1;
  check.too_large = type != GIT_OBJECT_BLOB && size > kLargestRecord;
  return check.too_large || !check.watch->go_on() ? GIT_EUSER : 0;
}

Result<void> check_pack(const fs::path& index, FetchWatch* watch) {
  const auto failed = [] { return git_failed("What was fetched cannot be read."); };
  git_odb* made = nullptr;
  if (git_odb_new(&made) != 0) return failed();
  const Odb objects(made);
  git_odb_backend* pack = nullptr;
  if (git_odb_backend_one_pack(&pack, index.c_str()) != 0) return failed();
  if (git_odb_add_backend(made, pack, 1) != 0) {
    pack->free(pack);
    return failed();
  }
  PackCheck check{made, watch};
  if (git_odb_foreach(made, check_object, &check) == 0) return ok();
  if (!check.too_large) return watch->failure() ? Result<void>(*watch->failure()) : failed();
  return Error{"git.too_large",
               fmt::format("The fetch was given up: the repository has a commit, tag or folder of "
                           "more than {} MiB.",
                           kLargestRecord >> 20)};
}

}  // namespace

Result<std::string> write_pack(git_repository* source, const std::vector<git_oid>& wanted,
                               const git_oid* have, const fs::path& folder, FetchWatch* watch) {
  const auto failed = [] {
    return git_failed("The repository cannot be read, or its objects not packed.");
  };
  git_packbuilder* made = nullptr;
  if (git_packbuilder_new(&made, source) != 0) return failed();
  const PackBuilder pack(made);
  git_packbuilder_set_callbacks(made, show_packing, watch);
  git_revwalk* begun = nullptr;
  if (git_revwalk_new(&begun, source) != 0) return failed();
  const RevisionWalk walk(begun);
  bool commits = false;
  for (const git_oid& id : wanted) {
    if (!insert_tags(made, source, id)) return failed();
    if (!leads_to_commit(source, id)) continue;
    if (git_revwalk_push(begun, &id) != 0) return failed();
    commits = true;
  }
  if (have != nullptr) git_revwalk_hide(begun, have);  // the source may not have it any more
  if (commits && git_packbuilder_insert_walk(made, begun) != 0) return failed();
  if (git_packbuilder_write(made, folder.c_str(), kPackMode, show_indexing, watch) != 0)
    return failed();
  return std::string(git_packbuilder_name(made));
}

std::set<std::string> packs_in(const fs::path& mirror) {
  std::set<std::string> names;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(packs_of(mirror), failure)) {
    if (entry.path().extension() == ".idx") names.insert(entry.path().stem());
  }
  return names;
}

Result<void> check_new_packs(const fs::path& mirror, const std::set<std::string>& before,
                             FetchWatch* watch) {
  for (const std::string& name : packs_in(mirror)) {
    if (before.contains(name)) continue;
    const fs::path index = packs_of(mirror) / (name + ".idx");
    auto checked = check_pack(index, watch);
    if (checked.ok()) continue;
    std::error_code failure;
    fs::remove(index, failure);
    fs::remove(packs_of(mirror) / (name + ".pack"), failure);
    return checked;
  }
  return ok();
}

bool wants_packing(const fs::path& mirror, int most_packs) {
  int count = 0;
  std::uintmax_t bytes = 0;
  std::uintmax_t largest = 0;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(packs_of(mirror), failure)) {
    if (entry.path().extension() != ".pack") continue;
    const std::uintmax_t size = entry.file_size(failure);
    if (failure) continue;
    ++count;
    bytes += size;
    largest = std::max(largest, size);
  }
  return count > most_packs || (bytes > kSmallMirror && bytes > kMostGrowth * largest);
}

void remove_other_packs(const fs::path& mirror, const std::string& name) {
  std::vector<fs::path> others;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(packs_of(mirror), failure)) {
    if (entry.path().stem() != "pack-" + name) others.push_back(entry.path());
  }
  // A pack without its index is not seen: so a crash leaves no index without its pack.
  std::stable_partition(others.begin(), others.end(),
                        [](const fs::path& path) { return path.extension() != ".pack"; });
  for (const fs::path& path : others) {
    if (!fs::remove(path, failure) && failure) {
      log::warning("An old pack of a Git mirror could not be removed",
                   {{"file", path.string()}, {"reason", failure.message()}});
    }
  }
}

}  // namespace windlass::sources
