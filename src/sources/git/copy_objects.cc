#include "sources/git/copy_objects.h"

#include <filesystem>

#include "sources/git/pack.h"

namespace windlass::sources {

Result<void> copy_objects(const std::string& from, const git_oid& wanted, git_repository* to,
                          const git_oid* have, FetchWatch* watch) {
  git_repository* opened = nullptr;
  if (git_repository_open_ext(&opened, from.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) != 0)
    return git_failed("The repository on this machine cannot be read.");
  const Repository source(opened);
  const auto folder = std::filesystem::path(git_repository_path(to)) / "objects" / "pack";
  WL_TRY([[maybe_unused]] const std::string name,
         write_pack(opened, {wanted}, have, folder, watch));
  return ok();
}

}  // namespace windlass::sources
