#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/field.h"

namespace windlass {

/// Job::overrides has this name while the first of task_queues, the default, is overridden.
inline constexpr std::string_view kDefaultQueue = "default_job_queue";

/// The record of a job class: what the class declares, with what was overridden, and whether it may
/// run. Identity is class_path (`<module_name>.<job_class_name>`).
struct Job {
  Uuid id;
  std::string class_path;
  std::string module_name;
  std::string job_class_name;
  std::string grouping;
  std::string name;
  std::string description;
  bool installed = false;
  bool enabled = false;
  bool is_job_hook_receiver = false;
  bool is_job_button_receiver = false;
  bool has_sensitive_variables = true;
  bool is_singleton = false;
  bool approval_required = false;
  bool console_log_default = false;
  bool hidden = false;
  bool dryrun_default = false;
  bool read_only = false;
  bool supports_dryrun = false;
  double soft_time_limit = 0;     ///< seconds; 0: the setting soft_time_limit
  double time_limit = 0;          ///< seconds; 0: the setting time_limit
  std::int64_t max_retries = -1;  ///< further attempts; -1: the class declares none, so that only
                                  ///< its own code may ask for them
  double retry_delay = 10;        ///< seconds before the second attempt
  double retry_backoff = 1;       ///< each later delay is this many times the one before
  json::value task_queues = json::array{};  ///< names of the queues it may be routed to; empty: the
                                            ///< setting's default queue
  json::value overrides = json::array{};    ///< names of the overridden fields
  json::value class_values = json::object{};  ///< the class's own values of the overridable fields
  json::value variables =
      json::array{};      ///< as in the manifest (spec/runner-protocol.md), in form order
  std::string file_path;  ///< where the author edits the class
  std::int64_t line = 0;
  std::string source;          ///< "jobs_root"
  std::string source_version;  ///< of the version now in force
  std::string import_error;  ///< traceback of the newest files, while an earlier version serves or
                             ///< none; "" when fine
  std::string warning;       ///< e.g. threads at import; "" when none
  TimePoint created;
  TimePoint last_updated;

  bool is_overridden(std::string_view field) const;
  /// The variables as a form begins with them: a DryRunVar's default is the record's.
  json::value form_variables() const;
  /// What the record names; empty for a class that names no queue.
  std::vector<std::string> queue_names() const;
  /// Where a run may be routed, its default first. `fallback` is the setting's default queue, to
  /// which belongs a class that names none, also where another default was chosen for it.
  std::vector<std::string> queues_with(const std::string& fallback) const;
};

/// The (value, label) pairs of choices as the manifest has them, groups flattened; values as text,
/// as Python prints them.
std::vector<std::pair<std::string, std::string>> flat_choices(const json::array& choices);

/// One input variable of a job, as its class declares it: the manifest's object with typed access.
class Variable {
 public:
  /// `declaration` is one element of Job::variables; must outlive this.
  explicit Variable(const json::value& declaration) : declaration_(declaration) {}
  std::string name() const { return get_string(declaration_, "name"); }
  std::string type() const { return get_string(declaration_, "type"); }
  std::string label() const { return get_string(declaration_, "label"); }
  std::string description() const { return get_string(declaration_, "description"); }
  bool required() const { return get_bool(declaration_, "required", true); }
  bool has_default() const { return get_bool(declaration_, "has_default"); }
  /// Sealed and never shown, also when the job as a whole is not.
  bool sensitive() const { return get_bool(declaration_, "sensitive"); }
  /// Name of the class method that computes the choices; "" when they are declared.
  std::string choices_method() const { return get_string(declaration_, "choices_method"); }
  /// Null without a default.
  json::value default_value() const;
  /// A bound such as min_value; one beyond 64 bits is the nearest that fits.
  std::optional<std::int64_t> limit(std::string_view option) const;
  /// An option of this type, or nullptr; JSON null counts as none.
  const json::value* option(std::string_view name) const;
  /// The declared choices, flat.
  std::vector<std::pair<std::string, std::string>> choices() const;

 private:
  const json::value& declaration_;
};

}  // namespace windlass
