#pragma once

#include <optional>
#include <string>

#include "model/field.h"

namespace windlass {

/// One run of a job, from submission to its end, and what is kept of it.
struct JobResult {
  std::int64_t number = 0;  ///< given by storage, increasing; keys logs and the queue's order
  Uuid id;
  std::string name;               ///< the job's name when it was submitted
  std::string task_name;          ///< class path
  std::optional<Uuid> job_model;  ///< null when the job's record was deleted
  std::optional<Uuid> user;
  std::optional<Uuid> git_repository;  ///< of a sync or dry run: what it fetched; null again when
                                       ///< the repository is deleted
  JobResultStatus status = JobResultStatus::kPending;
  TimePoint date_created;
  std::optional<TimePoint> date_started;
  std::optional<TimePoint> date_done;
  std::string worker;  ///< name of the worker that has it; "" before
  std::string queue;
  json::value task_args = json::array{};
  json::value task_kwargs = json::object{};  ///< inputs; {} for a job with sensitive variables
  json::value result;                        ///< return value, or the exception
  std::optional<std::string> traceback;
  std::string reason_code;  ///< spec/job-states.md; "" unless FAILURE or REVOKED
  std::string reason;
  std::string source;
  std::string source_version;  ///< what ran
  std::int64_t attempt = 0;    ///< 0 before the first claim
  json::value progress;        ///< {"done", "total", "message"} or null
  std::int64_t debug_log_count = 0;
  std::int64_t info_log_count = 0;
  std::int64_t success_log_count = 0;
  std::int64_t warning_log_count = 0;
  std::int64_t error_log_count = 0;  ///< failure, error and critical
  std::int64_t console_count = 0;
  std::int64_t dropped_log_count = 0;  ///< entries beyond the log limits
  std::int64_t peak_memory = 0;        ///< bytes; 0 when not measured
  double cpu_seconds = 0;
  std::optional<TimePoint> cancel_requested_at;
  std::string cancel_requested_by;
  std::int64_t last_sequence = 0;      ///< of its events
  std::optional<TimePoint> retry_at;   ///< RETRY: when the next attempt is due
  bool ignore_singleton_lock = false;  ///< whoever asked for it overrode the lock
};

/// "My New Job created at 2026-11-23 21:58:39.111195+00:00 (PENDING)".
std::string display_of(const JobResult& result);

/// What happened in a run, in one sequence a result.
enum class EventKind : std::int64_t { kLog = 1, kConsole = 2, kProgress = 3, kStatus = 4 };

/// One stored event of a result. Key: (result number, sequence), sequences from 1.
///   kLog: level, grouping, message, log_object, absolute_url
///   kConsole: level is "stdout" or "stderr", message the line without its newline
///   kProgress: message; data {"done", "total"}
///   kStatus: level is the status, message the reason
struct Event {
  std::int64_t sequence = 0;
  EventKind kind = EventKind::kLog;
  std::int64_t attempt = 1;
  TimePoint created;
  std::string level;
  std::string grouping;
  std::string message;
  std::string log_object;
  std::string absolute_url;
  json::value data;
};

/// The id of a log or console entry: a UUIDv8 made of the result's number (40 bits) and the
/// sequence (40 bits), with a check from the result's id. Never stored.
Uuid entry_id(const JobResult& result, std::int64_t sequence);
struct EntryKey {
  std::int64_t number;
  std::int64_t sequence;
};
/// Nullopt for an id that is none of ours. The caller compares entry_id() of what it finds, which
/// settles the check.
std::optional<EntryKey> parse_entry_id(const Uuid& id);

/// Which of the level counters of a result counts this level: debug, info, success, warning, or
/// error.
std::string_view level_counter(std::string_view level);

}  // namespace windlass
