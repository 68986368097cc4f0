#include "sources/version.h"

#include <algorithm>

namespace windlass::sources {

const SourceModule* SourceVersion::find(const std::string& name) const {
  const auto at = std::find_if(modules.begin(), modules.end(),
                               [&](const auto& module) { return module.name == name; });
  return at == modules.end() ? nullptr : &*at;
}

ModuleDifferences differences(const SourceVersion& before, const SourceVersion& after) {
  ModuleDifferences result;
  for (const SourceModule& module : after.modules) {
    const SourceModule* earlier = before.find(module.name);
    if (earlier == nullptr) {
      result.added.push_back(module.name);
    } else if (earlier->hash != module.hash) {
      result.changed.push_back(module.name);
    }
  }
  for (const SourceModule& module : before.modules) {
    if (after.find(module.name) == nullptr) result.removed.push_back(module.name);
  }
  return result;
}

}  // namespace windlass::sources
