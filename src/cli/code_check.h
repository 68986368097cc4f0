#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/signals.h"
#include "config/settings.h"

namespace windlass::cli {

/// One mistake in job files, or a warning about them.
struct Finding {
  std::string file;       ///< where the author edits it
  std::int64_t line = 0;  ///< 0 where none is known
  std::string code;       ///< `import.failed`, `source.left_out`, or as the SDK calls it
  std::string message;
  std::string class_path;  ///< "" for what concerns no class
  std::string traceback;   ///< of an import that failed
};

struct CodeCheck {
  std::size_t modules = 0;
  std::size_t jobs = 0;
  std::vector<Finding> findings;  ///< by file, line, code and message
};

/// Imports job files in a runner that is thrown away and tells everything that is wrong with them.
/// `path` is a folder of job files, a package, or one file; a file within a package means the
/// package. A package with a module or package `jobs` is taken for a Git repository, of which that
/// alone is imported. Needs neither home nor database. Blocks as long as the imports take, or until
/// a signal to stop, and leaves nothing behind either way. Errors: `cli.nothing_to_check` (no such
/// path, or no module there), `sources.*`, `runner.*` (`runner.stopped`: by a signal), `file.io`.
Result<CodeCheck> check_code(const Settings& settings, const std::filesystem::path& path,
                             StopSignals& signals);

}  // namespace windlass::cli
