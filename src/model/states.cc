#include "model/states.h"

#include <array>
#include <utility>

namespace windlass {

namespace {

constexpr std::array<std::pair<JobResultStatus, std::string_view>, 6> kNames{{
    {JobResultStatus::kPending, "PENDING"},
    {JobResultStatus::kStarted, "STARTED"},
    {JobResultStatus::kRetry, "RETRY"},
    {JobResultStatus::kSuccess, "SUCCESS"},
    {JobResultStatus::kFailure, "FAILURE"},
    {JobResultStatus::kRevoked, "REVOKED"},
}};

}  // namespace

std::string_view to_string(JobResultStatus status) {
  for (const auto& [value, name] : kNames) {
    if (value == status) return name;
  }
  return "";
}

std::optional<JobResultStatus> parse_status(std::string_view text) {
  for (const auto& [value, name] : kNames) {
    if (name == text) return value;
  }
  return std::nullopt;
}

bool is_final(JobResultStatus status) {
  return status == JobResultStatus::kSuccess || status == JobResultStatus::kFailure ||
         status == JobResultStatus::kRevoked;
}

bool may_follow(JobResultStatus from, JobResultStatus to) {
  switch (from) {
    case JobResultStatus::kPending:
    case JobResultStatus::kRetry:
      return to == JobResultStatus::kStarted || to == JobResultStatus::kRevoked ||
             to == JobResultStatus::kFailure;
    case JobResultStatus::kStarted:
      return to == JobResultStatus::kRetry || is_final(to);
    default:
      return false;
  }
}

}  // namespace windlass
