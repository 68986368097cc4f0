#include <fmt/format.h>

#include "engine/cancel.h"
#include "server/rest/body.h"
#include "server/rest/body_fields.h"
#include "server/rest/call.h"
#include "server/rest/errors.h"

namespace windlass::rest {

namespace {

constexpr std::size_t kMostAtOnce = 1000;

Error invalid_ids(std::string message) {
  Error error{"rest.invalid_body", "The body is not valid.", "", {}};
  error.fields["ids"] = {std::move(message)};
  return error;
}

/// The ids, each once.
Result<std::vector<Uuid>> parse_ids(const std::vector<std::string>& texts) {
  if (texts.size() > kMostAtOnce) {
    return invalid_ids(fmt::format("At most {} results at once.", kMostAtOnce));
  }
  std::vector<Uuid> ids;
  for (const std::string& text : texts) {
    const auto id = Uuid::parse(text);
    if (!id) return invalid_ids("\"" + text + "\" is not an id.");
    if (std::find(ids.begin(), ids.end(), *id) == ids.end()) ids.push_back(*id);
  }
  return ids;
}

/// The body of a bulk deletion: [{"id": …}, …].
Result<std::vector<Uuid>> read_objects(const http::Request& request) {
  if (media_type_of(request) != "application/json") return unsupported_media_type(request);
  WL_TRY(const json::value body, parse_json(request.body));
  const json::array* list = body.if_array();
  if (list == nullptr) return invalid_ids("The body is to be a list of objects with an id.");
  std::vector<std::string> texts;
  for (const json::value& item : *list) {
    const json::value* id = find(item, "id");
    if (id == nullptr || !id->is_string()) {
      return invalid_ids("The body is to be a list of objects with an id.");
    }
    texts.emplace_back(to_view(id->get_string()));
  }
  return parse_ids(texts);
}

Result<http::Response> delete_results(Call& call) {
  WL_TRY(const std::vector<Uuid> ids, read_objects(call.request));
  const auto deleted =
      engine::delete_results(call.storage(), ids, call.user, call.api.context.delete_wait);
  if (deleted.ok()) return no_content();
  return deleted.error();
}

void write_ids(JsonWriter& out, std::string_view name, const std::vector<Uuid>& ids) {
  out.key(name);
  out.begin_array();
  for (const Uuid& id : ids) out.id(id);
  out.end_array();
}

Result<http::Response> cancel_results(Call& call) {
  WL_TRY(BodyFields fields, BodyFields::read(call.request));
  const std::vector<std::string> texts = fields.texts("ids");
  WL_TRY_VOID(fields.finish());
  WL_TRY(const std::vector<Uuid> ids, parse_ids(texts));
  WL_TRY(const engine::Cancelled cancelled, engine::cancel_results(call.storage(), ids, call.user));
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  write_ids(out, "cancelled", cancelled.cancelled);
  write_ids(out, "unchanged", cancelled.unchanged);
  out.end_object();
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_bulk_result_operations(Operations& operations) {
  operations.push_back({.method = "DELETE",
                        .pattern = "/api/extras/job-results/",
                        .summary = "Deletes several results, 1,000 at most: all are looked at "
                                   "before any is touched, and runs that have not ended are "
                                   "stopped first.",
                        .handler = &delete_results,
                        .request = "IdObjects",
                        .media_type = "",
                        .status = 204});
  operations.push_back({.method = "POST",
                        .pattern = "/api/extras/job-results/cancel/",
                        .summary = "Stops several runs, 1,000 at most; those that have ended are "
                                   "left as they are.",
                        .handler = &cancel_results,
                        .request = "Ids",
                        .response = "CancelAnswer"});
}

}  // namespace windlass::rest
