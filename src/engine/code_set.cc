#include "engine/code_set.h"

#include <algorithm>

#include "base/crypto.h"
#include "model/job_source.h"

namespace windlass::engine {

namespace {

constexpr std::string_view kRootKind = "jobs_root";

int place_of(const SourceCode& source) {
  if (source.kind == "app") return 0;
  return source.kind == "git" ? 1 : 2;
}

std::string source_with(const CodeSet& set, const std::string& module) {
  for (const SourceCode& source : set.sources) {
    if (source.version.find(module) != nullptr) return source.name;
  }
  const SourceCode* root = set.root();
  return root == nullptr ? std::string(kJobsRootSource) : root->name;
}

runner::SourceSpec spec_of(const SourceCode& source) {
  runner::SourceSpec spec{source.kind, source.version.path, source.version.root, {}};
  spec.name = source.name;
  spec.version = source.version.id;
  spec.python = source.python;
  return spec;
}

void add_native(runner::SourceSpec& spec, const SourceCode& source, const std::string& name) {
  spec.modules.push_back(name);
  const auto known = source.native.find(name);
  if (known == source.native.end()) {
    spec.failed[name] = {"CompileError", "This program does not compile modules in C++."};
  } else if (known->second.failure) {
    spec.failed[name] = *known->second.failure;
  } else {
    spec.libraries[name] = {known->second.library, known->second.file};
  }
}

}  // namespace

const SourceCode* CodeSet::find(std::string_view name) const {
  const auto at = std::ranges::find(sources, name, &SourceCode::name);
  return at == sources.end() ? nullptr : &*at;
}

const SourceCode* CodeSet::root() const {
  const auto at = std::ranges::find(sources, kRootKind, &SourceCode::kind);
  return at == sources.end() ? nullptr : &*at;
}

void CodeSet::put(SourceCode source) {
  remove(source.name);
  // Packages stay in the order of the setting; a repository finds its place by its name.
  const auto behind = std::ranges::find_if(sources, [&](const SourceCode& other) {
    if (place_of(other) != place_of(source)) return place_of(other) > place_of(source);
    return source.kind == "git" && other.name > source.name;
  });
  sources.insert(behind, std::move(source));
}

void CodeSet::remove(std::string_view name) {
  std::erase_if(sources, [&](const SourceCode& source) { return source.name == name; });
}

std::string CodeSet::id() const {
  if (sources.size() == 1 && root() != nullptr && sources.front().native.empty())
    return sources.front().version.id;
  std::string all;
  for (const SourceCode& source : sources) {
    all += source.name + '\n' + source.version.id + '\n' + source.python + '\n';
    for (const auto& [name, module] : source.native) {
      all += name + '\n' + module.key + '\n';
      if (module.failure) all += module.failure->message + '\n';
    }
  }
  return content_hash(all);
}

runner::VersionSpec CodeSet::spec() const {
  runner::VersionSpec spec;
  spec.id = id();
  for (const SourceCode& source : sources) {
    runner::SourceSpec python = spec_of(source);
    runner::SourceSpec native = python;
    native.native = true;
    native.python.clear();
    for (const sources::SourceModule& module : source.version.modules) {
      if (!module.clash.empty()) {
        python.modules.push_back(module.name);
        python.failed[module.name] = {"ImportError", module.clash, "",
                                      source.version.root / module.path};
      } else if (module.is_native()) {
        add_native(native, source, module.name);
      } else {
        python.modules.push_back(module.name);
      }
    }
    for (const auto& hold : {source.version.hold, source.version.python_hold}) {
      if (hold != nullptr) spec.holds.push_back(hold);
    }
    for (const auto& [name, module] : source.native) {
      if (module.hold != nullptr) spec.holds.push_back(module.hold);
    }
    if (!python.modules.empty() || native.modules.empty())
      spec.sources.push_back(std::move(python));
    if (!native.modules.empty()) spec.sources.push_back(std::move(native));
  }
  return spec;
}

runner::SourceVersions CodeSet::versions() const {
  runner::SourceVersions all;
  for (const SourceCode& source : sources) all[source.name] = source.version.id;
  return all;
}

void name_sources(json::value& manifest, const CodeSet& set) {
  json::value* modules =
      manifest.is_object() ? manifest.get_object().if_contains("modules") : nullptr;
  if (modules == nullptr || !modules->is_array()) return;
  for (json::value& module : modules->get_array()) {
    if (module.is_object() && get_string(module, "source").empty())
      module.get_object()["source"] = source_with(set, get_string(module, "name"));
  }
}

}  // namespace windlass::engine
