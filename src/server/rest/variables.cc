#include <algorithm>
#include <array>

#include "server/rest/jobs.h"

namespace windlass::rest {

namespace {

/// One variable as the original tells it: options that are not set are left out.
void write_variable(JsonWriter& out, const json::value& declaration) {
  const Variable variable(declaration);
  out.begin_object();
  out.key("name");
  out.text(variable.name());
  out.key("type");
  out.text(variable.type());
  const auto text = [&](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    out.key(key);
    out.text(value);
  };
  text("label", variable.label());
  text("help_text", variable.description());
  out.key("required");
  out.boolean(variable.required());
  if (variable.has_default()) {
    out.key("default");
    out.value(variable.default_value());
  }
  for (const auto& member : declaration.as_object()) {
    constexpr std::array<std::string_view, 7> kTold{
        "name", "type", "label", "description", "required", "has_default", "default"};
    const std::string_view key{member.key().data(), member.key().size()};
    const bool told = std::find(kTold.begin(), kTold.end(), key) != kTold.end();
    if (told || member.value().is_null()) continue;
    out.key(key);
    out.value(member.value());
  }
  out.end_object();
}

Result<http::Response> list_variables(Call& call) {
  WL_TRY(const Job job, job_of_path(call));
  std::string text;
  JsonWriter out(text);
  out.begin_array();
  if (const json::array* variables = job.variables.if_array()) {
    for (const json::value& declaration : *variables) {
      if (declaration.is_object()) write_variable(out, declaration);
    }
  }
  out.end_array();
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_variable_operations(Operations& operations) {
  operations.push_back(reading("/api/extras/jobs/{job}/variables/",
                               "Lists the job's input variables in form order.", &list_variables,
                               "Variables"));
}

}  // namespace windlass::rest
