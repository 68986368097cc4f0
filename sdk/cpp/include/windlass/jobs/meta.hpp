/// Metadata of a job class.
#pragma once

#include <optional>
#include <string>
#include <vector>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

/// Metadata as data: a static member `meta` of the job class. All of it may be left out.
///
/// >>> static inline const Meta meta{.name = "My New Job", .soft_time_limit = 60};
///
/// A value that makes no sense (a negative limit, a blank queue) is an import error of the
/// module.
struct Meta {
  /// Name for people; the class's name where left out.
  std::string name = {};
  /// Markdown; common indentation is removed.
  std::string description = {};
  /// Whether a second user must approve a run.
  bool approval_required = false;
  bool console_log_default = false;
  /// Initial value of `dryrun`.
  bool dryrun_default = false;
  /// Names of variables that stand first in the form.
  std::vector<std::string> field_order = {};
  /// Whether inputs are sealed and never shown.
  bool has_sensitive_variables = true;
  /// Whether lists leave the job out.
  bool hidden = false;
  /// Whether a second simultaneous run is refused.
  bool is_singleton = false;
  /// Further attempts; left out, retry() makes 3 and a run that lost its worker gets none.
  std::optional<int> max_retries = {};
  /// Whether the job says that it changes nothing.
  bool read_only = false;
  /// Each later delay is this many times the one before; from 1 on.
  double retry_backoff = 1.0;
  /// Seconds before the second attempt.
  double retry_delay = 10.0;
  /// Seconds until the job is asked to stop; 0: the server's default.
  double soft_time_limit = 0.0;
  /// Seconds until the run is killed; 0: the server's default.
  double time_limit = 0.0;
  /// Names of the queues that the job may be sent to.
  std::vector<std::string> task_queues = {};
  /// Kept, without effect.
  std::string template_name = {};
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
