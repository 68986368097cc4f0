#include "model/job_result.h"

namespace windlass {

template <>
const ResourceInfo& resource_of<JobResult>() {
  static const ResourceInfo info{"extras.jobresult", "extras/job-results", "Job Result",
                                 "job_result"};
  return info;
}

template <>
const std::vector<Field<JobResult>>& fields_of<JobResult>() {
  using R = JobResult;
  static const std::vector<Field<R>> fields{
      {{"number", FieldKind::kInteger, kHidden}, &R::number},
      {{"id", FieldKind::kId, kFilter}, &R::id},
      {{"name", FieldKind::kText, kFilter | kSearch}, &R::name},
      {{"task_name", FieldKind::kText, kFilter | kSearch, "", "Class path of the job."},
       &R::task_name},
      {{"job_model", FieldKind::kReference, kFilter, "extras.job"}, &R::job_model},
      {{"user", FieldKind::kReference, kFilter, "users.user"}, &R::user},
      {{"git_repository", FieldKind::kReference, kFilter, "extras.gitrepository",
        "What a sync or dry run fetched."},
       &R::git_repository},
      {{"status", FieldKind::kStatus, kFilter}, &R::status},
      {{"date_created", FieldKind::kTime, kFilter | kSort}, &R::date_created},
      {{"date_started", FieldKind::kTime}, &R::date_started},
      {{"date_done", FieldKind::kTime, kSort}, &R::date_done},
      {{"worker", FieldKind::kText, kFilter}, &R::worker},
      {{"queue", FieldKind::kText, kFilter}, &R::queue},
      {{"task_args", FieldKind::kJson}, &R::task_args},
      {{"task_kwargs", FieldKind::kJson, kDetail, "",
        "Inputs; {} when the job has sensitive variables."},
       &R::task_kwargs},
      {{"result", FieldKind::kJson, kDetail, "", "What run() returned, or the exception."},
       &R::result},
      {{"traceback", FieldKind::kText, kDetail}, &R::traceback},
      {{"reason_code", FieldKind::kText, kNone, "",
        "Why it is FAILURE or REVOKED; see the states page."},
       &R::reason_code},
      {{"reason", FieldKind::kText}, &R::reason},
      {{"source", FieldKind::kText}, &R::source},
      {{"source_version", FieldKind::kText, kNone, "",
        "Content hash or commit of the code that ran."},
       &R::source_version},
      {{"attempt", FieldKind::kInteger}, &R::attempt},
      {{"progress", FieldKind::kJson, kNone, "", "{\"done\", \"total\", \"message\"} or null."},
       &R::progress},
      {{"debug_log_count", FieldKind::kInteger}, &R::debug_log_count},
      {{"info_log_count", FieldKind::kInteger}, &R::info_log_count},
      {{"success_log_count", FieldKind::kInteger}, &R::success_log_count},
      {{"warning_log_count", FieldKind::kInteger}, &R::warning_log_count},
      {{"error_log_count", FieldKind::kInteger, kNone, "",
        "Entries of levels failure, error and critical."},
       &R::error_log_count},
      {{"console_count", FieldKind::kInteger}, &R::console_count},
      {{"dropped_log_count", FieldKind::kInteger, kNone, "",
        "Entries beyond the log limits, counted and dropped."},
       &R::dropped_log_count},
      {{"peak_memory", FieldKind::kInteger, kNone, "",
        "Bytes, of the run and what it started; 0 when not measured."},
       &R::peak_memory},
      {{"cpu_seconds", FieldKind::kNumber}, &R::cpu_seconds},
      {{"cancel_requested_at", FieldKind::kTime}, &R::cancel_requested_at},
      {{"cancel_requested_by", FieldKind::kText}, &R::cancel_requested_by},
      {{"last_sequence", FieldKind::kInteger, kNone, "", "Sequence number of its newest event."},
       &R::last_sequence},
      {{"retry_at", FieldKind::kTime, kNone, "", "When the next attempt is due, while RETRY."},
       &R::retry_at},
      {{"ignore_singleton_lock", FieldKind::kBool, kHidden}, &R::ignore_singleton_lock},
  };
  return fields;
}

std::string display_of(const JobResult& result) {
  std::string time = to_rfc3339(result.date_created);
  time.replace(time.find('T'), 1, " ");
  time.pop_back();  // the Z
  return result.name + " created at " + time + "+00:00 (" + std::string(to_string(result.status)) +
         ")";
}

namespace {

constexpr std::int64_t kLow40 = (std::int64_t{1} << 40) - 1;

void put_40_bits(std::int64_t value, std::uint8_t* out) {
  for (int i = 0; i < 5; ++i) out[i] = static_cast<std::uint8_t>(value >> (32 - 8 * i));
}

std::int64_t get_40_bits(const std::uint8_t* in) {
  std::int64_t value = 0;
  for (int i = 0; i < 5; ++i) value = value << 8 | in[i];
  return value;
}

}  // namespace

// Layout: bytes 0-4 number; byte 5 and the low half of 6 check bits; 7 check; 8 variant; 9-10
// check; 11-15 sequence.
Uuid entry_id(const JobResult& result, std::int64_t sequence) {
  WL_CHECK(result.number <= kLow40 && sequence <= kLow40, "entry ids hold 40 bits each");
  Uuid id = result.id;  // the result's random bits are the check
  put_40_bits(result.number, id.bytes.data());
  put_40_bits(sequence, id.bytes.data() + 11);
  id.bytes[5] = result.id.bytes[15];
  id.bytes[6] = static_cast<std::uint8_t>(0x80 | (result.id.bytes[14] & 0x0f));
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (result.id.bytes[13] & 0x3f));
  return id;
}

std::optional<EntryKey> parse_entry_id(const Uuid& id) {
  if ((id.bytes[6] & 0xf0) != 0x80 || (id.bytes[8] & 0xc0) != 0x80) return std::nullopt;
  return EntryKey{get_40_bits(id.bytes.data()), get_40_bits(id.bytes.data() + 11)};
}

std::string_view level_counter(std::string_view level) {
  if (level == "debug" || level == "info" || level == "success" || level == "warning") return level;
  return "error";
}

}  // namespace windlass
