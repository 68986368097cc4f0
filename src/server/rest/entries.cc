#include "server/rest/entries.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "markdown/safe_html.h"
#include "server/rest/errors.h"
#include "server/rest/filters.h"
#include "server/rest/list.h"

namespace windlass::rest {

namespace {

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void write_log_members(JsonWriter& out, const Event& event) {
  out.quoted_key("\"log_level\":");
  out.text(event.level);
  out.quoted_key("\"grouping\":");
  out.text(event.grouping);
  out.quoted_key("\"message\":");
  out.text(event.message);
  out.quoted_key("\"log_object\":");
  out.text(event.log_object);
  out.quoted_key("\"absolute_url\":");
  out.text(event.absolute_url);
}

void write_console_members(JsonWriter& out, const Event& event) {
  out.quoted_key("\"output_type\":");
  out.text(event.level);
  out.quoted_key("\"text\":");
  out.text(event.message);
}

struct Parameter {
  std::string_view name;
  std::string_view schema;
  std::string_view help;
};

constexpr std::string_view kCountSchema = R"({"type":"integer","minimum":0})";
constexpr std::string_view kTextSchema = R"({"type":"string"})";
constexpr Parameter kParameters[] = {
    {"job_result", R"({"type":"string","format":"uuid"})",
     "Id of the result; needed for q, grouping and attempt."},
    {"after", kCountSchema, "Only entries with a larger sequence."},
    {"limit", kCountSchema, "Entries at most: 50 when left out, 1,000 at most, which 0 means too."},
    {"offset", kCountSchema, "Entries to skip."},
    {"bare", R"({"type":"boolean","default":false})",
     "true answers with a bare list also beside after, limit or offset."},
};

}  // namespace

const EntryKind& log_entries() {
  static const EntryKind kind{
      EventKind::kLog,
      "extras.joblogentry",
      "extras/job-logs",
      "Job Log Entry",
      "log_entry.not_found",
      "log_level",
      {"debug", "info", "success", "warning", "failure", "error", "critical"},
      true,
      columns_with({{"log_level"},
                    {"grouping"},
                    {"message"},
                    {"log_object"},
                    {"absolute_url"},
                    {"job_result", CellKind::kReference},
                    {"created"},
                    {"sequence"},
                    {"attempt"}})};
  return kind;
}

const EntryKind& console_entries() {
  static const EntryKind kind{EventKind::kConsole,
                              "extras.jobconsoleentry",
                              "extras/job-console-entries",
                              "Job Console Entry",
                              "console_entry.not_found",
                              "output_type",
                              {"stdout", "stderr"},
                              false,
                              columns_with({{"output_type"},
                                            {"text"},
                                            {"job_result", CellKind::kReference},
                                            {"created"},
                                            {"sequence"},
                                            {"attempt"}})};
  return kind;
}

void write_entry(JsonWriter& out, const EntryKind& kind, const Event& event,
                 const JobResult& result, Rendering& rendering) {
  const Uuid id = entry_id(result, event.sequence);
  out.begin_object();
  out.quoted_key("\"id\":");
  out.id(id);
  out.quoted_key("\"object_type\":");
  out.text(kind.object_type);
  out.quoted_key("\"display\":");
  out.text(event.message);
  out.quoted_key("\"url\":");
  rendering.url(out, kind.path, id);
  out.quoted_key("\"natural_slug\":");
  out.text("unknown");
  event.kind == EventKind::kLog ? write_log_members(out, event) : write_console_members(out, event);
  out.quoted_key("\"job_result\":");
  rendering.reference(out, resource_of<JobResult>().object_type, result.id);
  out.quoted_key("\"created\":");
  out.time(event.created);
  out.quoted_key("\"sequence\":");
  out.integer(event.sequence);
  out.quoted_key("\"attempt\":");
  out.integer(event.attempt);
  if (rendering.html() && event.kind == EventKind::kLog) {
    out.quoted_key("\"message_html\":");
    out.text(safe_html(event.message));
  }
  out.end_object();
}

Result<EntryRequest> read_entry_request(const http::NamedValues& query, const EntryKind& kind,
                                        const std::vector<std::string_view>& more) {
  EntryRequest request;
  request.query.kinds = {kind.kind};
  FieldErrors errors;
  for (const auto& [name, value] : query) {
    if (name == kind.level_filter) {
      if (contains(kind.levels, value)) {
        request.query.levels.push_back(value);
      } else {
        errors[name].push_back(
            fmt::format("\"{}\" is none of {}.", value, fmt::join(kind.levels, ", ")));
      }
    } else if (name == "grouping" && kind.has_grouping) {
      request.query.grouping = value;
    } else if (name == "attempt") {
      continue;  // a number: read below
    } else if (name == "q") {
      request.query.search = value;
    } else if (name == "job_result" && contains(more, name)) {
      request.result = value;
    } else if (name == "format" && (value == "csv" || value == "json")) {
      request.csv = value == "csv";
    } else if (name == "format") {
      errors[name] = {fmt::format("\"{}\" is not a format; use json or csv.", value)};
    } else if (name == "sort") {
      errors[name] = {"Entries come in the order in which they were written; leave this out."};
    } else if (name == "bare" && contains(more, name) && (value == "true" || value == "false")) {
      request.bare = value == "true";
    } else if (name == "bare" && contains(more, name)) {
      errors[name] = {fmt::format("\"{}\" is not a valid boolean; use true or false.", value)};
    } else if (!contains(more, name) && !is_common_parameter(name)) {
      errors[name] = {"Unknown filter field"};
    }
  }
  const auto keep = [&errors](Result<std::int64_t> number, std::int64_t* out) {
    if (number.ok())
      *out = *number;
    else
      errors.merge(FieldErrors(number.error().fields));
  };
  keep(read_count(query, "attempt", 0), &request.query.attempt);
  if (contains(more, "limit")) keep(read_limit(query, kDefaultPage), &request.query.limit);
  if (contains(more, "offset")) keep(read_count(query, "offset", 0), &request.query.offset);
  if (contains(more, "after")) keep(read_count(query, "after", 0), &request.query.after);
  if (errors.empty()) return request;
  Error error{"rest.invalid", "The query has parameters that are unknown or wrong."};
  error.fields = std::move(errors);
  return error;
}

std::vector<QueryParameter> entry_parameters(const EntryKind& kind,
                                             const std::vector<std::string_view>& more) {
  std::vector<QueryParameter> parameters;
  for (const Parameter& parameter : kParameters) {
    if (!contains(more, parameter.name)) continue;
    parameters.push_back(
        {std::string(parameter.name), std::string(parameter.schema), std::string(parameter.help)});
  }
  parameters.push_back(
      {std::string(kind.level_filter),
       fmt::format(R"({{"type":"string","enum":["{}"]}})", fmt::join(kind.levels, "\",\"")),
       "Repeat it for one of several."});
  if (kind.has_grouping)
    parameters.push_back({"grouping", std::string(kTextSchema), "This grouping exactly."});
  parameters.push_back(
      {"attempt", std::string(kCountSchema), "Of this attempt of the run; 0 for all."});
  parameters.push_back({"q", std::string(kTextSchema), "Text within, in any case."});
  parameters.push_back(
      {"format", R"({"type":"string","enum":["json","csv"]})", "CSV in place of JSON."});
  parameters.push_back(depth_parameter());
  if (kind.kind == EventKind::kLog) parameters.push_back(render_parameter("message_html"));
  return parameters;
}

}  // namespace windlass::rest
