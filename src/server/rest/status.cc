#include "base/log.h"
#include "server/rest/call.h"

namespace windlass::rest {

namespace {

/// The version of the original whose interface this is; clients choose their ways by it.
constexpr std::string_view kCompatibleVersion = "2.4.44";

Result<http::Response> get_status(Call& call) {
  WL_TRY(const std::vector<Worker> workers, call.storage().workers().alive());
  const ApiInfo& info = call.api.context.info;
  return http::Response::json(
      200, json::value(json::object{{"django-version", ""},
                                    {"installed-apps", json::object{}},
                                    {"nautobot-version", to_json_view(kCompatibleVersion)},
                                    {"nautobot-apps", json::object{}},
                                    {"plugins", json::object{}},
                                    {"python-version", info.python_version},
                                    {"celery-workers-running", workers.size()},
                                    {"windlass-version", info.version}}));
}

/// For load balancers: nothing secret, nobody asked for a token.
Result<http::Response> get_health(Call& call) {
  const auto database = call.storage().check();
  if (!database.ok()) log::error("The database does not answer", database.error());
  const char* database_state = database.ok() ? "ok" : "failing";
  return http::Response::json(
      database.ok() ? 200 : 503,
      json::value(json::object{{"status", database_state}, {"database", database_state}}));
}

}  // namespace

void add_status_operations(Operations& operations) {
  operations.push_back(reading("/api/status/", "Versions, and how many workers are alive.",
                               &get_status, "ServerStatus"));
  operations.push_back({.method = "GET",
                        .pattern = "/health/",
                        .summary = "Whether the server and its database answer: 200 or 503.",
                        .handler = &get_health,
                        .access = Access::kAnyone,
                        .response = "Health"});
}

}  // namespace windlass::rest
