#include "cli/job_runtime.h"

#include <algorithm>
#include <thread>

namespace windlass::cli {

namespace {

Micros to_micros(double seconds) {
  return Micros(static_cast<std::int64_t>(seconds * 1e6));
}

}  // namespace

runner::PoolOptions pool_options(const Settings& settings, const SdkFolders& sdk,
                                 const std::string& instance) {
  runner::PoolOptions options;
  options.python = settings.python;
  options.sdk = sdk.python;
  options.vendor = sdk.vendor;
  options.instance = instance;
  options.spares = static_cast<int>(settings.spare_children);
  options.reuse = settings.isolation == "reuse";
  options.runs_per_child = static_cast<int>(settings.runs_per_child);
  options.import_timeout = to_micros(settings.import_timeout);
  options.cancel_grace = to_micros(settings.cancel_grace);
  options.job_user = settings.job_user;
  options.environment = settings.job_environment;
  return options;
}

Result<std::unique_ptr<JobRuntime>> JobRuntime::make(Home& home, const std::string& instance,
                                                     const engine::CatalogOptions& catalog) {
  WL_TRY(const SdkFolders sdk, unpack_sdk(home.settings.home / "sdk"));
  std::unique_ptr<JobRuntime> runtime(new JobRuntime);
  runtime->pool_ = std::make_unique<runner::Pool>(pool_options(home.settings, sdk, instance),
                                                  runtime->loop_, home.clock);
  runtime->catalog_ = std::make_unique<engine::Catalog>(catalog, runtime->loop_, *runtime->pool_,
                                                        *home.storage, home.clock);
  return runtime;
}

engine::CatalogOptions JobRuntime::catalog_options(const Settings& settings) {
  engine::CatalogOptions options;
  options.jobs_root = settings.in_home(settings.jobs_root);
  options.home = settings.home;
  options.copy_limit = static_cast<std::size_t>(settings.sources_copy_limit);
  return options;
}

int worker_slots(const Settings& settings) {
  if (settings.workers > 0) return static_cast<int>(settings.workers);
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace windlass::cli
