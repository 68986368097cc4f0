#pragma once

#include <optional>
#include <string_view>

namespace windlass {

/// spec/job-states.md draws the transitions; storage enforces them.
enum class JobResultStatus { kPending, kStarted, kRetry, kSuccess, kFailure, kRevoked };

/// "PENDING", "STARTED", "RETRY", "SUCCESS", "FAILURE", "REVOKED".
std::string_view to_string(JobResultStatus status);
std::optional<JobResultStatus> parse_status(std::string_view text);
/// SUCCESS, FAILURE and REVOKED are final.
bool is_final(JobResultStatus status);
bool may_follow(JobResultStatus from, JobResultStatus to);

}  // namespace windlass
