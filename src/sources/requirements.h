#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"

namespace windlass::sources {

/// The packages that a repository's code needs, as pip is told of them.
struct Requirements {
  std::string file;  ///< where the repository says so: "requirements.txt" or "pyproject.toml"
  /// What pip reads, path beneath the root → content: requirements.txt, and those that it names.
  std::map<std::string, std::string> files;
  bool needs_tree = false;  ///< names other files of the repository: pip needs all of them
  std::string key;          ///< equal keys mean equal packages, as far as files tell
};

/// What the files at `root` require: by requirements.txt, else by the dependencies of [project] in
/// pyproject.toml; nothing when neither names any. `tree` tells the repository's content from any
/// other. Errors: `git.requirements` (pyproject.toml cannot be used), `file.io`.
Result<std::optional<Requirements>> read_requirements(const std::filesystem::path& root,
                                                      const std::string& tree);

}  // namespace windlass::sources
