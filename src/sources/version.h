#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace windlass::sources {

/// What a module is made of.
enum class ModuleKind {
  kPython,   ///< `x.py`, or the folder `x` with `__init__.py`
  kCpp,      ///< `x.cpp`
  kProject,  ///< the folder `x` with `CMakeLists.txt`
  kLibrary,  ///< `x.so`
};

/// A top-level module or package of a source: what is imported, and nothing below it.
struct SourceModule {
  std::string name;
  std::string path;  ///< beneath the version: "my_group.py", or the folder "reports"
  std::string hash;  ///< of what it is made of; equal hashes mean equal code
  ModuleKind kind = ModuleKind::kPython;
  std::string clash = {};  ///< why it cannot be imported: several files make a module of its name

  bool is_native() const { return kind != ModuleKind::kPython; }
};

/// Keeps a version's folder from being pruned, by any process of the machine, while it lives.
class VersionHold;

/// One content of a source. A value; cheap to copy.
struct SourceVersion {
  std::string id;                     ///< hash of the content, hexadecimal
  std::filesystem::path path;         ///< read-only copy, <home>/sources/<id>; `root` when in place
  std::filesystem::path root;         ///< where authors edit
  std::vector<SourceModule> modules;  ///< by name
  std::vector<std::string>
      warnings;  ///< sentences for the log and the record, e.g. a file that cannot be a module
  bool in_place = false;  ///< too large to copy: runs see edits at once, and there are no earlier
                          ///< files to fall back to
  std::shared_ptr<const VersionHold> hold;  ///< null when in place
  bool unchecked = false;  ///< of a commit: its files were not compared with what Git has
  /// Interpreter of the virtual environment that has what the files require; "": none was made.
  std::string python = {};
  std::shared_ptr<const VersionHold> python_hold = {};  ///< keeps that environment

  /// The module of that name, or nullptr.
  const SourceModule* find(const std::string& name) const;
};

/// Names of the modules that came, changed and went between two versions.
struct ModuleDifferences {
  std::vector<std::string> added;
  std::vector<std::string> changed;
  std::vector<std::string> removed;
};
ModuleDifferences differences(const SourceVersion& before, const SourceVersion& after);

}  // namespace windlass::sources
