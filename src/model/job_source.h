#pragma once

#include <string_view>

namespace windlass {

// What Job::source says of where a class comes from.

/// The folder of the setting jobs_root.
inline constexpr std::string_view kJobsRootSource = "jobs_root";
/// Begins the source of a file that `runjob --local` was given by its path; the path follows.
inline constexpr std::string_view kFileSource = "file:";

}  // namespace windlass
