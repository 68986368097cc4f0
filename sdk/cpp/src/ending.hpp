/// How a run stands, up to its `result` frame.
#pragma once

#include <optional>
#include <string_view>
#include <windlass/jobs/job.hpp>

#include "run.hpp"

namespace windlass::jobs::internal {

/// `outcome` as the author's methods see it, and what the frame says besides.
struct Ending {
  Outcome outcome;
  /// A word of the protocol; "" for a success.
  std::string_view reason = {};
  std::optional<double> countdown = {};
  /// Of an exception the exc_… object; otherwise unused.
  Json problem = {};

  /// run() returned `value`.
  static Ending returned(Json value, bool failed);
  /// The exception that is being handled ended it.
  static Ending caught(const Run* run);
  /// The Retry that is being handled asks for another attempt.
  static Ending retried(const Run& run, const Retry& retry);
  /// Something else than job code ended it.
  static Ending refused(std::string_view reason, std::string_view type, const std::string& message);

  /// The `result` frame, but for `reusable`.
  Json frame() &&;
};

}  // namespace windlass::jobs::internal
