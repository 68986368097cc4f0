#include "cli/local_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"
#include "base/process.h"
#include "cli/commands.h"
#include "cli/home.h"
#include "cli/job_choices.h"
#include "cli/job_lookup.h"
#include "cli/job_runtime.h"
#include "cli/signals.h"
#include "cli/worker_parts.h"
#include "engine/questions.h"

namespace windlass::cli {

namespace {

/// A file given by its path: where its records belong, so that those of the home's own jobs stay as
/// they are.
std::string source_of(const std::string& file) {
  return "file:" + file;
}

/// No server knows the file: its jobs are installed only while the command runs.
void forget_jobs_of(Storage& storage, const std::string& file) {
  const auto forgotten =
      storage.jobs().update_all([&](const std::vector<Job>& all) -> Result<std::vector<Job>> {
        std::vector<Job> changed;
        for (Job job : all) {
          if (job.source != source_of(file)) continue;
          job.installed = false;
          changed.push_back(std::move(job));
        }
        return changed;
      });
  if (!forgotten.ok())
    log::error("The jobs of a file run by its path stay marked as installed.", forgotten.error());
}

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
  options.home = elsewhere;
  return options;
}

/// First errors of the refresh that concern the job, so that a broken file is seen as the reason.
Error with_import_errors(Error error, const engine::RefreshSummary& summary) {
  for (const auto& [module, problem] : summary.errors)
    error.message += "\n  " + module + ": " + problem;
  return error;
}

int run(Home& home, engine::RunRequest request, const std::string& file, StopSignals& signals,
        const std::function<int(Storage&, const JobResult&)>& report) {
  const std::string name = fmt::format("{}{}", kLocalQueue, ::getpid());
  worker::WorkerOptions options = worker_options(home, name, {name});
  const TemporaryFolder elsewhere;
  auto runtime = JobRuntime::make(home, options.record.instance,
                                  catalog_for(home.settings, file, elsewhere.path()));
  if (!runtime.ok()) return refuse(runtime.error());
  if (const auto started = (*runtime)->catalog().start(); !started.ok())
    return refuse(started.error());
  const auto refreshed = (*runtime)->catalog().first_refresh();
  if (!refreshed.ok()) return refuse(refreshed.error());
  if (!file.empty()) {
    auto job = job_of_file(*home.storage, file);
    if (!job.ok()) return refuse(with_import_errors(job.error(), *refreshed));
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
  if (!submitted.ok()) return refuse(with_import_errors(submitted.error(), *refreshed));

  options.once = true;
  options.only = submitted->number;
  options.record.slots = 1;
  options.drain_timeout = Micros(0);
  worker::JobWorker worker(options, (*runtime)->loop(), (*runtime)->pool(), *home.storage, home.key,
                           home.clock);
  if (const auto started = worker.start(); !started.ok()) return refuse(started.error());
  signals.watch([&worker] { worker.request_stop(); });
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
  const int status = run(**home, std::move(request), file, signals, report);
  if (!file.empty()) forget_jobs_of(*(*home)->storage, file);
  return status;
}

}  // namespace windlass::cli
