#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"

namespace windlass::sources {

/// Whether all that libgit2 reads of a repository of this machine lies beneath these folders: a
/// `.git` file, a `commondir`, alternates and symbolic links may lead elsewhere. Errors: `git.url`,
/// `git.unreachable` (no repository).
Result<void> check_file_place(const std::filesystem::path& path,
                              const std::vector<std::filesystem::path>& roots);

}  // namespace windlass::sources
