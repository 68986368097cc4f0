#include "server/rest/api.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "server/rest/access.h"
#include "server/rest/call.h"
#include "server/rest/errors.h"
#include "server/rest/filters.h"

namespace windlass::rest {

namespace {

constexpr std::string_view kApiVersion = "2.4";

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

/// Whether a path belongs to programs, so that none of it is an address of the web page.
bool is_of_interface(std::string_view path) {
  for (const std::string_view own : {"/api", "/health", "/metrics"}) {
    if (path == own || (path.starts_with(own) && path[own.size()] == '/')) return true;
  }
  return false;
}

Result<http::Response> handle(Api& api, const Operation& operation, http::Request& request) {
  Caller caller;
  if (operation.access != Access::kAnyone) {
    WL_TRY(caller, authorise(api.context, request));
  }
  WL_TRY(const std::int64_t depth, read_count(request.query, "depth", 0));
  WL_TRY(const bool html, read_render(request.query));
  const ApiInfo& info = api.context.info;
  Rendering rendering(
      api.context.storage, api.queues,
      info.base_url.empty() ? base_url_of(request.header("Host"), info.address) : info.base_url,
      static_cast<int>(std::min(depth, kDeepest)), html, api.context.commit_link);
  Call call{api,
            request,
            operation,
            std::move(caller.user),
            std::move(rendering),
            std::move(caller.session_key)};
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
    add_recent_result_operations(list);
    add_job_source_operations(list);
    add_git_repository_operations(list);
    add_webhook_operations(list);
    add_variable_operations(list);
    add_run_operations(list);
    add_job_result_operations(list);
    add_result_log_operations(list);
    add_result_traceback_operations(list);
    add_result_attempt_operations(list);
    add_bulk_result_operations(list);
    add_timeline_operations(list);
    add_event_operations(list);
    add_log_entry_operations(list);
    add_job_queue_operations(list);
    add_queue_assignment_operations(list);
    add_file_operations(list);
    add_scheduled_job_operations(list);
    add_worker_operations(list);
    add_user_operations(list);
    add_token_operations(list);
    add_password_operations(list);
    add_preference_operations(list);
    add_summary_operations(list);
    add_setting_operations(list);
    add_session_operations(list);
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
  if (context.page != nullptr && !context.page->empty()) {
    router.set_not_found([page = context.page](http::Request& request) {
      if (is_of_interface(request.path)) return http::Response::error(404, "Not found.");
      return page->serve(request);
    });
  }
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
