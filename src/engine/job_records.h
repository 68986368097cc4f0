#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/import_errors.h"
#include "model/job.h"
#include "storage/storage.h"

namespace windlass::engine {

/// What a refresh found.
struct RefreshSummary {
  std::string version;                ///< in force after it
  std::vector<std::string> new_jobs;  ///< class paths, recorded for the first time (not enabled)
  std::vector<std::string> changed_jobs;
  std::vector<std::string> vanished_jobs;  ///< now installed = false
  std::vector<std::pair<std::string, std::string>>
      errors;  ///< module, what is wrong with it: a traceback (problem_of() has its gist) or a
               ///< sentence
  std::vector<std::pair<std::string, std::string>>
      warnings;  ///< class path, a sentence on one of its variables
};

/// Code that records are to follow.
struct DeclaredCode {
  json::value manifest;  ///< the entry of each module names its source
  /// Of the newest files, also while their last good ones serve; what the manifest itself says of a
  /// module counts where these are silent.
  SourceErrors errors;
  std::map<std::string, std::string> versions;  ///< source → its version
  std::string version;                          ///< of all of them together
  /// Not among `versions` since their files are not here yet: their jobs stay as they are, but for
  /// what `errors` says.
  std::set<std::string> missing = {};
  /// Other repositories and packages that are not among `versions` are gone, and their jobs with
  /// them.
  bool complete = false;
};

/// Turns a manifest into records: which records to write so that they match the classes. Pure.
/// Keeps enabled flags and overrides, gives records unique names (" (2)"), marks vanished classes
/// not installed. A class path that an installed job of another source has stays that job's, and
/// the module that declares it a second time is named in summary->errors; but for a class that
/// has moved from one of these sources to another. Records of other sources are left alone.
std::vector<Job> refreshed_records(const std::vector<Job>& existing, const DeclaredCode& code,
                                   TimePoint now, RefreshSummary* summary);

/// Applies a PATCH of a job record: overridable fields set `<field>_override`; `<field>_override:
/// false` restores the class's value. The queues are one list, overridden as a whole: `task_queues`
/// (names), with the flags `task_queues_override` or `job_queues_override`. `default_job_queue` (a
/// name) becomes the first of them under a flag of its own, and stays it when the others change;
/// without the flag the default is the class's first queue where the list has it, else the list's
/// first. Unknown and read-only members are ignored, as clients send whole objects back. Errors:
/// `job.inputs` with fields, e.g. {"enabled": ["Must be a valid boolean."]}. Changes nothing on an
/// error. Pure.
Result<void> patch_job(Job& job, const json::value& patch, TimePoint now);

/// patch_job() on the record in storage, in one transaction, with names kept unique. `job_queues`
/// and `default_job_queue` may name queues by id, by name or as {"id": …}. Errors: `job.not_found`,
/// `job.inputs` (also for a name that another job has, and queues that are none), everything wrong
/// at once.
Result<Job> update_job(Storage& storage, const Uuid& id, const json::value& patch, TimePoint now);

/// Whether the record may be deleted. Error `job.system`: of Windlass' own jobs none may.
Result<void> check_removable(const Job& job);

}  // namespace windlass::engine
