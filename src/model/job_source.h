#pragma once

#include <string_view>

namespace windlass {

// What Job::source says of where a class comes from.

/// The folder of the setting jobs_root.
inline constexpr std::string_view kJobsRootSource = "jobs_root";
/// Begins the source of a Git repository; its slug follows.
inline constexpr std::string_view kGitSource = "git:";
/// Begins the source of an installed package; the package's name follows.
inline constexpr std::string_view kAppSource = "app:";
/// Windlass' own jobs.
inline constexpr std::string_view kSystemSource = "system";
/// Begins the source of a file that `runjob --local` was given by its path; the path follows.
inline constexpr std::string_view kFileSource = "file:";

}  // namespace windlass
