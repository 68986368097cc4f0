#include <algorithm>
#include <array>

#include "base/text.h"
#include "markdown/safe_html.h"
#include "model/json_schema.h"
#include "server/rest/errors.h"
#include "server/rest/jobs.h"
#include "server/rest/list.h"
#include "server/rest/run_body.h"

namespace windlass::rest {

namespace {

/// One variable as the original tells it, and its schema: options that are not set are left out.
/// With `html`, its description as HTML too.
json::object described(const json::value& declaration, bool html) {
  const Variable variable(declaration);
  json::object out{{"name", variable.name()}, {"type", variable.type()}};
  if (const std::string label = variable.label(); !label.empty()) out["label"] = label;
  if (const std::string text = variable.description(); !text.empty()) {
    if (html) out["help_text_html"] = safe_html(text);
    out["help_text"] = text;
  }
  out["required"] = variable.required();
  if (variable.has_default() && !variable.sensitive()) out["default"] = variable.default_value();
  for (const auto& member : declaration.as_object()) {
    constexpr std::array<std::string_view, 8> kTold{
        "name", "type", "label", "description", "required", "has_default", "default", "sensitive"};
    const bool told = std::ranges::find(kTold, std::string_view(member.key())) != kTold.end();
    if (!told && !member.value().is_null()) out[member.key()] = member.value();
  }
  if (variable.sensitive()) out["sensitive"] = true;
  out["schema"] = variable_schema(variable);
  return out;
}

/// The declarations, in form order.
json::array declarations(const Job& job) {
  json::value declared = job.form_variables();
  return declared.is_array() ? std::move(declared.get_array()) : json::array{};
}

http::Response schema_response(const Job& job) {
  json::object schema = inputs_schema(job.form_variables());
  schema["title"] = job.name;
  http::Response response = http::Response::json(200, json::value(std::move(schema)));
  response.set("Content-Type", "application/schema+json");
  return response;
}

Result<http::Response> list_variables(Call& call) {
  WL_TRY(const Job job, job_of_path(call));
  const auto format = call.request.query_value("format").value_or("json");
  if (format == "jsonschema") return schema_response(job);
  if (format != "json") {
    return invalid_field("format", "Must be json or jsonschema.");
  }
  json::array list;
  for (const json::value& declaration : declarations(job)) {
    if (!declaration.is_object()) continue;
    list.push_back(described(declaration, call.rendering.html()));
  }
  return http::Response::json(200, json::value(std::move(list)));
}

json::array texts(const std::vector<std::string>& messages) {
  json::array list;
  for (const std::string& message : messages) list.emplace_back(to_valid_utf8(message));
  return list;
}

/// A variable with what the answers make of it. What a caller sent for a sensitive one is not sent
/// back.
json::object state_of(const json::value& declaration, const FormField& field, bool html) {
  json::object out = described(declaration, html);
  out["visible"] = field.visible;
  if (!Variable(declaration).sensitive()) out["value"] = field.value;
  if (field.choices) out["choices"] = *field.choices;
  out["errors"] = texts(field.messages);
  return out;
}

Result<http::Response> evaluate_variables(Call& call) {
  WL_TRY(RunBody body, read_run_body(call.request));
  engine::RunRequest run;
  run.job = call.request.param("job");
  run.data = std::move(body.data);
  run.files = std::move(body.files);
  run.user = call.user;
  auto evaluated = call.api.context.submitter.evaluate(run);
  if (!evaluated.ok() && evaluated.error().code == "job.not_found") {
    return no_such("job.not_found", resource_of<Job>().label);
  }
  if (!evaluated.ok()) return std::move(evaluated).error();
  const FormState& state = evaluated->state;
  const json::array declared = declarations(evaluated->job);
  json::array variables;
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (!declared[i].is_object()) continue;
    variables.push_back(state_of(declared[i], state.fields[i], call.rendering.html()));
  }
  json::object unknown;
  for (const auto& [name, messages] : state.unknown) unknown[to_valid_utf8(name)] = texts(messages);
  return http::Response::json(
      200, json::value{{"valid", state.valid()}, {"variables", variables}, {"errors", unknown}});
}

}  // namespace

void add_variable_operations(Operations& operations) {
  operations.push_back(
      reading("/api/extras/jobs/{job}/variables/", "Lists the job's input variables in form order.",
              &list_variables, "Variables",
              {{"format", R"({"type":"string","enum":["json","jsonschema"]})",
                "jsonschema: the inputs as one JSON Schema (application/schema+json)."},
               render_parameter("help_text_html")}));
  operations.push_back(
      {.method = "POST",
       .pattern = "/api/extras/jobs/{job}/variables/",
       .summary = "Tells what the form shows for these inputs: which variables are visible, their "
                  "values, computed choices, every error. Takes the body of a run; queues nothing.",
       .handler = &evaluate_variables,
       .query = {render_parameter("help_text_html")},
       .request = "RunRequest",
       .response = "FormState"});
}

}  // namespace windlass::rest
