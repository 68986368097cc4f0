#include "server/rest/errors.h"
#include "server/rest/jobs.h"
#include "server/rest/list.h"
#include "server/rest/run_body.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

/// Until schedules are built, a run starts at once or is refused.
Result<void> check_interval(Call& call, const std::string& interval) {
  if (interval.empty() || interval == "immediately") return ok();
  WL_TRY(const Job job, job_of_path(call));
  if (job.has_sensitive_variables) {
    return Error{"rest.schedule_sensitive",
                 "Unable to schedule job: Job may have sensitive input variables"};
  }
  return Error{
      "rest.schedule_unsupported",
      "This version cannot schedule runs; use \"immediately\", or leave the schedule out."};
}

Result<http::Response> run_job(Call& call) {
  WL_TRY(RunBody body, read_run_body(call.request));
  WL_TRY_VOID(check_interval(call, body.interval));
  engine::RunRequest run;
  run.job = call.request.param("job");
  run.data = std::move(body.data);
  run.files = std::move(body.files);
  run.queue = std::move(body.queue);
  run.user = call.user;
  run.ignore_singleton_lock = body.ignore_singleton_lock;
  const auto submitted = call.api.context.submitter.submit(run);
  if (!submitted.ok() && submitted.error().code == "job.not_found") {
    return no_such("job.not_found", resource_of<Job>().label);
  }
  if (!submitted.ok()) return submitted.error();
  const JobResult& result = *submitted;

  std::string text;
  text.reserve(4096);
  JsonWriter out(text);
  out.begin_object();
  out.key("scheduled_job");
  out.null();
  out.key("job_result");
  write_object(out, result, call.rendering);
  out.end_object();
  if (call.rendering.failure()) return *call.rendering.failure();
  return http::Response::json(201, std::move(text));
}

}  // namespace

void add_run_operations(Operations& operations) {
  operations.push_back(
      {.method = "POST",
       .pattern = "/api/extras/jobs/{job}/run/",
       .summary =
           "Queues a run. Takes JSON, a URL-encoded form, or multipart/form-data with files.",
       .handler = &run_job,
       .request = "RunRequest",
       .response = "RunAnswer",
       .status = 201});
}

}  // namespace windlass::rest
