#include <fmt/format.h>

#include <iostream>

#include "base/json.h"
#include "base/text.h"
#include "cli/code_check.h"
#include "cli/commands.h"

namespace windlass::cli {

namespace {

/// As people and editors like it: from the current folder when the file lies beneath it.
std::string shown_path(const std::string& file) {
  std::error_code failure;
  const auto here = std::filesystem::current_path(failure);
  const std::string near = std::filesystem::path(file).lexically_relative(here).string();
  return failure || near.empty() || near.starts_with("..") ? file : near;
}

json::object to_json(const CodeCheck& check) {
  json::array findings;
  for (const Finding& finding : check.findings) {
    findings.push_back(json::object{{"file", finding.file},
                                    {"line", finding.line},
                                    {"code", finding.code},
                                    {"message", finding.message},
                                    {"class_path", finding.class_path},
                                    {"traceback", finding.traceback}});
  }
  return {{"modules", check.modules}, {"jobs", check.jobs}, {"findings", std::move(findings)}};
}

void print(const CodeCheck& check) {
  for (const Finding& finding : check.findings) {
    fmt::print("{}:{}: {}: {}\n", shown_path(finding.file), finding.line, finding.code,
               finding.message);
    for (const std::string_view line : split(strip(finding.traceback), '\n'))
      if (!line.empty()) fmt::print("    {}\n", line);
  }
  fmt::print(stderr, "Checked {} module{} with {} job{}: {}.\n", check.modules,
             check.modules == 1 ? "" : "s", check.jobs, check.jobs == 1 ? "" : "s",
             check.findings.empty() ? "nothing found"
                                    : fmt::format("{} to look at", check.findings.size()));
}

}  // namespace

int check_jobs(const LoadedSettings& loaded, const JobsOptions& options) {
  StopSignals signals;  // before any thread
  const auto check = check_code(loaded.settings, options.path, signals);
  if (!check.ok()) return refuse(check.error());
  if (options.json) {
    std::cout << to_text(to_json(*check)) << "\n";
  } else {
    print(*check);
  }
  return check->findings.empty() ? kOk : kFailed;
}

}  // namespace windlass::cli
