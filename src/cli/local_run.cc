#include "cli/local_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>

#include "base/files.h"
#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/home.h"
#include "cli/job_choices.h"
#include "cli/job_lookup.h"
#include "cli/job_runtime.h"
#include "cli/signals.h"
#include "cli/worker_parts.h"
#include "engine/questions.h"
#include "model/job_source.h"

namespace windlass::cli {

namespace {

/// A file given by its path: where its records belong, so that those of the home's own jobs stay as
/// they are.
std::string source_of(const std::string& file) {
  return std::string(kFileSource) + file;
}

/// Marks the jobs of a file as not installed at the end, however the command ends: no server knows
/// the file.
class InstalledMeanwhile {
 public:
  InstalledMeanwhile(Storage& storage, std::string file)
      : storage_(storage), file_(std::move(file)) {}
  ~InstalledMeanwhile() {
    if (file_.empty()) return;
    const auto forgotten =
        storage_.jobs().update_all([&](const std::vector<Job>& all) -> Result<std::vector<Job>> {
          std::vector<Job> changed;
          for (Job job : all) {
            if (job.source != source_of(file_)) continue;
            job.installed = false;
            changed.push_back(std::move(job));
          }
          return changed;
        });
    if (!forgotten.ok())
      log::error("The jobs of a file run by its path stay marked as installed.", forgotten.error());
  }
  InstalledMeanwhile(const InstalledMeanwhile&) = delete;
  InstalledMeanwhile& operator=(const InstalledMeanwhile&) = delete;

 private:
  Storage& storage_;
  const std::string file_;
};

/// What the catalog must load: the home's jobs, or a file that lies elsewhere. The latter is a
/// source of its own, with a place of its own for its versions, so that the home's records and last
/// good files are left alone.
engine::CatalogOptions catalog_for(const Settings& settings, const std::filesystem::path& file,
                                   const std::filesystem::path& elsewhere) {
  engine::CatalogOptions options = JobRuntime::catalog_options(settings);
  options.watch = false;
  options.keep_missing = true;
  if (file.empty() || lies_beneath(file, options.jobs_root)) return options;
  options.jobs_root = file.parent_path();
  options.only_module = file.stem().string();
  options.source = source_of(file);
  options.apps.clear();
  options.system_manifest = nullptr;
  options.home = elsewhere;
  return options;
}

/// The module of JOBS_ROOT that a file belongs to: its own, or the outermost package around it.
std::string module_of(const std::filesystem::path& file, const std::filesystem::path& root) {
  const auto canonical = std::filesystem::weakly_canonical(root);
  return file.lexically_relative(canonical).begin()->stem().string();
}

/// A file that is broken is not run: not its last good version either, since whoever names a file
/// means what it says now.
Result<void> check_imported(const std::string& file, const std::string& module,
                            const engine::RefreshSummary& summary) {
  for (const auto& [name, trouble] : summary.errors) {
    if (name != module) continue;
    return Error{"cli.broken_file", fmt::format("{} cannot be run:\n{}", file, strip(trouble))};
  }
  return ok();
}

/// With what is wrong with the job's module, where that may be why there is no such job; of a job
/// that was asked for by its name, any module may be the one.
Error with_import_errors(Error error, const std::string& job,
                         const engine::RefreshSummary& summary) {
  if (error.code != "job.not_found" && error.code != "job.not_installed") return error;
  const bool by_name = job.find('.') == std::string::npos;
  for (const auto& [module, trouble] : summary.errors) {
    if (by_name) error.message += fmt::format("\n  {}: {}", module, engine::problem_of(trouble));
    if (job.starts_with(module + ".")) error.message += fmt::format("\n{}", strip(trouble));
  }
  return error;
}

/// At its end signals stop nothing that is gone.
class WatchEnds {
 public:
  explicit WatchEnds(StopSignals& signals) : signals_(signals) {}
  ~WatchEnds() {
    signals_.watch([] {});
  }
  WatchEnds(const WatchEnds&) = delete;
  WatchEnds& operator=(const WatchEnds&) = delete;

 private:
  StopSignals& signals_;
};

int run(Home& home, engine::RunRequest request, const std::string& file, StopSignals& signals,
        const std::function<int(Storage&, const JobResult&)>& report) {
  const std::string name = fmt::format("{}{}", kLocalQueue, ::getpid());
  worker::WorkerOptions options = worker_options(home, name, {name});
  const auto elsewhere = TemporaryFolder::make();
  if (!elsewhere.ok()) return refuse(elsewhere.error());
  const engine::CatalogOptions catalog = catalog_for(home.settings, file, elsewhere->path());
  auto runtime = JobRuntime::make(home, options.record.instance, catalog, true);
  if (!runtime.ok()) return refuse(runtime.error());
  // A fetch or an import may take long.
  std::atomic<bool> stopped = false;
  signals.watch([&] {
    stopped = true;
    (*runtime)->catalog().request_stop();
  });
  const WatchEnds watched(signals);
  if (const auto started = (*runtime)->catalog().start(); !started.ok())
    return refuse(started.error());
  const auto refreshed = (*runtime)->catalog().first_refresh();
  if (!refreshed.ok()) return refuse(refreshed.error());
  if (!file.empty()) {
    const auto imported = check_imported(file, module_of(file, catalog.jobs_root), *refreshed);
    if (!imported.ok()) return refuse(imported.error());
    auto job = job_of_file(*home.storage, file, true);
    if (!job.ok()) return refuse(job.error());
    request.job = *job;
  }
  request.local = true;
  request.queue = name;
  JobChoices choices(home, false);
  choices.share(**runtime);
  const engine::Questions questions(*home.storage, choices);
  options.answer = [&questions](const json::object& ask, const ClaimedRun&) {
    return questions.answer(ask);
  };
  engine::Submitter submitter(*home.storage, home.clock, home.key, choices, {});
  const auto submitted = submitter.submit(request);
  if (!submitted.ok())
    return refuse(with_import_errors(submitted.error(), request.job, *refreshed));

  options.once = true;
  options.only = submitted->number;
  options.record.slots = 1;
  options.drain_timeout = Micros(0);
  worker::JobWorker worker(options, (*runtime)->loop(), (*runtime)->runner(), *home.storage,
                           home.key, home.clock);
  if (const auto started = worker.start(); !started.ok()) return refuse(started.error());
  signals.watch([&worker] { worker.request_stop(); });
  const WatchEnds of_worker(signals);
  if (stopped) worker.request_stop();
  const int status = report(*home.storage, *submitted);
  worker.wait();
  return status;
}

}  // namespace

int run_locally(const Settings& settings, engine::RunRequest request,
                const std::function<int(Storage&, const JobResult&)>& report) {
  StopSignals signals;  // before any thread
  auto home = open_home(settings);
  if (!home.ok()) return refuse(home.error());
  std::string file;
  if (is_job_file(request.job)) file = std::filesystem::weakly_canonical(request.job).string();
  const InstalledMeanwhile meanwhile(*(*home)->storage, file);
  return run(**home, std::move(request), file, signals, report);
}

}  // namespace windlass::cli
