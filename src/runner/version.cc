#include "runner/version.h"

#include <algorithm>

namespace windlass::runner {

namespace {

json::object error_of(const SkippedModule& skipped) {
  return {{"type", skipped.type}, {"message", skipped.message}, {"traceback", ""}};
}

/// A runner that leaves skipped modules out of its manifest still has them reported.
json::object entry_of(const VersionSpec& spec, const std::string& module,
                      const SkippedModule& skipped) {
  json::object entry{{"name", module},
                     {"file_path", ""},
                     {"error", error_of(skipped)},
                     {"classes", json::array()}};
  for (const SourceSpec& source : spec.sources) {
    if (std::find(source.modules.begin(), source.modules.end(), module) == source.modules.end())
      continue;
    entry["file_path"] = (source.root / (module + ".py")).string();
  }
  return entry;
}

}  // namespace

json::object describe(const Version& version) {
  json::array sources;
  for (const SourceSpec& source : version.spec.sources) {
    json::array modules;
    json::object skip;
    for (const std::string& module : source.modules) {
      const auto skipped = version.skipped.find(module);
      if (skipped == version.skipped.end()) {
        modules.emplace_back(module);
      } else {
        skip[module] = skipped->second.message;
      }
    }
    sources.push_back(json::object{{"kind", source.kind},
                                   {"path", source.path.string()},
                                   {"root", source.root.string()},
                                   {"modules", std::move(modules)},
                                   {"skip", std::move(skip)}});
  }
  json::object description{{"id", version.spec.id}, {"sources", std::move(sources)}};
  if (version.spec.check) description["check"] = true;
  return description;
}

void take_manifest(Version& version, json::object frame) {
  version.threads = static_cast<int>(std::max<std::int64_t>(1, get_int(frame, "threads", 1)));
  json::value& modules = frame["modules"];
  if (!modules.is_array()) modules = json::array();
  for (const auto& [name, skipped] : version.skipped) {
    json::array& entries = modules.get_array();
    const auto entry =
        std::find_if(entries.begin(), entries.end(), [&](const json::value& candidate) {
          return candidate.is_object() && get_string(candidate, "name") == name;
        });
    if (entry == entries.end()) {
      entries.push_back(entry_of(version.spec, name, skipped));
    } else {
      entry->get_object()["error"] = error_of(skipped);
    }
  }
  version.manifest = {version.spec.id, std::move(frame)};
}

}  // namespace windlass::runner
