#pragma once

/// Loads the modules of a version; there is one in a process's life.

#include <functional>
#include <string>

#include "channel.h"

namespace windlass::runner {

/// Whether a member `version` of a frame has what load_version() needs.
bool is_version(const Json& version);

/// Loads every module, calling `announce` with its name before. Returns the `manifest` frame but
/// for `threads`. A module that cannot be loaded has an error in it; one that ends or hangs the
/// process does just that.
Json load_version(const Json& version, const std::function<void(const std::string&)>& announce);

}  // namespace windlass::runner
