/// The classes that a C++ source defines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace windlass::jobs::internal {

struct ClassDefinition {
  std::string name;                     ///< without namespaces
  int line = 0;                         ///< of `class` or `struct`
  std::vector<std::string> bases = {};  ///< likewise
  bool is_template = false;
};

/// In their order. Reads tokens, and knows nothing of macros and conditions.
std::vector<ClassDefinition> class_definitions(std::string_view source);

}  // namespace windlass::jobs::internal
