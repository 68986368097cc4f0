#pragma once

#include "config/settings.h"
#include "engine/git_repositories.h"

namespace windlass::cli {

/// Whether what listens on HOST:PORT can be reached from this machine alone; without a host it is.
bool is_loopback(std::string_view listen);

/// What Git repositories are checked against. `trusted` as in Settings::git_file_folders().
engine::RepositoryRules repository_rules(const Settings& settings, bool trusted);

}  // namespace windlass::cli
