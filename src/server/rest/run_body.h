#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "model/validation.h"
#include "server/http/request.h"

namespace windlass::rest {

/// What a request to run a job says, whichever way its body is written.
struct RunBody {
  json::value data;      ///< the inputs; null for none
  UploadedFiles files;   ///< of multipart/form-data; names are labels, never paths
  std::string queue;     ///< name or id; "" for the job's default
  std::string interval;  ///< of the schedule; "" without one
  bool ignore_singleton_lock = false;
};

/// Reads the body of `…/run/`:
///   application/json: {"data", "schedule", "job_queue" or "task_queue", "ignore_singleton_lock"},
///   other members ignored; multipart/form-data and application/x-www-form-urlencoded: a variable a
///   field, beside `_job_queue`, `_task_queue`, `_schedule_*` and
///   `_ignore_singleton_lock`. A field that stands several times is a list. A part with a file name
///   is a file; one without name and content is a file field that was left empty, and counts as
///   none.
/// Errors: `rest.unsupported_media_type`, `rest.not_an_object`, `rest.invalid`, `json.invalid`,
/// `multipart.*`, `http.too_many_fields`, `file.too_many`, `job.inputs` for a variable that came
/// with several files, or with a file and a text.
Result<RunBody> read_run_body(const http::Request& request);

}  // namespace windlass::rest
