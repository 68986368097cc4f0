#include "engine/traceback.h"
#include "server/rest/job_results.h"

namespace windlass::rest {

namespace {

void write_frame(JsonWriter& out, const engine::Frame& frame) {
  out.begin_object();
  out.key("file");
  out.text(frame.file);
  out.key("line");
  out.integer(frame.line);
  out.key("function");
  out.text(frame.function);
  out.key("source");
  out.begin_array();
  for (const engine::SourceLine& line : frame.source) {
    out.begin_object();
    out.key("line");
    out.integer(line.line);
    out.key("text");
    out.text(line.text);
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

Result<http::Response> get_traceback(Call& call) {
  WL_TRY(const JobResult result, result_of_path(call));
  const std::string printed = result.traceback.value_or("");
  engine::Traceback traceback = engine::parse_traceback(printed);
  const engine::CodeVersion code = engine::traced_code(result);
  engine::add_source_lines(
      traceback,
      engine::source_folders(code.source, call.api.context.home, call.api.context.jobs_root),
      code.version);
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  out.key("text");
  out.text(printed);
  out.key("exception");
  out.text(traceback.exception);
  out.key("frames");
  out.begin_array();
  for (const engine::Frame& frame : traceback.frames) write_frame(out, frame);
  out.end_array();
  out.end_object();
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_result_traceback_operations(Operations& operations) {
  operations.push_back(reading("/api/extras/job-results/{id}/traceback/",
                               "A run's traceback, with the source lines of the code that ran.",
                               &get_traceback, "Traceback"));
}

}  // namespace windlass::rest
