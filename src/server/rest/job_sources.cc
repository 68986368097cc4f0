#include "engine/job_sources.h"

#include <charconv>
#include <optional>

#include "engine/traceback.h"
#include "server/rest/call.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

/// The innermost place in the author's files, which is where the mistake is to be mended.
const engine::Frame* place_of(const engine::Traceback& traceback,
                              const std::filesystem::path& root) {
  for (auto frame = traceback.frames.rbegin(); frame != traceback.frames.rend(); ++frame) {
    if (!root.empty() && frame->file.starts_with(root.string() + "/")) return &*frame;
  }
  return traceback.frames.empty() ? nullptr : &traceback.frames.back();
}

/// Where a compiler found a mistake: "net/x.cpp:12:5: error: …"
std::optional<engine::Frame> place_of_compiler(std::string_view problem,
                                               const std::filesystem::path& root) {
  const auto colon = problem.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view file = problem.substr(0, colon);
  const std::string_view rest = problem.substr(colon + 1);
  engine::Frame frame;
  const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), frame.line);
  if (failure != std::errc{} || end == rest.data() + rest.size() || *end != ':')
    return std::nullopt;
  frame.file = (root / file).string();
  return frame;
}

void write_error(JsonWriter& out, const std::string& module, const std::string& text,
                 const std::filesystem::path& root) {
  const engine::Traceback traceback = engine::parse_traceback(text);
  const std::string problem = engine::problem_of(text);
  const std::optional<engine::Frame> compiled = place_of_compiler(problem, root);
  const engine::Frame* place = compiled ? &*compiled : place_of(traceback, root);
  out.begin_object();
  out.key("module");
  out.text(module);
  out.key("file");
  out.text(place == nullptr ? "" : place->file);
  out.key("line");
  place == nullptr ? out.null() : out.integer(place->line);
  out.key("message");
  out.text(problem);
  out.key("traceback");
  out.text(text);
  out.end_object();
}

void write_source(JsonWriter& out, const engine::JobSource& source, Rendering& rendering) {
  out.begin_object();
  out.key("name");
  out.text(source.name);
  out.key("path");
  out.text(source.path.string());
  out.key("version");
  out.text(source.version);
  out.key("version_url");
  const std::string url =
      source.repository ? rendering.version_url(source.name, source.version) : "";
  url.empty() ? out.null() : out.text(url);
  out.key("git_repository");
  if (source.repository) {
    rendering.reference(out, resource_of<GitRepository>().object_type, source.repository->id);
  } else {
    out.null();
  }
  out.key("errors");
  out.begin_array();
  for (const auto& [module, error] : source.errors) write_error(out, module, error, source.path);
  out.end_array();
  out.key("warnings");
  out.begin_array();
  for (const std::string& warning : source.warnings) out.text(warning);
  out.end_array();
  out.key("jobs");
  out.integer(source.jobs);
  out.end_object();
}

Result<http::Response> list_sources(Call& call) {
  const ApiContext& context = call.api.context;
  WL_TRY(const std::vector<engine::JobSource> sources,
         engine::job_sources(call.storage(), {context.home, context.jobs_root, context.apps}));
  std::string text;
  JsonWriter out(text);
  out.begin_array();
  for (const engine::JobSource& source : sources) write_source(out, source, call.rendering);
  out.end_array();
  if (call.rendering.failure()) return *call.rendering.failure();
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
