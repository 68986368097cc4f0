#include "engine/git_environments.h"

#include <fmt/format.h>

#include "model/job_source.h"

namespace windlass::engine {

namespace {

Result<std::optional<sources::Requirements>> requirements_of(
    const GitRepository& repository, const sources::SourceVersion& version) {
  const std::string tree = version.modules.empty() ? version.id : version.modules.front().hash;
  return sources::read_requirements(version.path / repository.slug, tree);
}

}  // namespace

std::string chosen_python(const GitRepository& repository,
                          const std::map<std::string, std::string>& pythons) {
  const auto set = pythons.find(fmt::format("{}{}", kGitSource, repository.slug));
  return set == pythons.end() ? repository.python : set->second;
}

GitEnvironments::GitEnvironments(VirtualEnvironmentOptions options, const Sanitiser& sanitiser,
                                 std::string python, std::map<std::string, std::string> pythons)
    : environments_(std::move(options), sanitiser),
      python_(std::move(python)),
      pythons_(std::move(pythons)) {}

std::string GitEnvironments::python_of(const GitRepository& repository) const {
  const std::string chosen = chosen_python(repository, pythons_);
  return chosen.empty() ? python_ : chosen;
}

Result<void> GitEnvironments::find(const GitRepository& repository,
                                   sources::SourceVersion& version) {
  WL_TRY(const auto wanted, requirements_of(repository, version));
  if (!wanted) return ok();
  WL_TRY(VirtualEnvironment found, environments_.find(*wanted, python_of(repository)));
  version.python = std::move(found.python);
  version.python_hold = std::move(found.hold);
  return ok();
}

Result<void> GitEnvironments::make(const GitRepository& repository, sources::SourceVersion& version,
                                   const std::function<void(std::string line)>& told,
                                   const std::function<bool()>& proceed) {
  WL_TRY(const auto wanted, requirements_of(repository, version));
  if (!wanted) return ok();
  WL_TRY(VirtualEnvironment made,
         environments_.make(*wanted, python_of(repository), version.path / repository.slug, told,
                            proceed));
  version.python = std::move(made.python);
  version.python_hold = std::move(made.hold);
  return ok();
}

}  // namespace windlass::engine
