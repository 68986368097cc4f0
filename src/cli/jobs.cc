#include <fmt/format.h>

#include <iostream>

#include "base/program.h"
#include "cli/commands.h"
#include "cli/home.h"
#include "cli/job_lookup.h"
#include "cli/variable_table.h"
#include "engine/catalog.h"
#include "engine/import_errors.h"
#include "engine/submit.h"
#include "model/job_source.h"

namespace windlass::cli {

namespace {

std::string state_of(const Job& job) {
  std::string state = !job.installed ? "not installed" : job.enabled ? "enabled" : "disabled";
  if (job.is_job_hook_receiver) state += ", hook receiver";
  if (job.is_job_button_receiver) state += ", button receiver";
  if (!job.import_error.empty()) state += ", newest file broken";
  return state;
}

json::object to_json(const Job& job) {
  return {{"class_path", job.class_path},
          {"name", job.name},
          {"grouping", job.grouping},
          {"enabled", job.enabled},
          {"installed", job.installed},
          {"description", job.description},
          {"source", job.source},
          {"file_path", job.file_path},
          {"source_version", job.source_version},
          {"import_error", job.import_error},
          {"variables", job.variables}};
}

/// Files that do not import, those without any record too: an author looks here first.
void print_import_errors(const Settings& settings) {
  for (const auto& [source, modules] : engine::load_import_errors(settings.home)) {
    for (const auto& [module, traceback] : modules) {
      fmt::print("{:<44} {:<14} {:<16} {}\n", module, "broken", source,
                 engine::problem_of(traceback));
    }
  }
}

int list(Home& home, bool as_json) {
  const auto found = all_jobs(*home.storage);
  if (!found.ok()) return refuse(found.error());
  json::array array;
  for (const Job& job : *found) {
    if (as_json) {
      array.push_back(to_json(job));
    } else {
      fmt::print("{:<44} {:<14} {:<16} {}\n", job.class_path, state_of(job), job.source, job.name);
    }
  }
  if (as_json) std::cout << to_text(array) << "\n";
  if (!as_json) print_import_errors(home.settings);
  if (!as_json && found->empty()) {
    fmt::print("No jobs. Put a Python or C++ file into {} and start Windlass, or run `{}`.\n",
               home.settings.in_home(home.settings.jobs_root).string(),
               program::command("migrate"));
  }
  return kOk;
}

void print_job(const Job& job) {
  fmt::print(
      "{}\n  name        {}\n  grouping    {}\n  state       {}\n  source      {}\n  file        "
      "{}:{}\n  version    "
      " {}\n",
      job.class_path, job.name, job.grouping, state_of(job), job.source, job.file_path, job.line,
      job.source_version);
  if (!job.description.empty()) fmt::print("\n{}\n", job.description);
  const std::string table = variable_table(job.variables);
  if (!table.empty()) fmt::print("\nVariables\n{}", table);
  if (!job.warning.empty()) fmt::print("\nWarning: {}\n", job.warning);
  if (!job.import_error.empty())
    fmt::print("\nThe newest file does not import:\n{}\n", job.import_error);
}

int show(const std::vector<Job>& found, bool as_json) {
  for (const Job& job : found) {
    if (as_json) {
      std::cout << to_text(to_json(job)) << "\n";
    } else {
      print_job(job);
    }
  }
  return kOk;
}

int set_enabled(Home& home, const std::vector<Job>& found, bool enabled) {
  for (const Job& job : found) {
    const auto changed = home.storage->jobs().modify(job.id, [&](Job& record) {
      return engine::patch_job(record, json::object{{"enabled", enabled}}, home.clock.now());
    });
    if (!changed.ok()) return refuse(changed.error());
    fmt::print("{} {}\n", enabled ? "enabled " : "disabled", job.class_path);
  }
  return kOk;
}

/// The jobs that were named, or with --all every installed one.
Result<std::vector<Job>> chosen_jobs(Home& home, const JobsOptions& options) {
  std::vector<Job> chosen;
  if (options.all && !options.jobs.empty()) {
    return Error{"cli.all_or_named",
                 fmt::format("--all means every installed job; leave it out, or leave out {}.",
                             fmt::join(options.jobs, ", "))};
  }
  if (options.all) {
    WL_TRY(const std::vector<Job> all, all_jobs(*home.storage));
    for (const Job& job : all) {
      if (job.installed) chosen.push_back(job);
    }
    if (chosen.empty()) {
      return Error{"cli.no_jobs", "No job is known yet; start Windlass or run `" +
                                      program::command("migrate") + "` first."};
    }
    return chosen;
  }
  for (const std::string& name : options.jobs) {
    WL_TRY(Job job, engine::find_job(*home.storage, name));
    chosen.push_back(std::move(job));
  }
  if (chosen.empty()) {
    return Error{"cli.nothing_named",
                 "Name at least one job, by class path, name or id" +
                     std::string(options.action == "show" ? "." : ", or --all.")};
  }
  return chosen;
}

}  // namespace

int jobs(const LoadedSettings& loaded, const JobsOptions& options) {
  if (options.action == "new") return new_job(loaded, options);
  if (options.action == "check") return check_jobs(loaded, options);
  const auto home = open_home(loaded.settings);
  if (!home.ok()) return refuse(home.error());
  if (options.action == "list") return list(**home, options.json);
  const auto chosen = chosen_jobs(**home, options);
  if (!chosen.ok()) return refuse(chosen.error());
  if (options.action == "show") return show(*chosen, options.json);
  return set_enabled(**home, *chosen, options.action == "enable");
}

}  // namespace windlass::cli
