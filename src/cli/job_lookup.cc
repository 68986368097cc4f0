#include "cli/job_lookup.h"

#include <fmt/format.h>

#include <filesystem>

#include "model/job_source.h"

namespace windlass::cli {

Result<std::vector<Job>> all_jobs(Storage& storage) {
  std::vector<Job> all;
  Query query;
  query.limit = 1000;
  while (true) {
    WL_TRY(Page<Job> page, storage.jobs().list(query));
    query.offset += static_cast<std::int64_t>(page.items.size());
    const bool last = page.items.empty() || query.offset >= page.count;
    for (Job& job : page.items) {
      if (job.source != kSystemSource) all.push_back(std::move(job));
    }
    if (last) return all;
  }
}

bool is_job_file(const std::string& text) {
  std::error_code failure;
  return (text.ends_with(".py") || text.ends_with(".cpp")) &&
         std::filesystem::is_regular_file(text, failure);
}

Result<std::string> job_of_file(Storage& storage, const std::string& path, bool local) {
  WL_TRY(const std::vector<Job> all, all_jobs(storage));
  const auto wanted = std::filesystem::weakly_canonical(path);
  std::vector<std::string> found;
  for (const Job& job : all) {
    if (job.installed && std::filesystem::weakly_canonical(job.file_path) == wanted) {
      found.push_back(job.class_path);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return Error{"job.not_found",
                 path + (local ? " registers no job; does it call register_jobs?"
                               : " registers no job that Windlass knows; is it beneath jobs_root, "
                                 "and does it call register_jobs? `runjob --local` runs a file "
                                 "anywhere.")};
  }
  return Error{"cli.several_jobs", fmt::format("{} registers several jobs; name one: {}.", path,
                                               fmt::join(found, ", "))};
}

}  // namespace windlass::cli
