#include "server/rest/job_results.h"

#include "engine/cancel.h"
#include "server/rest/list.h"
#include "server/rest/openapi.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

void write_display(JsonWriter& out, const JobResult& result, Rendering&) {
  out.text(display_of(result));
}

void write_natural_slug(JsonWriter& out, const JobResult& result) {
  write_slug(out, result.id.to_string(), result.id);
}

void write_worker(JsonWriter& out, const JobResult& result, Rendering&) {
  result.worker.empty() ? out.null() : out.text(result.worker);
}

void write_source_url(JsonWriter& out, const JobResult& result, Rendering& rendering) {
  const std::string url = rendering.version_url(result.source, result.source_version);
  url.empty() ? out.null() : out.text(url);
}

void write_optional_id(JsonWriter& out, const std::optional<Uuid>& id) {
  id ? out.id(*id) : out.null();
}

/// What the original keeps about how it was queued.
void write_celery_kwargs(JsonWriter& out, const JobResult& result, Rendering&) {
  out.begin_object();
  out.quoted_key("\"queue\":");
  out.text(result.queue);
  out.quoted_key("\"nautobot_job_profile\":");
  out.boolean(false);
  out.quoted_key("\"nautobot_job_user_id\":");
  write_optional_id(out, result.user);
  out.quoted_key("\"nautobot_job_job_model_id\":");
  write_optional_id(out, result.job_model);
  out.quoted_key("\"nautobot_job_ignore_singleton_lock\":");
  out.boolean(result.ignore_singleton_lock);
  out.end_object();
}

void write_meta(JsonWriter& out, const JobResult& result, Rendering&) {
  is_final(result.status) ? out.raw(R"({"children":[]})") : out.null();
}

void write_files(JsonWriter& out, const JobResult& result, Rendering& rendering) {
  out.begin_array();
  for (const FileProxy& file : rendering.files_of(result)) write_object(out, file, rendering);
  out.end_array();
}

Result<http::Response> list_results(Call& call) {
  return answer_list<JobResult>(
      call, [&](const Query& query) { return call.storage().results().list(query); });
}

Result<http::Response> get_result(Call& call) {
  WL_TRY(const JobResult result, result_of_path(call));
  return answer_object(call, 200, result);
}

Result<http::Response> cancel_result(Call& call) {
  WL_TRY(const JobResult before, result_of_path(call));
  WL_TRY(const JobResult result, engine::cancel_result(call.storage(), before.id, call.user));
  return answer_object(call, 200, result);
}

Result<http::Response> delete_result(Call& call) {
  WL_TRY(const JobResult result, result_of_path(call));
  WL_TRY_VOID(
      engine::delete_result(call.storage(), result.id, call.user, call.api.context.delete_wait));
  return no_content();
}

}  // namespace

Result<JobResult> result_of_path(Call& call) {
  WL_TRY(const Uuid id, id_of(call, "id", "job_result.not_found", resource_of<JobResult>().label));
  return found<JobResult>(call.storage().results().get(id));
}

template <>
const Shape<JobResult>& shape_of<JobResult>() {
  static const Shape<JobResult> shape{
      &write_display,
      &write_natural_slug,
      {
          {"worker",
           R"({"type":"string","nullable":true,"description":"Who runs or ran it; null before."})",
           &write_worker},
          {"source_url",
           R"({"type":"string","format":"uri","nullable":true,"description":"Where people see the commit that ran; null for other sources."})",
           &write_source_url},
          {"celery_kwargs", R"({"type":"object"})", &write_celery_kwargs},
          {"meta", R"({"type":"object","nullable":true})", &write_meta},
          {"scheduled_job", R"({"type":"object","nullable":true})", &write_null<JobResult>},
          {"custom_fields", R"({"type":"object"})", &write_empty_object<JobResult>},
          {"computed_fields", R"({"type":"object"})", &write_empty_object<JobResult>},
          {"files", R"({"type":"array","items":{"$ref":"#/components/schemas/FileProxy"}})",
           &write_files},
      }};
  return shape;
}

void add_job_result_operations(Operations& operations) {
  operations.push_back(reading("/api/extras/job-results/", "Lists results, newest first.",
                               &list_results, "JobResultList", list_parameters<JobResult>()));
  operations.push_back(reading("/api/extras/job-results/{id}/", "Shows one result.", &get_result,
                               "JobResult", {depth_parameter()}));
  operations.push_back({.method = "DELETE",
                        .pattern = "/api/extras/job-results/{id}/",
                        .summary = "Deletes a result with its log and files; a run that has not "
                                   "ended is stopped first.",
                        .handler = &delete_result,
                        .media_type = "",
                        .status = 204});
  operations.push_back({.method = "POST",
                        .pattern = "/api/extras/job-results/{id}/cancel/",
                        .summary = "Stops a run: a queued one at once, a running one softly, then "
                                   "hard. It is no roll-back.",
                        .handler = &cancel_result,
                        .response = "JobResult"});
}

}  // namespace windlass::rest
