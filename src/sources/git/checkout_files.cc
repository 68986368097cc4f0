#include "sources/git/checkout_files.h"

#include <sys/stat.h>

#include "base/files.h"
#include "sources/git/library.h"

namespace windlass::sources {

namespace fs = std::filesystem;

std::optional<Tree> read_checkout(const fs::path& folder) {
  Tree tree;
  std::error_code failure;
  for (auto at = fs::recursive_directory_iterator(folder, failure); at != fs::end(at);
       at.increment(failure)) {
    if (failure) return std::nullopt;
    if (at.depth() == 0 && at->path().filename() == kHashFile) continue;
    struct stat status {};
    if (::lstat(at->path().c_str(), &status) != 0) return std::nullopt;
    if (S_ISDIR(status.st_mode)) {
      if (at->path().filename() == "__pycache__") at.disable_recursion_pending();
      continue;
    }
    if (!S_ISREG(status.st_mode)) return std::nullopt;
    const auto content = read_file(at->path(), SIZE_MAX);
    git_oid id;
    if (!content.ok() || git_odb_hash(&id, content->data(), content->size(), GIT_OBJECT_BLOB) != 0)
      return std::nullopt;
    tree[at->path().lexically_relative(folder).generic_string()] = {to_text(id),
                                                                    (status.st_mode & 0111) != 0};
  }
  if (failure) return std::nullopt;
  return tree;
}

}  // namespace windlass::sources
