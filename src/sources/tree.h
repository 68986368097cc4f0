#pragma once

#include <map>
#include <string>
#include <vector>

#include "sources/version.h"

namespace windlass::sources {

struct TreeFile {
  std::string hash;  ///< of the content; in place, of the stamp
  bool executable = false;

  bool operator==(const TreeFile&) const = default;
};

/// The content of a version: path → file. Empty folders do not count.
using Tree = std::map<std::string, TreeFile>;

/// The version's id: equal trees have equal ids.
std::string tree_id(const Tree& tree);

/// The top-level modules, by name. What looks like a module and cannot be imported gives a warning.
std::vector<SourceModule> modules_of(const Tree& tree, std::vector<std::string>* warnings);

/// Files of a module, as file or as package, wherever it is one.
Tree module_files(const Tree& tree, const std::string& module);

}  // namespace windlass::sources
