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
  if (sources.size() == 1 && root() != nullptr) return sources.front().version.id;
  std::string all;
  for (const SourceCode& source : sources)
    all += source.name + '\n' + source.version.id + '\n' + source.python + '\n';
  return content_hash(all);
}

runner::VersionSpec CodeSet::spec() const {
  runner::VersionSpec spec;
  spec.id = id();
  for (const SourceCode& source : sources) {
    const sources::SourceVersion& version = source.version;
    runner::SourceSpec& described = spec.sources.emplace_back();
    described = {source.kind, version.path, version.root, {},
                 source.name, version.id,   source.python};
    for (const sources::SourceModule& module : version.modules)
      described.modules.push_back(module.name);
    for (const auto& hold : {version.hold, version.python_hold}) {
      if (hold != nullptr) spec.holds.push_back(hold);
    }
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
