#include "server/rest/page.h"

#include <fmt/format.h>

namespace windlass::rest {

namespace {

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code,td:first-child{font-family:ui-monospace,monospace}"
    "td{padding:.2rem 1rem .2rem 0;vertical-align:top}";

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

http::Response html_page(std::string_view title, std::string_view body) {
  http::Response page = http::Response::text(
      200, "text/html; charset=utf-8",
      fmt::format(
          "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>"
          "<meta name=\"viewport\" content=\"width=device-width\"><style>{1}</style></head>"
          "<body><h1>{0}</h1>{2}</body></html>\n",
          escape_html(title), kStyle, body));
  page.set(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
  return page;
}

}  // namespace windlass::rest
