#pragma once

#include <filesystem>
#include <optional>

#include "sources/tree.h"

namespace windlass::sources {

/// Lies in a checkout's folder, beside the repository's, and holds the hash of what was written.
inline constexpr const char* kHashFile = ".tree";

/// What a checkout's folder holds, each file by the id that Git has for its content; caches of
/// Python and the file of the hash do not count. Nothing when it cannot be read, or holds links or
/// other things that are never written there.
std::optional<Tree> read_checkout(const std::filesystem::path& folder);

}  // namespace windlass::sources
