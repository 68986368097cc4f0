#include <fmt/format.h>

#include "server/rest/body_fields.h"
#include "server/rest/call.h"

namespace windlass::rest {

namespace {

constexpr std::size_t kLargest = 64 << 10;
constexpr std::string_view kEmpty = R"({"favourite_jobs":[],"saved_views":[],"result_columns":[]})";

Result<http::Response> get_preferences(Call& call) {
  WL_TRY(const json::value kept, call.storage().accounts().preferences(call.user.id));
  return http::Response::json(200, kept.is_null() ? std::string(kEmpty) : to_text(kept));
}

json::array as_json(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

/// What is wrong with a saved view; "" when nothing is.
std::string problem_of(const json::value& view) {
  const json::object* object = view.if_object();
  if (object == nullptr || object->size() != 3) return "has name, page and query, each a text";
  for (const char* member : {"name", "page", "query"}) {
    const json::value* value = object->if_contains(member);
    if (value == nullptr || !value->is_string()) return "has name, page and query, each a text";
  }
  if (get_string(view, "name").empty()) return "needs a name";
  const std::string page = get_string(view, "page");
  return page == "results" || page == "jobs" ? "" : "is of the page results or jobs";
}

json::array read_views(BodyFields& fields) {
  json::array views = fields.list("saved_views");
  for (std::size_t i = 0; i < views.size(); ++i) {
    const std::string problem = problem_of(views[i]);
    if (!problem.empty()) fields.refuse("saved_views", fmt::format("View {} {}.", i + 1, problem));
  }
  return views;
}

Result<http::Response> put_preferences(Call& call) {
  WL_TRY(BodyFields fields, BodyFields::read(call.request));
  json::object wanted;
  wanted["favourite_jobs"] = as_json(fields.texts("favourite_jobs"));
  wanted["saved_views"] = read_views(fields);
  wanted["result_columns"] = as_json(fields.texts("result_columns"));
  std::string text = to_text(wanted);
  if (text.size() > kLargest) {
    fields.refuse("saved_views",
                  fmt::format("All preferences together may have {} bytes.", kLargest));
  }
  WL_TRY_VOID(fields.finish());
  WL_TRY_VOID(call.storage().accounts().set_preferences(call.user.id, wanted));
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_preference_operations(Operations& operations) {
  constexpr std::string_view kPattern = "/api/users/preferences/";
  operations.push_back(reading(kPattern, "What the caller has set the page to show.",
                               &get_preferences, "Preferences"));
  operations.push_back({.method = "PUT",
                        .pattern = kPattern,
                        .summary = "Replaces the caller's preferences; 64 KiB at most.",
                        .handler = &put_preferences,
                        .request = "Preferences",
                        .response = "Preferences"});
}

}  // namespace windlass::rest
