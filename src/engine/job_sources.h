#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/import_errors.h"
#include "storage/storage.h"

namespace windlass::engine {

/// One place that job code comes from, and how it stands.
struct JobSource {
  std::string name;  ///< as Job::source
  std::filesystem::path path =
      {};                    ///< where its files are; "" of an app, which the interpreter finds
  std::string version = {};  ///< that serves, as far as records tell; "" when there is none
  ImportErrors errors = {};  ///< of its newest files, by module
  std::set<std::string> warnings = {};  ///< "class path: sentence"
  std::int64_t jobs = 0;                ///< installed ones
  std::optional<GitRepository> repository = {};
};

/// Where code may come from, besides the repositories that storage knows.
struct SourcePlaces {
  std::filesystem::path home;
  std::filesystem::path jobs_root;
  std::vector<std::string> apps;
};

/// JOBS_ROOT, the Git repositories by slug, and the apps, also those without jobs. Blocks on
/// storage and reads what the catalog noted last.
Result<std::vector<JobSource>> job_sources(Storage& storage, const SourcePlaces& places);

}  // namespace windlass::engine
