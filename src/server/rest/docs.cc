#include <fmt/format.h>

#include "server/rest/call.h"
#include "server/rest/openapi.h"
#include "server/rest/page.h"

namespace windlass::rest {

namespace {

Result<http::Response> get_openapi(Call& call) {
  return http::Response::json(200, call.api.openapi());
}

/// The operations as a table for people, or as OpenAPI for programs.
Result<http::Response> get_docs(Call& call) {
  if (call.request.query_value("format") == "openapi") return get_openapi(call);
  const http::StaticFiles* page = call.api.context.page;
  if (page != nullptr && !page->empty()) return page->serve_file(call.request, "docs.html");
  std::string rows;
  for (const Operation& operation : all_operations()) {
    rows += fmt::format("<tr><td>{} {}</td><td>{}</td></tr>", operation.method,
                        escape_html(operation.pattern), escape_html(operation.summary));
  }
  return html_page("Windlass REST interface",
                   "<p>Send <code>Authorization: Token &lt;key&gt;</code>. The same as OpenAPI: "
                   "<a href=\"/api/swagger.json\">/api/swagger.json</a>.</p><table>" +
                       rows + "</table>");
}

}  // namespace

const std::string& Api::openapi() {
  std::call_once(openapi_made_,
                 [this] { openapi_ = to_text(openapi_document(context.info.version)); });
  return openapi_;
}

void add_docs_operations(Operations& operations) {
  operations.push_back({.method = "GET",
                        .pattern = "/api/docs/",
                        .summary = "This list; with ?format=openapi as OpenAPI.",
                        .handler = &get_docs,
                        .access = Access::kAnyone,
                        .query = {{"format", R"({"type":"string","enum":["openapi"]})",
                                   "OpenAPI in place of the page."}},
                        .media_type = "text/html"});
  operations.push_back({.method = "GET",
                        .pattern = "/api/swagger.json",
                        .summary = "The interface as OpenAPI 3.",
                        .handler = &get_openapi,
                        .access = Access::kAnyone,
                        .response = "OpenApi"});
}

}  // namespace windlass::rest
