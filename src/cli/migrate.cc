#include <fmt/format.h>

#include "base/process.h"
#include "base/program.h"
#include "cli/commands.h"
#include "cli/home.h"
#include "cli/job_runtime.h"

namespace windlass::cli {

int migrate(const LoadedSettings& loaded) {
  auto home = open_home(loaded.settings);
  if (!home.ok()) return refuse(home.error());
  engine::CatalogOptions options = JobRuntime::catalog_options(loaded.settings);
  options.watch = false;
  auto runtime =
      JobRuntime::make(**home, instance_marker(new_id((*home)->clock.now())), options, true);
  if (!runtime.ok()) return refuse(runtime.error());
  if (const auto started = (*runtime)->catalog().start(); !started.ok())
    return refuse(started.error());
  const auto refreshed = (*runtime)->catalog().first_refresh();
  if (!refreshed.ok()) return refuse(refreshed.error());
  fmt::print("The database is up to date. New jobs: {}, changed: {}, vanished: {}.\n",
             refreshed->new_jobs.size(), refreshed->changed_jobs.size(),
             refreshed->vanished_jobs.size());
  for (const std::string& class_path : refreshed->new_jobs) {
    fmt::print("  new: {} ({})\n", class_path, program::command("jobs enable " + class_path));
  }
  for (const auto& [module, text] : refreshed->errors)
    fmt::print("  {}: {}\n", module, engine::problem_of(text));
  for (const auto& [class_path, trouble] : refreshed->warnings)
    fmt::print("  {}: {}\n", class_path, trouble);
  return kOk;
}

}  // namespace windlass::cli
