#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "engine/import_errors.h"
#include "engine/native_builds.h"
#include "runner/runner.h"
#include "sources/version.h"

namespace windlass::engine {

/// One source of job code in one version. A value; cheap to copy.
struct SourceCode {
  std::string name;    ///< Job::source
  std::string kind;    ///< as runner::SourceSpec
  std::string python;  ///< interpreter; "": the setting
  /// Of an installed package: without files of ours, and its id changes once it was imported.
  sources::SourceVersion version;
  std::map<std::string, NativeModule> native = {};  ///< its modules in C++, by name

  bool operator==(const SourceCode& other) const {
    return name == other.name && python == other.python && version.id == other.version.id &&
           native == other.native;
  }
};

/// The sources that are imported together, in the order in which the runner does it: installed
/// packages, repositories, JOBS_ROOT.
struct CodeSet {
  std::vector<SourceCode> sources;

  bool operator==(const CodeSet&) const = default;
  const SourceCode* find(std::string_view name) const;
  /// JOBS_ROOT, or the folder that stands in for it; nullptr when it is not there.
  const SourceCode* root() const;
  /// Puts a source into its place, instead of the one of that name.
  void put(SourceCode source);
  void remove(std::string_view name);
  /// JOBS_ROOT's version where there is nothing else; else a hash over the sources' versions and
  /// the libraries of their modules in C++.
  std::string id() const;
  /// What the runner is to import, under id().
  runner::VersionSpec spec() const;
  runner::SourceVersions versions() const;
};

/// Each module's entry of the manifest names its source afterwards: where the runner does not say,
/// that which has the module.
void name_sources(json::value& manifest, const CodeSet& set);

}  // namespace windlass::engine
