#include "runner/version.h"

#include <algorithm>

namespace windlass::runner {

namespace {

json::object error_of(const ModuleFailure& failure) {
  return {{"type", failure.type}, {"message", failure.message}, {"traceback", failure.traceback}};
}

/// "pkg.jobs" → ROOT/pkg/jobs.py
std::filesystem::path file_of(const std::filesystem::path& root, std::string module) {
  std::replace(module.begin(), module.end(), '.', '/');
  return root / (module + ".py");
}

/// A runner that leaves skipped modules out of its manifest still has them reported.
json::object entry_of(const VersionSpec& spec, const std::string& module,
                      const ModuleFailure& skipped) {
  for (const SourceSpec& source : spec.sources) {
    if (std::ranges::find(source.modules, module) != source.modules.end())
      return entry_of_skipped(source, module, skipped);
  }
  return {{"name", module},
          {"file_path", ""},
          {"error", error_of(skipped)},
          {"classes", json::array()}};
}

json::object libraries_of(const SourceSpec& source) {
  json::object libraries;
  for (const auto& [module, library] : source.libraries)
    libraries[module] = {{"path", library.library.string()}, {"file", library.file.string()}};
  return libraries;
}

/// Of each class that the manifest lists, the source that its module's entry names.
void note_sources(Version& version) {
  version.source_of.clear();
  for (const json::value& module : version.manifest.frame.at("modules").get_array()) {
    const json::value* classes = find(module, "classes");
    if (classes == nullptr || !classes->is_array()) continue;
    for (const json::value& declaration : classes->get_array()) {
      version.source_of.try_emplace(get_string(declaration, "class_path"),
                                    get_string(module, "source"));
    }
  }
}

}  // namespace

const std::string& source_name(const SourceSpec& source) {
  return source.name.empty() ? source.kind : source.name;
}

json::object entry_of_skipped(const SourceSpec& source, const std::string& module,
                              const ModuleFailure& skipped) {
  json::object entry{{"name", module},
                     {"source", source_name(source)},
                     {"file_path", ""},
                     {"error", error_of(skipped)},
                     {"classes", json::array()}};
  const auto library = source.libraries.find(module);
  if (!skipped.file.empty()) {
    entry["file_path"] = skipped.file.string();
  } else if (library != source.libraries.end()) {
    entry["file_path"] = library->second.file.string();
  } else if (!source.root.empty()) {
    entry["file_path"] = file_of(source.root, module).string();
  }
  if (source.kind == "app") entry["app"] = nullptr;
  return entry;
}

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
    json::object described{{"kind", source.kind}, {"name", source_name(source)}};
    if (!source.path.empty()) {
      described["path"] = source.path.string();
      described["root"] = source.root.string();
    }
    described["modules"] = std::move(modules);
    described["skip"] = std::move(skip);
    if (source.native) described["libraries"] = libraries_of(source);
    sources.push_back(std::move(described));
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
    const auto entry = std::find_if(
        entries.begin(), entries.end(), [&module = name](const json::value& candidate) {
          return candidate.is_object() && get_string(candidate, "name") == module;
        });
    if (entry == entries.end()) {
      entries.push_back(entry_of(version.spec, name, skipped));
    } else {
      entry->get_object()["error"] = error_of(skipped);
    }
  }
  version.manifest = {version.spec.id, std::move(frame)};
  note_sources(version);
}

std::string source_version(const Version& version, std::string_view class_path) {
  const auto known = version.source_of.find(class_path);
  if (known == version.source_of.end()) return version.spec.id;
  for (const SourceSpec& source : version.spec.sources) {
    if (source_name(source) == known->second && !source.version.empty()) return source.version;
  }
  return version.spec.id;
}

}  // namespace windlass::runner
