#include "runner/environment.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace windlass::runner {

namespace {

constexpr std::array<std::string_view, 12> kPassedOn = {
    "PATH",        "HOME",       "LANG", "LANGUAGE", "TZ",       "TMPDIR",
    "VIRTUAL_ENV", "PYTHONPATH", "USER", "LOGNAME",  "no_proxy", "NO_PROXY"};

bool is_passed_on(std::string_view name, const std::vector<std::string>& more) {
  if (name.starts_with("WINDLASS_") || name.starts_with("WL_RUNNER_")) return false;
  if (std::find(kPassedOn.begin(), kPassedOn.end(), name) != kPassedOn.end()) return true;
  if (name.starts_with("LC_") || name.starts_with("SSL_CERT_")) return true;
  if (name.ends_with("_proxy") || name.ends_with("_PROXY")) return true;
  return std::find(more.begin(), more.end(), name) != more.end();
}

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::vector<std::string> runner_environment(char** ours, const std::vector<std::string>& more,
                                            const std::string& instance) {
  std::vector<std::string> environment;
  for (char** at = ours; at != nullptr && *at != nullptr; ++at) {
    const std::string_view entry = *at;
    if (is_passed_on(entry.substr(0, entry.find('=')), more)) environment.emplace_back(entry);
  }
  environment.push_back("WL_RUNNER_INSTANCE=" + instance);
  return environment;
}

std::string value_of(const std::vector<std::string>& environment, const std::string& name) {
  for (const std::string& entry : environment) {
    if (entry.starts_with(name + "=")) return entry.substr(name.size() + 1);
  }
  return {};
}

void set_value(std::vector<std::string>& environment, const std::string& name,
               const std::string& value) {
  std::erase_if(environment,
                [&](const std::string& entry) { return entry.starts_with(name + "="); });
  environment.push_back(name + "=" + value);
}

Result<std::string> find_program(const std::string& name, const std::string& path) {
  if (name.find('/') != std::string::npos) {
    if (is_program(name)) return name;
    return Error{"runner.interpreter",
                 "There is no program at " + name +
                     ". Set `python` to an interpreter, e.g. /usr/bin/python3."};
  }
  for (const std::string_view folder : split(path, ':')) {
    const std::string candidate = std::string(folder.empty() ? "." : folder) + "/" + name;
    if (is_program(candidate)) return candidate;
  }
  return Error{"runner.interpreter",
               "No program named " + name +
                   " is on PATH. Install Python 3.8 or later, or set `python` to its path."};
}

}  // namespace windlass::runner
