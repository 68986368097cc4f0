#pragma once

#include <string_view>

namespace windlass {

// What Job::source says of where a class comes from.

/// The folder of the setting jobs_root.
inline constexpr std::string_view kJobsRootSource = "jobs_root";
/// Begins the source of a Git repository; its slug follows.
inline constexpr std::string_view kGitSource = "git:";
/// Begins the source of an installed package, or of an installed library of jobs in C++; its name
/// follows (app_name()).
inline constexpr std::string_view kAppSource = "app:";

/// The name of an entry of the setting apps: a package as it is, of a library's path
/// ("/opt/net.so") what its module is called ("net").
constexpr std::string_view app_name(std::string_view entry) {
  if (!entry.starts_with('/')) return entry;
  entry.remove_prefix(entry.rfind('/') + 1);
  return entry.substr(0, entry.find('.'));
}
/// Windlass' own jobs.
inline constexpr std::string_view kSystemSource = "system";
/// Begins the source of a file that `runjob --local` was given by its path; the path follows.
inline constexpr std::string_view kFileSource = "file:";

}  // namespace windlass
