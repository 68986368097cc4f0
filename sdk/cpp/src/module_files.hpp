/// The files of a module: where a class is defined, and what lies beside it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "class_definitions.hpp"
#include "seam.hpp"

namespace windlass::jobs::internal {

/// Where a class is defined.
struct ClassPlace {
  std::string file;  ///< as the author knows it
  int line = 0;
};

/// Looks for definitions in the sources of one module: its file and what that includes by
/// `#include "…"`, or all sources of a CMake project's folder. Reads them when first asked.
class ModuleFiles {
 public:
  /// The declaration outlives it.
  explicit ModuleFiles(const ModuleDeclaration& module) : module_(&module) {}
  /// The place of the class, whose constructor the compiler has put at `line`. Where none, or more
  /// than one, is found, that line of the module's file.
  ClassPlace place_of(std::string_view class_name, int line);
  /// The classes that are jobs and not among the names of `registered`, without those that others
  /// derive from.
  std::vector<std::string> unregistered(const std::set<std::string>& registered);

 private:
  void read_all();
  void read(const std::string& path, const std::string& shown);

  const ModuleDeclaration* module_;
  bool has_read_ = false;
  bool is_project_ = false;
  std::vector<std::string> paths_ = {};  ///< what has been read
  std::multimap<std::string, ClassPlace> places_ = {};
  std::vector<ClassDefinition> classes_ = {};
};

/// The folder in which a module lies: of a project the path itself.
std::string folder_of_module(const std::string& path);

/// The folder of a path, "." where it has none.
std::string folder_of(std::string_view path);

}  // namespace windlass::jobs::internal
