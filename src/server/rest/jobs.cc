#include "server/rest/jobs.h"

#include <array>

#include "base/text.h"
#include "engine/job_records.h"
#include "markdown/safe_html.h"
#include "server/rest/body.h"
#include "server/rest/errors.h"
#include "server/rest/list.h"
#include "server/rest/openapi.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

void write_display(JsonWriter& out, const Job& job, Rendering&) {
  out.text(job.name);
}

void write_description_html(JsonWriter& out, const Job& job, Rendering&) {
  out.text(safe_html(job.description));
}

void write_natural_slug(JsonWriter& out, const Job& job) {
  write_slug(out, slugify(job.module_name) + "_" + slugify(job.job_class_name), job.id);
}

void write_queue_reference(JsonWriter& out, const JobQueue& queue, Rendering& rendering) {
  rendering.reference(out, resource_of<JobQueue>().object_type, queue.id);
}

void write_task_queues(JsonWriter& out, const Job& job, Rendering& rendering) {
  out.begin_array();
  for (const JobQueue& queue : rendering.queues_of(job)) out.text(queue.name);
  out.end_array();
}

void write_job_queues(JsonWriter& out, const Job& job, Rendering& rendering) {
  out.begin_array();
  for (const JobQueue& queue : rendering.queues_of(job)) {
    write_queue_reference(out, queue, rendering);
  }
  out.end_array();
}

void write_default_queue(JsonWriter& out, const Job& job, Rendering& rendering) {
  const std::vector<JobQueue> queues = rendering.queues_of(job);
  if (queues.empty()) return out.null();
  write_queue_reference(out, queues.front(), rendering);
}

/// The queues are one list, overridden as a whole, but for the default among them.
void write_queues_override(JsonWriter& out, const Job& job, Rendering&) {
  out.boolean(job.is_overridden("task_queues"));
}
void write_default_override(JsonWriter& out, const Job& job, Rendering&) {
  out.boolean(job.is_overridden(kDefaultQueue));
}

bool asks_for(const Query& query, std::string_view field) {
  for (const Filter& filter : query.filters) {
    if (filter.field == field) return true;
  }
  return false;
}

/// Hidden jobs are left out of the list unless it is asked for them, or for a job by what
/// identifies it.
void leave_out_hidden(Query& query) {
  constexpr std::array<std::string_view, 5> kAsks{"hidden", "id", "name", "class_path",
                                                  "job_class_name"};
  for (const std::string_view field : kAsks) {
    if (asks_for(query, field)) return;
  }
  query.filters.push_back({"hidden", Filter::Is::kOneOf, {DbValue{std::int64_t{0}}}});
}

Result<http::Response> list_jobs(Call& call) {
  WL_TRY(ListRequest request, list_request<Job>(call));
  leave_out_hidden(request.query);
  return answer_list<Job>(call, std::move(request),
                          [&](const Query& query) { return call.storage().jobs().list(query); });
}

Result<http::Response> get_job(Call& call) {
  WL_TRY(const Job job, job_of_path(call));
  return answer_object(call, 200, job);
}

/// Records are refreshed from the classes after an edit.
void tell_edited(Call& call) {
  if (call.api.context.job_edited) call.api.context.job_edited();
}

Result<http::Response> patch_job(Call& call) {
  WL_TRY(const Job before, job_of_path(call));
  WL_TRY(json::object body, read_json_object(call.request));
  auto job = engine::update_job(call.storage(), before.id, json::value(std::move(body)),
                                call.api.context.clock.now());
  if (job.ok()) {
    tell_edited(call);
    return answer_object(call, 200, *job);
  }
  Error error = std::move(job).error();
  // The body's fields are the record's own here, not inputs of a run.
  if (error.code == "job.inputs") error.code = "rest.invalid";
  return error;
}

Result<http::Response> delete_job(Call& call) {
  WL_TRY(const Job job, job_of_path(call));
  WL_TRY_VOID(engine::check_removable(job));
  WL_TRY_VOID(call.storage().jobs().remove(job.id));
  tell_edited(call);
  return no_content();
}

}  // namespace

Result<Job> job_of_path(Call& call) {
  return found<Job>(engine::find_job(call.storage(), call.request.param("job")));
}

template <>
const Shape<Job>& shape_of<Job>() {
  static const Shape<Job> shape{
      &write_display,
      &write_natural_slug,
      {
          {"task_queues", R"({"type":"array","items":{"type":"string"}})", &write_task_queues},
          {"task_queues_override", R"({"type":"boolean"})", &write_queues_override},
          {"job_queues_override", R"({"type":"boolean"})", &write_queues_override},
          {"default_job_queue_override", R"({"type":"boolean"})", &write_default_override},
          {"default_job_queue", kReferenceSchema, &write_default_queue},
          {"job_queues", R"({"type":"array","items":{"$ref":"#/components/schemas/Reference"}})",
           &write_job_queues},
          {"tags", R"({"type":"array","items":{}})", &write_empty_array<Job>},
          {"notes_url", R"({"type":"string","format":"uri"})", &write_notes_url<Job>},
          {"custom_fields", R"({"type":"object"})", &write_empty_object<Job>},
          {"computed_fields", R"({"type":"object"})", &write_empty_object<Job>},
          {"relationships", R"({"type":"object"})", &write_empty_object<Job>},
      },
      {{"description_html", R"({"type":"string"})", &write_description_html}}};
  return shape;
}

void add_job_operations(Operations& operations) {
  std::vector<QueryParameter> parameters = list_parameters<Job>();
  parameters.push_back(render_parameter("description_html"));
  operations.push_back(reading("/api/extras/jobs/",
                               "Lists job records; hidden ones only when asked for.", &list_jobs,
                               "JobList", std::move(parameters)));
  operations.push_back(reading("/api/extras/jobs/{job}/",
                               "Shows one job record, by id, class path or name.", &get_job, "Job",
                               {depth_parameter(), render_parameter("description_html")}));
  operations.push_back({.method = "PATCH",
                        .pattern = "/api/extras/jobs/{job}/",
                        .summary = "Enables a job or overrides what its class says; "
                                   "`<field>_override: false` takes an override back.",
                        .handler = &patch_job,
                        .request = "JobPatch",
                        .response = "Job"});
  operations.push_back({.method = "DELETE",
                        .pattern = "/api/extras/jobs/{job}/",
                        .summary =
                            "Deletes the record. Its results stay; a class that still exists "
                            "gets a new record, not enabled.",
                        .handler = &delete_job,
                        .media_type = "",
                        .status = 204});
}

}  // namespace windlass::rest
