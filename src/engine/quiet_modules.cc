#include "engine/quiet_modules.h"

#include <algorithm>

namespace windlass::engine {

namespace {

/// The modules that imported, and whether they registered anything.
std::map<std::string, bool> imported_modules(const json::value& manifest) {
  std::map<std::string, bool> modules;
  const json::value* list = find(manifest, "modules");
  if (list == nullptr || !list->is_array()) return modules;
  for (const json::value& module : list->get_array()) {
    const json::value* error = find(module, "error");
    if (error != nullptr && !error->is_null()) continue;
    const json::value* classes = find(module, "classes");
    const bool registers =
        classes != nullptr && classes->is_array() && !classes->get_array().empty();
    modules[get_string(module, "name")] = registers;
  }
  return modules;
}

}  // namespace

std::set<std::string> QuietModules::held_back(const sources::SourceVersion& version,
                                              const json::value& manifest, Micros now) {
  std::map<std::string, Quiet> quiet;
  std::set<std::string> held;
  for (const auto& [name, registers] : imported_modules(manifest)) {
    const sources::SourceModule* module = version.find(name);
    if (registers || module == nullptr || !registering_.contains(name)) continue;
    const auto before = quiet_.find(name);
    const bool same = before != quiet_.end() && before->second.hash == module->hash;
    const Quiet entry{module->hash, same ? before->second.since : now};
    if (now - entry.since >= settle_) continue;
    held.insert(name);
    quiet[name] = entry;
  }
  quiet_ = std::move(quiet);
  return held;
}

void QuietModules::in_force(const json::value& manifest) {
  registering_.clear();
  for (const auto& [name, registers] : imported_modules(manifest)) {
    if (registers) registering_.insert(name);
  }
}

std::optional<Micros> QuietModules::due() const {
  std::optional<Micros> first;
  for (const auto& [name, quiet] : quiet_) {
    const Micros due = quiet.since + settle_;
    first = first ? std::min(*first, due) : due;
  }
  return first;
}

}  // namespace windlass::engine
