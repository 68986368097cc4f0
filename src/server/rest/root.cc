#include "base/text.h"
#include "server/rest/call.h"
#include "server/rest/page.h"

namespace windlass::rest {

namespace {

/// What lies one level beneath a path: {"jobs": "http://…/api/extras/jobs/", …}, from the
/// operations themselves.
Result<http::Response> list_below(Call& call) {
  const std::string_view prefix = call.operation.pattern;
  json::object links;
  for (const Operation& operation : all_operations()) {
    if (!operation.pattern.starts_with(prefix) || operation.method != "GET") continue;
    const std::string_view rest = operation.pattern.substr(prefix.size());
    if (rest.find('/') == std::string_view::npos) continue;
    const std::string_view name = rest.substr(0, rest.find('/'));
    if (name.empty() || name == "docs") continue;
    links[to_json_view(name)] = call.base_url() + std::string(prefix) + std::string(name) + "/";
  }
  return http::Response::json(200, json::value(std::move(links)));
}

Result<http::Response> get_front_page(Call& call) {
  const http::StaticFiles* page = call.api.context.page;
  if (page != nullptr && !page->empty()) return page->serve(call.request);
  return html_page(
      "Windlass",
      "<p>Windlass " + escape_html(call.api.context.info.version) +
          " runs jobs. It is spoken to through its "
          "<a href=\"/api/docs/\">REST interface</a> and the command line; "
          "<code>windlass createsuperuser</code> makes an account and its API token.</p>"
          "<p><a href=\"/health/\">Health</a> · <a href=\"/metrics\">Metrics</a></p>");
}

}  // namespace

void add_root_operations(Operations& operations) {
  operations.push_back({.method = "GET",
                        .pattern = "/",
                        .summary = "Says what this is.",
                        .handler = &get_front_page,
                        .access = Access::kAnyone,
                        .media_type = "text/html"});
  operations.push_back(
      reading("/api/", "Links to the parts of the interface.", &list_below, "Links"));
  operations.push_back(
      reading("/api/extras/", "Links to jobs and what belongs to them.", &list_below, "Links"));
  operations.push_back(
      reading("/api/users/", "Links to accounts and what belongs to them.", &list_below, "Links"));
}

}  // namespace windlass::rest
