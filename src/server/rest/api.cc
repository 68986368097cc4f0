#include "server/rest/api.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "server/rest/call.h"
#include "server/rest/errors.h"
#include "server/rest/filters.h"

namespace windlass::rest {

namespace {

constexpr std::string_view kApiVersion = "2.4";

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

/// The key of `Authorization: Token <key>`.
Result<std::string_view> token_key(const http::Request& request) {
  const std::string_view header = strip(request.header("Authorization"));
  const auto space = header.find(' ');
  if (to_lower(header.substr(0, space)) != "token") {
    return Error{"rest.not_authenticated", "Authentication credentials were not provided."};
  }
  if (space == std::string_view::npos) {
    return Error{"auth.invalid_token", "Invalid token header. No credentials provided."};
  }
  return strip(header.substr(space));
}

/// Who calls, when it may call this. Until there are permissions, only superusers may.
Result<User> authorise(Api& api, const http::Request& request) {
  WL_TRY(const std::string_view key, token_key(request));
  WL_TRY(engine::Caller caller, api.context.accounts.authenticate_token(key));
  if (!caller.user.is_superuser) {
    return Error{
        "rest.forbidden",
        "You do not have permission to perform this action; it takes a superuser's token."};
  }
  if (!caller.token.write_enabled && !is_safe(request.method)) {
    return Error{"rest.read_only_token",
                 "You do not have permission to perform this action: this token may only read."};
  }
  return std::move(caller.user);
}

constexpr std::int64_t kDeepest = 10;

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

/// Whether a Host header is `name`, `address` or `[address]`, with or without a port, and so can
/// stand in a URL.
bool is_host(std::string_view host) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kName =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  constexpr std::string_view kAddress = "abcdefABCDEF0123456789.:";
  constexpr std::size_t kLongest = 255;
  if (host.size() > kLongest) return false;
  const bool bracketed = host.starts_with('[');
  const auto end = bracketed ? host.find(']') : host.rfind(':');
  if (bracketed && end == std::string_view::npos) return false;
  const std::string_view name = bracketed ? host.substr(1, end - 1) : host.substr(0, end);
  if (!consists_of(name, bracketed ? kAddress : kName)) return false;
  if (end == std::string_view::npos) return true;
  const std::string_view port = host.substr(end + (bracketed ? 1 : 0));
  return port.empty() || (port[0] == ':' && consists_of(port.substr(1), kDigits));
}

Result<http::Response> handle(Api& api, const Operation& operation, http::Request& request) {
  User user;
  if (operation.access != Access::kAnyone) {
    WL_TRY(user, authorise(api, request));
  }
  WL_TRY(const std::int64_t depth, read_count(request.query, "depth", 0));
  WL_TRY(const bool html, read_render(request.query));
  const ApiInfo& info = api.context.info;
  Rendering rendering(
      api.context.storage, api.queues,
      info.base_url.empty() ? base_url_of(request.header("Host"), info.address) : info.base_url,
      static_cast<int>(std::min(depth, kDeepest)), html);
  Call call{api, request, operation, std::move(user), std::move(rendering)};
  return operation.handler(call);
}

/// Methods of a pattern, as the Allow header lists them.
std::map<std::string_view, std::string> allowed_methods() {
  constexpr std::string_view kOrder[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
  std::map<std::string_view, std::string> allowed;
  for (const std::string_view method : kOrder) {
    for (const Operation& operation : all_operations()) {
      if (operation.method != method) continue;
      allowed[operation.pattern] += std::string(method) + ", ";
    }
  }
  for (auto& [pattern, methods] : allowed) {
    methods += methods.starts_with("GET") ? "HEAD, OPTIONS" : "OPTIONS";
  }
  return allowed;
}

}  // namespace

const Operations& all_operations() {
  static const Operations operations = [] {
    Operations list;
    add_root_operations(list);
    add_status_operations(list);
    add_metrics_operations(list);
    add_docs_operations(list);
    add_job_operations(list);
    add_variable_operations(list);
    add_run_operations(list);
    add_job_result_operations(list);
    add_result_log_operations(list);
    add_event_operations(list);
    add_log_entry_operations(list);
    add_job_queue_operations(list);
    add_queue_assignment_operations(list);
    add_file_operations(list);
    add_scheduled_job_operations(list);
    add_worker_operations(list);
    add_user_operations(list);
    add_token_operations(list);
    return list;
  }();
  return operations;
}

Api::Api(const ApiContext& given)
    : context(given),
      queues(context.storage, context.info.default_queue),
      counters(all_operations().size()),
      watch(context.storage.notifier(), context.stream_poll) {}

void add_routes(http::Router& router, const ApiContext& context) {
  const auto api = std::make_shared<Api>(context);
  const auto allowed = allowed_methods();
  router.set_header("API-Version", kApiVersion);
  for (std::size_t i = 0; i < all_operations().size(); ++i) {
    const Operation& operation = all_operations()[i];
    const bool versioned = operation.pattern.starts_with("/api/");
    auto handler = [api, i, &operation, versioned,
                    allow = allowed.at(operation.pattern)](http::Request& request) {
      const Micros begin = api->context.clock.steady();
      auto result = handle(*api, operation, request);
      http::Response response = result.ok() ? *std::move(result) : error_response(result.error());
      response.set("Allow", allow);
      if (versioned) response.set("API-Version", kApiVersion);
      api->counters.add(i, response.status, api->context.clock.steady() - begin);
      return response;
    };
    router.add(
        {{std::string(operation.method)}, std::string(operation.pattern), std::move(handler)});
  }
}

Result<Uuid> id_of(const Call& call, std::string_view name, std::string_view code,
                   std::string_view label) {
  if (const auto id = Uuid::parse(call.request.param(name))) return *id;
  return no_such(code, label);
}

http::Response no_content() {
  http::Response response;
  response.status = 204;
  return response;
}

std::string base_url_of(std::string_view host, std::string_view address) {
  return "http://" + std::string(is_host(host) ? host : address);
}

}  // namespace windlass::rest
