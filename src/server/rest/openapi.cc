#include "server/rest/openapi.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "server/rest/schemas.h"

namespace windlass::rest {

namespace {

json::value reference_to(std::string_view schema) {
  return json::object{{"$ref", "#/components/schemas/" + std::string(schema)}};
}

json::object content_of(std::string_view media_type, json::value schema) {
  json::object content;
  content[to_json_view(media_type)] = json::object{{"schema", std::move(schema)}};
  return content;
}

/// "get_extras_jobs_job_run"
std::string operation_id(const Operation& operation) {
  std::string id = to_lower(operation.method);
  std::string_view path = operation.pattern;
  if (path == "/") return id + "_front_page";
  if (path.starts_with("/api/") && path.size() > 5) path.remove_prefix(4);
  for (const std::string_view segment : split(path, '/')) {
    if (segment.empty()) continue;
    id += '_';
    for (const char c : segment) {
      if (c != '{' && c != '}') id += c == '-' || c == '.' ? '_' : c;
    }
  }
  return id;
}

/// The resource that an operation is about, as documentation groups them.
std::string tag_of(const Operation& operation) {
  const auto segments = split(operation.pattern, '/');
  return std::string(
      segments.size() > 3 && segments[1] == "api" && !segments[3].empty() ? segments[3] : "server");
}

json::array parameters_of(const Operation& operation) {
  json::array parameters;
  for (const std::string_view segment : split(operation.pattern, '/')) {
    if (!segment.starts_with('{')) continue;
    const std::string_view name = segment.substr(1, segment.size() - 2);
    parameters.push_back(json::object{{"name", to_json_view(name)},
                                      {"in", "path"},
                                      {"required", true},
                                      {"schema", json::object{{"type", "string"}}}});
  }
  for (const QueryParameter& parameter : operation.query) {
    auto schema = parse_json(parameter.schema);
    WL_CHECK(schema.ok(), "a parameter's schema is not JSON: " + parameter.schema);
    parameters.push_back(json::object{{"name", parameter.name},
                                      {"in", "query"},
                                      {"description", parameter.help},
                                      {"schema", *std::move(schema)}});
  }
  return parameters;
}

/// What a value of the parameter `format` makes the answer.
void add_formats(const Operation& operation, json::object& content) {
  struct Format {
    std::string_view name;
    std::string_view media_type;
    json::value schema;
  };
  const Format formats[] = {
      {"csv", "text/csv", json::object{{"type", "string"}}},
      {"jsonschema", "application/schema+json", json::object{{"type", "object"}}},
      {"openapi", "application/json", reference_to("OpenApi")},
  };
  for (const QueryParameter& parameter : operation.query) {
    if (parameter.name != "format") continue;
    for (const Format& format : formats) {
      if (parameter.schema.find('"' + std::string(format.name) + '"') == std::string::npos)
        continue;
      content[to_json_view(format.media_type)] = json::object{{"schema", format.schema}};
    }
  }
}

json::object responses_of(const Operation& operation) {
  json::object success{{"description", "Done."}};
  if (!operation.response.empty()) {
    success["content"] = content_of("application/json", reference_to(operation.response));
  } else if (!operation.media_type.empty()) {
    success["content"] = content_of(operation.media_type, json::object{{"type", "string"}});
  }
  if (json::value* content = success.if_contains("content")) {
    add_formats(operation, content->get_object());
  }
  json::object responses;
  if (operation.other_status != 0) {
    json::object other = success;
    other["description"] = "Nothing was to be done.";
    responses[std::to_string(operation.other_status)] = std::move(other);
  }
  responses[std::to_string(operation.status)] = std::move(success);
  responses["default"] = json::object{
      {"description", "Refused or failed: a sentence, or messages a field."},
      {"content", content_of("application/json",
                             json::object{{"anyOf", json::array{reference_to("Detail"),
                                                                reference_to("FieldErrors")}}})}};
  return responses;
}

json::object body_of(const Operation& operation) {
  json::object content = content_of("application/json", reference_to(operation.request));
  if (operation.request == "RunRequest") {
    content["multipart/form-data"] = json::object{{"schema", reference_to("RunFormWithFiles")}};
    content["application/x-www-form-urlencoded"] =
        json::object{{"schema", reference_to("RunForm")}};
  } else if (operation.request == "Delivery") {
    content["application/x-www-form-urlencoded"] =
        json::object{{"schema", reference_to("DeliveryForm")}};
  }
  return json::object{{"content", std::move(content)}};
}

json::object described(const Operation& operation) {
  json::object out{{"operationId", operation_id(operation)},
                   {"summary", to_json_view(operation.summary)},
                   {"tags", json::array{json::string(tag_of(operation))}},
                   {"responses", responses_of(operation)}};
  if (json::array parameters = parameters_of(operation); !parameters.empty()) {
    out["parameters"] = std::move(parameters);
  }
  if (!operation.request.empty()) out["requestBody"] = body_of(operation);
  if (operation.access == Access::kAnyone) out["security"] = json::array{};
  return out;
}

std::string text_schema(std::string_view extra) {
  return fmt::format(R"({{"type":"string"{}}})", extra);
}

std::string value_schema(FieldKind kind) {
  switch (kind) {
    case FieldKind::kBool:
      return R"({"type":"boolean"})";
    case FieldKind::kInteger:
      return R"({"type":"integer"})";
    case FieldKind::kNumber:
      return R"({"type":"number"})";
    case FieldKind::kTime:
      return text_schema(R"(,"format":"date-time")");
    case FieldKind::kId:
      return text_schema(R"(,"format":"uuid")");
    case FieldKind::kStatus:
      return R"({"$ref":"#/components/schemas/Status/properties/value"})";
    default:
      return text_schema("");
  }
}

std::string filter_help(const FieldInfo& field, std::string_view suffix) {
  if (suffix == "__n") return "None of these.";
  if (suffix == "__ic") return "Contains this text, in any case.";
  if (suffix == "__gte") return "At least this.";
  if (suffix == "__lte") return "At most this.";
  if (field.kind == FieldKind::kReference) return "Id or name; repeat it for one of several.";
  return "Repeat it for one of several.";
}

}  // namespace

std::vector<QueryParameter> query_parameters(const FieldInfos& fields) {
  std::vector<QueryParameter> parameters{
      {"limit", R"({"type":"integer","minimum":0,"default":50})",
       "Objects at most: 1,000 at most, which 0 means too."},
      {"offset", R"({"type":"integer","minimum":0,"default":0})", "Objects to skip."},
      depth_parameter(),
      {"format", R"({"type":"string","enum":["json","csv"]})", "CSV in place of JSON."}};
  std::string orders;
  bool searched = false;
  for (const FieldInfo* field : fields) {
    searched = searched || field->has(kSearch);
    if (field->has(kSort)) orders += (orders.empty() ? "" : "|") + std::string(field->name);
    for (const std::string_view suffix : filter_suffixes(*field)) {
      parameters.push_back({std::string(field->name) + std::string(suffix),
                            value_schema(field->kind), filter_help(*field, suffix)});
    }
  }
  if (!orders.empty())
    parameters.push_back(
        {"sort", fmt::format(R"({{"type":"string","pattern":"^-?({0})(,-?({0}))*$"}})", orders),
         "A field to sort by, or several parted by commas; - before one for descending."});
  if (searched) parameters.push_back({"q", text_schema(""), "Text to look for, in any case."});
  return parameters;
}

json::value openapi_document(std::string_view version) {
  json::object paths;
  for (const Operation& operation : all_operations()) {
    json::value& path = paths[to_json_view(operation.pattern)];
    if (!path.is_object()) path = json::object{};
    path.get_object()[to_lower(operation.method)] = described(operation);
  }
  return json::object{
      {"openapi", "3.0.3"},
      {"info", json::object{{"title", "Windlass"}, {"version", to_json_view(version)}}},
      {"paths", std::move(paths)},
      {"components",
       json::object{{"schemas", component_schemas()},
                    {"securitySchemes",
                     json::object{{"token", json::object{{"type", "apiKey"},
                                                         {"in", "header"},
                                                         {"name", "Authorization"},
                                                         {"description", "Token <key>"}}},
                                  {"session", json::object{{"type", "apiKey"},
                                                           {"in", "cookie"},
                                                           {"name", "windlass_session"},
                                                           {"description",
                                                            "Changes also need the header "
                                                            "X-CSRF-Token."}}}}}}},
      {"security", json::array{json::object{{"token", json::array{}}},
                               json::object{{"session", json::array{}}}}}};
}

}  // namespace windlass::rest
