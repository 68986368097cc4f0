#include "engine/job_sources.h"

#include <fmt/format.h>

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
    sources.push_back({.name = fmt::format("{}{}", kAppSource, app_name(app))});
  return sources;
}

JobSource* source_named(std::vector<JobSource>& sources, std::string_view name) {
  const auto found = std::ranges::find(sources, name, &JobSource::name);
  return found == sources.end() ? nullptr : &*found;
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
  for (const auto& [name, errors] : load_import_errors(places.home)) {
    if (JobSource* source = source_named(sources, name))
      source->errors.insert(errors.begin(), errors.end());
  }
  return sources;
}

}  // namespace windlass::engine
