#include "engine/system_jobs.h"

#include <string_view>

#include "engine/job_records.h"
#include "model/git_repository.h"
#include "model/job_source.h"

namespace windlass::engine {

namespace {

constexpr std::string_view kModule = "nautobot.core.jobs";

json::array repository_variable(std::string_view description) {
  return {json::object{{"name", "repository"},
                       {"type", "ObjectVar"},
                       {"label", "Git repository"},
                       {"description", description},
                       {"required", true},
                       {"has_default", false},
                       {"default", nullptr},
                       {"widget", nullptr},
                       {"visible_if", nullptr},
                       {"model", "extras.gitrepository"},
                       {"display_field", ""},
                       {"query_params", nullptr},
                       {"null_option", nullptr}}};
}

json::object declared(std::string_view class_path, std::string_view name,
                      std::string_view description, std::string_view variable) {
  return {{"class_path", class_path},
          {"module_name", kModule},
          {"job_class_name", class_path.substr(kModule.size() + 1)},
          {"grouping", "System Jobs"},
          {"file_path", ""},
          {"line", 0},
          {"is_job_hook_receiver", false},
          {"is_job_button_receiver", false},
          {"supports_dryrun", false},
          {"meta", json::object{{"name", name},
                                {"description", description},
                                {"hidden", true},
                                {"has_sensitive_variables", false},
                                {"max_retries", nullptr}}},
          {"variables", repository_variable(variable)}};
}

}  // namespace

json::value system_manifest() {
  return json::object{
      {"modules",
       json::array{json::object{
           {"name", kModule},
           {"source", kSystemSource},
           {"file_path", ""},
           {"error", nullptr},
           {"classes",
            json::array{
                declared(
                    kSyncJob, "Git Repository: Sync",
                    "Fetches a repository, imports its jobs, and serves them when they import.",
                    "The repository to fetch."),
                declared(kDryRunJob, "Git Repository: Dry Run",
                         "Fetches a repository and tells what a sync would change.",
                         "The repository to look at.")}}}}}};
}

Result<void> record_system_jobs(Storage& storage, const std::string& version, TimePoint now) {
  DeclaredCode code;
  code.manifest = system_manifest();
  code.versions[std::string(kSystemSource)] = version;
  WL_TRY(
      [[maybe_unused]] const std::vector<Job> written,
      storage.jobs().update_all([&](const std::vector<Job>& existing) -> Result<std::vector<Job>> {
        RefreshSummary summary;
        return refreshed_records(existing, code, now, &summary);
      }));
  return ok();
}

}  // namespace windlass::engine
