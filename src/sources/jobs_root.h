#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/result.h"
#include "sources/version.h"
#include "sources/write_activity.h"

namespace windlass::sources {

struct JobsRootOptions {
  std::filesystem::path root;         ///< JOBS_ROOT; may be a symbolic link
  std::filesystem::path home;         ///< versions lie in <home>/sources
  std::size_t copy_limit = 64 << 20;  ///< bytes; a larger root is used in place
};

/// Makes versions of JOBS_ROOT: read-only copies named by their content, sharing unchanged files by
/// hard links.
///
/// Modules are the top-level `*.py` files and packages (folders with `__init__.py`) whose names are
/// identifiers. Everything else is copied too, since jobs read data beside them, but for: dot files
/// and folders, `__pycache__`, `*.pyc`, virtual environments, and what editors drop (scan.h).
/// Symbolic links are followed wherever they lead, and their content is copied; loops and links to
/// nothing are left out.
///
/// Owned by its user; one thread at a time (not the watcher's). Several processes may share a home.
class JobsRoot {
 public:
  explicit JobsRoot(JobsRootOptions options);
  ~JobsRoot();

  /// The version of what lies in the root now. `touched` are the paths named by the watcher: they
  /// are read again whatever their stamps say. Files that somebody is writing, says `writes`, keep
  /// the content of the snapshot before, or are left out when they had none. Errors:
  /// `sources.no_root`, `sources.unreadable` (the root), `sources.moving` (a later change heals
  /// it), `file.io` (the home). Nothing half-made is ever visible.
  Result<SourceVersion> snapshot(const std::set<std::string>& touched = {},
                                 WriteActivity* writes = nullptr);

  /// `base` with the files of some modules as an earlier version has them (module name → version
  /// id): what runs while the newest files do not import. Errors: `sources.version_missing` (pruned
  /// or damaged), `sources.in_place`, `file.io`.
  Result<SourceVersion> compose(const SourceVersion& base,
                                const std::map<std::string, std::string>& replacements);

  /// Removes versions but for these, the newest snapshot, and those held by a SourceVersion in any
  /// process; also what crashed processes left half-made.
  void prune(const std::set<std::string>& keep);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace windlass::sources
