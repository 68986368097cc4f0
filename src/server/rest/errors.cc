#include "server/rest/errors.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "base/text.h"
#include "server/rest/json_writer.h"

namespace windlass::rest {

namespace {

using enum ErrorShape;

constexpr auto kAnswers = std::to_array<ErrorAnswer>({
    {"auth.invalid_token", 403},
    {"auth.session_ended", 403},
    {"auth.wrong_credentials", 400},
    {"auth.too_many_attempts", 429},
    {"account.invalid", 400, kErrors},
    {"rest.not_authenticated", 403},
    {"rest.csrf", 403},
    {"rest.other_origin", 403},
    {"rest.forbidden", 403},
    {"rest.read_only_token", 403},
    {"rest.invalid", 400, kFields},
    {"rest.invalid_body", 400, kErrors},
    {"rest.not_an_object", 400, kNonField},
    {"rest.unsupported_media_type", 415},
    {"rest.schedule_interval", 400, kScheduleInterval},
    {"rest.schedule_unsupported", 400, kScheduleInterval},
    {"rest.schedule_sensitive", 400, kScheduleInterval},
    {"json.invalid", 400},
    {"time.invalid", 400},
    {"http.too_many_fields", 400},
    {"http.file_unreadable", 500},
    {"multipart.no_boundary", 400},
    {"multipart.invalid", 400},
    {"multipart.too_many_parts", 400},
    {"multipart.header_too_large", 400},
    {"job.not_found", 404},
    {"job.not_enabled", 403},
    {"job.not_installed", 403},
    {"job.forbidden", 403},
    {"job.receiver", 400},
    {"job.system", 400},
    {"job.approval_required", 400},
    {"job.inputs", 400, kErrors},
    {"job.data_not_object", 400, kErrorList},
    {"job.choices", 400},
    {"input.invalid", 400},
    {"job.queue_not_allowed", 400, kTaskQueue},
    {"job.choices", 400},
    {"input.invalid", 400},
    {"job_result.not_found", 404},
    {"job_result.forbidden", 403},
    {"job_result.not_final", 409},
    {"job_result.still_running", 409},
    {"log_entry.not_found", 404},
    {"console_entry.not_found", 404},
    {"queue.not_found", 404},
    {"queue.no_worker", 503},
    {"queue_assignment.not_found", 404},
    {"scheduled_job.not_found", 404},
    {"worker.not_found", 404},
    {"user.not_found", 404},
    {"user.not_first", 409},
    {"token.not_found", 404},
    {"file.not_found", 404},
    {"file.io", 500},
    {"file.too_many", 400},
    {"git_repository.not_found", 404},
    {"git_repository.invalid", 400, kFields},
    {"git_repository.not_ready", 503},
    {"git_repository.webhook_refused", 403},
    {"git_repository.delivery_too_large", 413},
    {"storage.unknown_filter", 400},
    {"storage.unknown_sort", 400},
    {"storage.busy", 503},
    {"storage.full", 503},
    {"storage.damaged", 500},
    {"storage.failed", 500},
});

/// Error messages may quote what a client sent.
void put_text(JsonWriter& out, std::string_view text) {
  out.text(to_valid_utf8(text));
}

void put_list(JsonWriter& out, std::string_view sentence) {
  out.begin_array();
  put_text(out, sentence);
  out.end_array();
}

void put_fields(JsonWriter& out, const FieldErrors& fields) {
  out.begin_object();
  for (const auto& [field, messages] : fields) {
    out.key(to_valid_utf8(field));
    out.begin_array();
    for (const std::string& message : messages) put_text(out, message);
    out.end_array();
  }
  out.end_object();
}

void put_member(JsonWriter& out, std::string_view name, std::string_view sentence) {
  out.begin_object();
  out.key(name);
  put_list(out, sentence);
  out.end_object();
}

void put_body(JsonWriter& out, const Error& error, ErrorShape shape) {
  switch (shape) {
    case kFields:
      return put_fields(out, error.fields);
    case kErrorList:
      return put_member(out, "errors", error.message);
    case kNonField:
      return put_member(out, "non_field_errors", error.message);
    case kTaskQueue:
      return put_member(out, "task_queue", error.message);
    case kErrors:
      out.begin_object();
      out.key("errors");
      put_fields(out, error.fields);
      return out.end_object();
    case kScheduleInterval:
      out.begin_object();
      out.key("schedule");
      put_member(out, "interval", error.message);
      return out.end_object();
    case kDetail:
      out.begin_object();
      out.key("detail");
      put_text(out, error.message);
      out.key("code");
      put_text(out, error.code);
      return out.end_object();
  }
}

}  // namespace

std::span<const ErrorAnswer> error_answers() {
  return kAnswers;
}

ErrorAnswer answer_to(std::string_view code) {
  const auto found = std::find_if(kAnswers.begin(), kAnswers.end(),
                                  [&](const ErrorAnswer& answer) { return answer.code == code; });
  return found == kAnswers.end() ? ErrorAnswer{code, 500} : *found;
}

http::Response error_response(const Error& error) {
  const ErrorAnswer answer = answer_to(error.code);
  if (answer.status == 500) log::error("A request failed", error);
  if (answer.status == 503) {
    log::warning("A request was not served", {{"code", error.code}, {"detail", error.detail}});
  }
  std::string body;
  JsonWriter out(body);
  // An error that names no field has its sentence only, whatever its shape is otherwise.
  const bool names_fields = answer.shape == kFields || answer.shape == kErrors;
  put_body(out, error, names_fields && error.fields.empty() ? kDetail : answer.shape);
  return http::Response::json(answer.status, std::move(body));
}

Error invalid_field(std::string_view field, std::string message) {
  Error error{"rest.invalid", message};
  error.fields[std::string(field)].push_back(std::move(message));
  return error;
}

Error no_such(std::string_view code, std::string_view label) {
  std::string name(label);
  std::erase(name, ' ');
  return {std::string(code), "No " + name + " matches the given query."};
}

}  // namespace windlass::rest
