#pragma once

#include <memory>
#include <string>

#include "base/event_loop.h"
#include "cli/home.h"
#include "embedded/sdk.h"
#include "engine/catalog.h"
#include "engine/git_checkouts.h"
#include "engine/git_environments.h"
#include "engine/git_sync.h"
#include "engine/native_builds.h"
#include "engine/system_runner.h"
#include "runner/pool.h"

namespace windlass::cli {

/// What is needed to run jobs in this process tree: event loop, runners of job code and of
/// Windlass' own jobs, and catalog, wired to an opened home. Starts with catalog().start(); its
/// destructor stops everything, the event loop last.
class JobRuntime {
 public:
  ~JobRuntime();
  /// Unpacks the Python package and makes the parts; starts nothing but the event loop. `trusted`
  /// as in Settings::git_file_folders(). `home` outlives it.
  static Result<std::unique_ptr<JobRuntime>> make(Home& home, const std::string& instance,
                                                  engine::CatalogOptions catalog, bool trusted);
  EventLoop& loop() { return loop_; }
  runner::Runner& runner() { return *runner_; }
  engine::Catalog& catalog() { return *catalog_; }
  /// Catalog options of this home, with all sources of job code.
  static engine::CatalogOptions catalog_options(const Settings& settings);

 private:
  JobRuntime() = default;
  EventLoop loop_{"windlass-jobs"};
  std::unique_ptr<runner::Pool> pool_;
  std::unique_ptr<engine::GitEnvironments> environments_;  ///< null without git_requirements
  std::unique_ptr<engine::GitCheckouts> checkouts_;
  std::unique_ptr<engine::NativeBuilds> native_;
  std::unique_ptr<engine::Catalog> catalog_;
  std::unique_ptr<engine::GitSync> sync_;
  std::unique_ptr<engine::SystemRunner> runner_;
};

/// Options of a pool with these settings; `instance` marks its processes.
runner::PoolOptions pool_options(const Settings& settings, const SdkFolders& sdk,
                                 const std::string& instance);
/// How modules in C++ are compiled; what comes of it lies in `home`/native.
engine::NativeOptions native_options(const Settings& settings, const SdkFolders& sdk,
                                     const std::filesystem::path& home,
                                     const std::string& instance);

/// Runs at a time: the setting, or one a processor.
int worker_slots(const Settings& settings);

}  // namespace windlass::cli
