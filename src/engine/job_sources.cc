#include "engine/job_sources.h"

#include <algorithm>
#include <limits>

#include "model/job_source.h"

namespace windlass::engine {

namespace {

Result<std::vector<JobSource>> sources_of(Storage& storage, const SourcePlaces& places) {
  std::vector<JobSource> sources;
  sources.push_back({.name = std::string(kJobsRootSource), .path = places.jobs_root});
  Query all;
  all.limit = std::numeric_limits<std::int64_t>::max();
  all.sort = "slug";
  WL_TRY(Page<GitRepository> repositories, storage.git_repositories().list(all));
  for (GitRepository& repository : repositories.items) {
    JobSource& source = sources.emplace_back();
    source.name = std::string(kGitSource) + repository.slug;
    source.path = places.home / "git" / repository.slug / "current";
    source.version = repository.current_head;
    if (!repository.sync_error.empty())
      source.errors[repository.slug + ".jobs"] = repository.sync_error;
    source.repository = std::move(repository);
  }
  for (const std::string& app : places.apps)
    sources.push_back({.name = std::string(kAppSource) + app});
  return sources;
}

JobSource* source_named(std::vector<JobSource>& sources, std::string_view name) {
  const auto found = std::ranges::find(sources, name, &JobSource::name);
  return found == sources.end() ? nullptr : &*found;
}

bool is_below(std::string_view module, std::string_view package) {
  return module == package ||
         (module.starts_with(package) && module.substr(package.size()).starts_with('.'));
}

/// A module that has no record belongs to the source whose package it is in, else to JOBS_ROOT.
JobSource& source_of_module(std::vector<JobSource>& sources, std::string_view module) {
  for (JobSource& source : sources) {
    for (const std::string_view beginning : {kGitSource, kAppSource}) {
      if (!source.name.starts_with(beginning)) continue;
      if (is_below(module, std::string_view(source.name).substr(beginning.size()))) return source;
    }
  }
  return sources.front();
}

}  // namespace

Result<std::vector<JobSource>> job_sources(Storage& storage, const SourcePlaces& places) {
  WL_TRY(std::vector<JobSource> sources, sources_of(storage, places));
  Query all;
  all.limit = std::numeric_limits<std::int64_t>::max();
  WL_TRY(const Page<Job> jobs, storage.jobs().list(all));
  std::map<std::string_view, TimePoint> refreshed;
  for (const Job& job : jobs.items) {
    JobSource* source = source_named(sources, job.source);
    if (source == nullptr || !job.installed) continue;
    ++source->jobs;
    if (!job.warning.empty()) source->warnings.insert(job.class_path + ": " + job.warning);
    if (!job.import_error.empty()) source->errors[job.module_name] = job.import_error;
    const auto [newest, first] = refreshed.try_emplace(source->name, job.last_updated);
    if (source->repository || (!first && job.last_updated <= newest->second)) continue;
    source->version = job.source_version;
    newest->second = job.last_updated;
  }
  // The newest, and of modules that have no record.
  for (auto& [module, traceback] : load_import_errors(places.home))
    source_of_module(sources, module).errors.try_emplace(module, traceback);
  return sources;
}

}  // namespace windlass::engine
