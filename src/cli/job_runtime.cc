#include "cli/job_runtime.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <string_view>
#include <thread>

#include "base/log.h"
#include "base/program.h"
#include "engine/system_jobs.h"
#include "model/job_source.h"
#include "runner/spawn.h"

namespace windlass::cli {

namespace {

Micros to_micros(double seconds) {
  return Micros(static_cast<std::int64_t>(seconds * 1e6));
}

sources::GitOptions git_options(const Settings& settings, bool trusted) {
  sources::GitOptions options;
  options.folder = settings.home / "git";
  options.file_roots = settings.git_file_folders(trusted);
  options.known_hosts_file = settings.git_known_hosts_file();
  options.timeout = to_micros(settings.git_timeout);
  options.size_limit = settings.git_size_limit;
  options.folder_mode = folder_mode(settings);
  return options;
}

/// Whether the account may go through the folder to what lies beneath it.
bool may_pass(const runner::Account& account, const std::filesystem::path& folder) {
  struct stat found {};
  if (account.user == 0 || ::stat(folder.c_str(), &found) != 0) return true;
  if (found.st_uid == account.user) return (found.st_mode & S_IXUSR) != 0;
  const bool in_group = std::ranges::find(account.groups, found.st_gid) != account.groups.end();
  return (found.st_mode & (in_group ? S_IXGRP : S_IXOTH)) != 0;
}

/// Without this, all that is told is that the interpreter finds no file.
void warn_of_closed_folders(const Settings& settings) {
  if (settings.job_user.empty()) return;
  const auto account = runner::find_account(settings.job_user);
  if (!account.ok()) return;  // told when job code is started
  std::filesystem::path folder;
  for (const auto& part : std::filesystem::absolute(settings.home).lexically_normal()) {
    folder /= part;
    if (may_pass(*account, folder)) continue;
    log::warning(
        fmt::format("Jobs run as {}, which cannot get through {} to the job code; allow it "
                    "with `chmod o+x {}`, or use another home",
                    settings.job_user, folder.string(), program::shell_word(folder.string())));
  }
}

/// Source → interpreter.
std::map<std::string, std::string> pythons_of(const Settings& settings) {
  std::map<std::string, std::string> pythons;
  for (const std::string_view item : settings.pythons) {
    const std::string source(item.substr(0, item.find('=')));
    pythons[source] = settings.python_of(source);
  }
  return pythons;
}

/// Null where the setting does not allow to install what repositories require.
std::unique_ptr<engine::GitEnvironments> environments_of(const Home& home,
                                                         const std::string& instance) {
  const Settings& settings = home.settings;
  if (settings.git_requirements != "yes") return nullptr;
  engine::VirtualEnvironmentOptions options;
  options.folder = std::filesystem::absolute(settings.home / "venvs");
  options.instance = instance;
  options.job_user = settings.job_user;
  options.job_environment = settings.job_environment;
  options.time_limit = to_micros(settings.time_limit);
  return std::make_unique<engine::GitEnvironments>(std::move(options), home.sanitiser,
                                                   settings.python, pythons_of(settings));
}

}  // namespace

runner::PoolOptions pool_options(const Settings& settings, const SdkFolders& sdk,
                                 const std::string& instance) {
  runner::PoolOptions options;
  options.python = settings.python;
  options.sdk = sdk.python;
  options.vendor = sdk.vendor;
  options.native_runner = sdk.native / "bin" / "windlass-native-runner";
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

engine::NativeOptions native_options(const Settings& settings, const SdkFolders& sdk,
                                     const std::filesystem::path& home,
                                     const std::string& instance) {
  engine::NativeOptions options;
  options.folder = std::filesystem::absolute(home / "native");
  options.sdk = sdk.native;
  options.compiler = settings.compiler;
  options.instance = instance;
  options.job_user = settings.job_user;
  options.job_environment = settings.job_environment;
  return options;
}

Result<std::unique_ptr<JobRuntime>> JobRuntime::make(Home& home, const std::string& instance,
                                                     engine::CatalogOptions catalog, bool trusted) {
  warn_of_closed_folders(home.settings);
  WL_TRY(const SdkFolders sdk, unpack_sdk(home.settings.home / "sdk"));
  std::unique_ptr<JobRuntime> runtime(new JobRuntime);
  runner::PoolOptions pool = pool_options(home.settings, sdk, instance);
  pool.on_recovered = [&jobs = runtime->catalog_] { jobs->request_refresh(); };
  runtime->pool_ = std::make_unique<runner::Pool>(std::move(pool), runtime->loop_, home.clock);
  const sources::GitOptions git = git_options(home.settings, trusted);
  runtime->environments_ = environments_of(home, instance);
  runtime->checkouts_ =
      std::make_unique<engine::GitCheckouts>(git, home.key, runtime->environments_.get());
  runtime->native_ = std::make_unique<engine::NativeBuilds>(
      native_options(home.settings, sdk, home.settings.home, instance), home.sanitiser, home.clock);
  catalog.native = runtime->native_.get();
  catalog.sanitiser = home.sanitiser;
  if (catalog.source == kJobsRootSource) catalog.repositories = runtime->checkouts_.get();
  runtime->catalog_ = std::make_unique<engine::Catalog>(std::move(catalog), runtime->loop_,
                                                        *runtime->pool_, *home.storage, home.clock);
  runtime->sync_ = std::make_unique<engine::GitSync>(
      git, *home.storage, home.key, home.clock, home.sanitiser,
      [&jobs = *runtime->catalog_, &native = *runtime->native_](
          const GitRepository& repository, const sources::SourceVersion& version,
          const std::function<bool()>& cancelled) {
        native.wait(version, [&] { return !cancelled(); });
        return jobs.try_commit(repository, version, cancelled);
      },
      [&jobs = *runtime->catalog_](const GitRepository& repository,
                                   const std::function<bool()>& cancelled) {
        return jobs.serves(repository, cancelled);
      },
      runtime->environments_.get());
  runtime->runner_ = std::make_unique<engine::SystemRunner>(
      runtime->loop_, *runtime->pool_, home.clock, WINDLASS_VERSION, runtime->sync_->jobs());
  return runtime;
}

JobRuntime::~JobRuntime() {
  if (catalog_ != nullptr) catalog_->request_stop();
  // It asks for refreshes of the catalog.
  if (pool_ != nullptr) pool_->stop();
}

engine::CatalogOptions JobRuntime::catalog_options(const Settings& settings) {
  engine::CatalogOptions options;
  options.jobs_root = settings.in_home(settings.jobs_root);
  options.home = settings.home;
  options.copy_limit = static_cast<std::size_t>(settings.sources_copy_limit);
  options.apps = settings.apps;
  options.pythons = pythons_of(settings);
  options.system_manifest = engine::system_manifest();
  options.system_version = WINDLASS_VERSION;
  return options;
}

int worker_slots(const Settings& settings) {
  if (settings.workers > 0) return static_cast<int>(settings.workers);
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace windlass::cli
