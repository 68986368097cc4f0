#pragma once

#include <memory>
#include <string>

#include "base/event_loop.h"
#include "cli/home.h"
#include "embedded/sdk.h"
#include "engine/catalog.h"
#include "runner/pool.h"

namespace windlass::cli {

/// What is needed to run job code in this process tree: event loop, runner pool and catalog, wired
/// to an opened home. Starts with catalog().start(); its destructor stops everything, the event
/// loop last.
class JobRuntime {
 public:
  /// Unpacks the Python package and makes the parts; starts nothing but the event loop. `home`
  /// outlives it.
  static Result<std::unique_ptr<JobRuntime>> make(Home& home, const std::string& instance,
                                                  const engine::CatalogOptions& catalog);
  EventLoop& loop() { return loop_; }
  runner::Pool& pool() { return *pool_; }
  engine::Catalog& catalog() { return *catalog_; }
  /// Catalog options of this home.
  static engine::CatalogOptions catalog_options(const Settings& settings);

 private:
  JobRuntime() = default;
  EventLoop loop_{"windlass-jobs"};
  std::unique_ptr<runner::Pool> pool_;
  std::unique_ptr<engine::Catalog> catalog_;
};

/// Options of a pool with these settings; `instance` marks its processes.
runner::PoolOptions pool_options(const Settings& settings, const SdkFolders& sdk,
                                 const std::string& instance);

/// Runs at a time: the setting, or one a processor.
int worker_slots(const Settings& settings);

}  // namespace windlass::cli
