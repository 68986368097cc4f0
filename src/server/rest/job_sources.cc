#include <set>

#include "engine/import_errors.h"
#include "engine/traceback.h"
#include "server/rest/call.h"

namespace windlass::rest {

namespace {

constexpr std::string_view kSource = "jobs_root";

/// What the records of the source tell of it.
struct Source {
  std::string version;  ///< of the newest refresh; "" without records
  TimePoint refreshed;
  std::int64_t jobs = 0;  ///< installed ones
  std::set<std::string> warnings;
  engine::ImportErrors errors;  ///< of the newest files, by module
};

Result<Source> read_source(Call& call) {
  Query query;
  query.limit = std::numeric_limits<std::int64_t>::max();
  WL_TRY(const Page<Job> jobs, call.storage().jobs().list(query));
  Source source;
  for (const Job& job : jobs.items) {
    if (job.source != kSource || !job.installed) continue;
    ++source.jobs;
    if (!job.warning.empty()) source.warnings.insert(job.class_path + ": " + job.warning);
    if (!job.import_error.empty()) source.errors[job.module_name] = job.import_error;
    if (source.version.empty() || job.last_updated > source.refreshed) {
      source.version = job.source_version;
      source.refreshed = job.last_updated;
    }
  }
  // The newest, and of modules that have no record.
  engine::SourceErrors errors = engine::load_import_errors(call.api.context.home);
  source.errors.merge(errors[std::string(kSource)]);
  return source;
}

/// The innermost place in the author's files, which is where the mistake is to be mended.
const engine::Frame* place_of(const engine::Traceback& traceback,
                              const std::filesystem::path& root) {
  for (auto frame = traceback.frames.rbegin(); frame != traceback.frames.rend(); ++frame) {
    if (frame->file.starts_with(root.string() + "/")) return &*frame;
  }
  return traceback.frames.empty() ? nullptr : &traceback.frames.back();
}

void write_error(JsonWriter& out, const std::string& module, const std::string& text,
                 const std::filesystem::path& root) {
  const engine::Traceback traceback = engine::parse_traceback(text);
  const engine::Frame* place = place_of(traceback, root);
  out.begin_object();
  out.key("module");
  out.text(module);
  out.key("file");
  out.text(place == nullptr ? "" : place->file);
  out.key("line");
  place == nullptr ? out.null() : out.integer(place->line);
  out.key("message");
  out.text(engine::problem_of(text));
  out.key("traceback");
  out.text(text);
  out.end_object();
}

Result<http::Response> list_sources(Call& call) {
  WL_TRY(const Source source, read_source(call));
  const std::filesystem::path& root = call.api.context.jobs_root;
  std::string text;
  JsonWriter out(text);
  out.begin_array();
  out.begin_object();
  out.key("name");
  out.text(kSource);
  out.key("path");
  out.text(root.string());
  out.key("version");
  out.text(source.version);
  out.key("errors");
  out.begin_array();
  for (const auto& [module, error] : source.errors) write_error(out, module, error, root);
  out.end_array();
  out.key("warnings");
  out.begin_array();
  for (const std::string& warning : source.warnings) out.text(warning);
  out.end_array();
  out.key("jobs");
  out.integer(source.jobs);
  out.end_object();
  out.end_array();
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_job_source_operations(Operations& operations) {
  operations.push_back(
      reading("/api/extras/job-sources/",
              "Where job code comes from, with the modules that do not import and why.",
              &list_sources, "JobSources"));
}

}  // namespace windlass::rest
