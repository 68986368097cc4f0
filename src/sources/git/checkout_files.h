#pragma once

#include <filesystem>
#include <optional>

#include "sources/tree.h"

namespace windlass::sources {

/// What a checkout's folder holds, each file by the id that Git has for its content; caches of
/// Python do not count. Nothing when it cannot be read, or holds links or other things that are
/// never written there.
std::optional<Tree> read_checkout(const std::filesystem::path& folder);

}  // namespace windlass::sources
