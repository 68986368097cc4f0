#include "server/rest/access.h"

#include <fmt/format.h>

#include "base/crypto.h"
#include "base/text.h"
#include "engine/sessions.h"

namespace windlass::rest {

namespace {

constexpr std::string_view kCookie = "windlass_session";

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

/// The key of `Authorization: Token <key>`.
Result<std::string_view> token_key(std::string_view header) {
  const auto space = header.find(' ');
  if (to_lower(header.substr(0, space)) != "token") {
    return Error{"rest.not_authenticated",
                 "Authentication credentials were not provided; send Authorization: Token <key>."};
  }
  if (space == std::string_view::npos) {
    return Error{"auth.invalid_token", "Invalid token header. No credentials provided."};
  }
  return strip(header.substr(space));
}

Result<Caller> token_owner(const ApiContext& context, const http::Request& request,
                           std::string_view header) {
  WL_TRY(const std::string_view key, token_key(header));
  WL_TRY(engine::Caller caller, context.accounts.authenticate_token(key));
  if (caller.user.is_superuser && !caller.token.write_enabled && !is_safe(request.method)) {
    return Error{"rest.read_only_token",
                 "You do not have permission to perform this action: this token may only read."};
  }
  return Caller{std::move(caller.user), ""};
}

bool came_by_tls(const ApiContext& context, const http::Request& request) {
  if (context.info.base_url.starts_with("https:")) return true;
  // Of a chain of proxies the first one spoke with the browser.
  const std::string_view header = request.header("X-Forwarded-Proto");
  return to_lower(strip(header.substr(0, header.find(',')))) == "https";
}

std::string cookie(const ApiContext& context, const http::Request& request, std::string_view value,
                   std::int64_t seconds) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", kCookie, value,
                     seconds, came_by_tls(context, request) ? "; Secure" : "");
}

/// "host:port" of a URL or an origin; "" when it is none.
std::string authority_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return "";
  const std::string_view rest = url.substr(scheme + 3);
  return to_lower(rest.substr(0, rest.find('/')));
}

}  // namespace

Result<Caller> authorise(const ApiContext& context, const http::Request& request) {
  const std::string_view header = strip(request.header("Authorization"));
  WL_TRY(Caller caller,
         header.empty() ? session_of(context, request) : token_owner(context, request, header));
  if (caller.user.is_superuser) return caller;
  return Error{"rest.forbidden",
               "You do not have permission to perform this action; it takes a superuser."};
}

Result<Caller> session_of(const ApiContext& context, const http::Request& request) {
  const std::string_view key = session_key_of(request);
  if (key.empty()) {
    return Error{"rest.not_authenticated", "Authentication credentials were not provided."};
  }
  if (!is_safe(request.method)) WL_TRY_VOID(check_origin(context, request));
  WL_TRY(User user, context.sessions.user_of(key));
  if (!is_safe(request.method) &&
      !constant_time_equal(request.header("X-CSRF-Token"), engine::csrf_token_of(key))) {
    return Error{"rest.csrf",
                 "The request lacks the session's X-CSRF-Token; reload the page and try again."};
  }
  return Caller{std::move(user), std::string(key)};
}

Result<void> check_origin(const ApiContext& context, const http::Request& request) {
  const Error other{"rest.other_origin",
                    "The request comes from another site. Behind a proxy, set base_url to the URL "
                    "that browsers use."};
  const std::string_view site = strip(request.header("Sec-Fetch-Site"));
  if (!site.empty() && site != "same-origin" && site != "none") return other;
  const std::string_view origin = strip(request.header("Origin"));
  if (origin.empty()) return ok();
  const std::string from = authority_of(origin);
  if (from.empty()) return other;  // "null": a page without an origin
  if (from == to_lower(strip(request.header("Host")))) return ok();
  if (from == authority_of(context.info.base_url)) return ok();
  return other;
}

std::string_view session_key_of(const http::Request& request) {
  for (const std::string_view pair : split(request.header("Cookie"), ';')) {
    const std::string_view stripped = strip(pair);
    const auto equals = stripped.find('=');
    if (equals != std::string_view::npos && stripped.substr(0, equals) == kCookie) {
      return stripped.substr(equals + 1);
    }
  }
  return {};
}

void set_session_cookie(http::Response& response, const ApiContext& context,
                        const http::Request& request, std::string_view key) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(context.sessions.lifetime()).count();
  response.set("Set-Cookie", cookie(context, request, key, seconds));
}

void clear_session_cookie(http::Response& response, const ApiContext& context,
                          const http::Request& request) {
  response.set("Set-Cookie", cookie(context, request, "", 0));
}

}  // namespace windlass::rest
