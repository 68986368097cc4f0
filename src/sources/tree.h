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
/// The hash of an `x.cpp` takes in the headers that it may include: all but those in folders that
/// are modules of their own.
std::vector<SourceModule> modules_of(const Tree& tree, std::vector<std::string>* warnings);

/// Those in C++ alone, of the folder `below` ("netjobs/jobs"); their names begin with `prefix`.
std::vector<SourceModule> native_modules_of(const Tree& tree, const std::string& below,
                                            const std::string& prefix,
                                            std::vector<std::string>* warnings);

/// Files of a module, whatever it is made of; without headers that others may include too.
Tree module_files(const Tree& tree, const std::string& module);

}  // namespace windlass::sources
