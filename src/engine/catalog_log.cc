#include "engine/catalog_log.h"

#include <fmt/format.h>

#include "base/log.h"
#include "base/program.h"

namespace windlass::engine {

namespace {

/// More new jobs than this are told in one line.
constexpr std::size_t kJobsToldSingly = 10;

void tell_new_jobs(const std::vector<std::string>& class_paths) {
  if (class_paths.size() > kJobsToldSingly) {
    log::info(fmt::format("{} new jobs were found; enable them with `{} …`, or all with `{}`",
                          class_paths.size(),
                          program::command("jobs enable " + class_paths.front()),
                          program::command("jobs enable --all")));
    return;
  }
  for (const std::string& class_path : class_paths) {
    log::info(fmt::format("A new job was found; enable it with `{}`",
                          program::command("jobs enable " + class_path)));
  }
}

bool has(const SourceErrors& errors, const std::string& source, const std::string& module) {
  const auto found = errors.find(source);
  return found != errors.end() && found->second.contains(module);
}

/// Whether earlier files of a module that does not import go on serving.
bool still_serves(const LoadedCode& code, const SourceErrors& of_used, const std::string& module) {
  for (const SourceCode& source : code.used.sources) {
    if (has(code.errors, source.name, module))
      return source.version.find(module) != nullptr && !has(of_used, source.name, module);
  }
  return false;
}

}  // namespace

void CatalogLog::tell(const RefreshSummary& summary, const LoadedCode& code) {
  tell_new_jobs(summary.new_jobs);
  for (const std::string& class_path : summary.vanished_jobs) {
    log::info("A job is no longer registered; its record stays", {{"job", class_path}});
  }
  tell_errors(summary, code);
  for (const auto& [class_path, trouble] : summary.warnings) {
    if (!told_troubles_.contains({class_path, trouble}))
      log::warning("A job declares what cannot be", {{"job", class_path}, {"problem", trouble}});
  }
  told_troubles_ = {summary.warnings.begin(), summary.warnings.end()};
}

void CatalogLog::tell_errors(const RefreshSummary& summary, const LoadedCode& code) {
  const SourceErrors of_used = import_errors_of(code.manifest);
  std::set<std::pair<std::string, std::string>> told;
  for (const auto& [module, text] : summary.errors) {
    const std::string problem = problem_of(text);
    told.emplace(module, problem);
    if (told_errors_.contains({module, problem})) continue;
    log::error(still_serves(code, of_used, module)
                   ? "A module of job code does not import; its last good files go on serving"
                   : "A module of job code is wrong",
               {{"module", module}, {"error", problem}});
  }
  told_errors_ = std::move(told);
}

void CatalogLog::tell_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    if (!told_warnings_.contains(warning)) log::warning(warning);
  }
  told_warnings_ = {warnings.begin(), warnings.end()};
}

void CatalogLog::tell_failure(const Error& error) {
  if (told_failure_ != error.message) log::error("the jobs could not be refreshed", error);
  told_failure_ = error.message;
}

}  // namespace windlass::engine
