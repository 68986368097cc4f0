#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "server/http/request.h"
#include "server/rest/api.h"
#include "server/rest/operation.h"
#include "server/rest/rendering.h"
#include "server/rest/request_counters.h"
#include "server/rest/result_watch.h"

namespace windlass::rest {

/// What all requests share. Owned by the handlers and the open event streams; thread-safe.
struct Api : std::enable_shared_from_this<Api> {
  explicit Api(const ApiContext& given);
  const ApiContext context;
  QueueIndex queues;
  RequestCounters counters;
  ResultWatch watch;
  /// The OpenAPI document as text, made when it is first asked for: anyone may ask, often.
  const std::string& openapi();

 private:
  std::once_flag openapi_made_;
  std::string openapi_;
};

/// One request on its way through a handler.
struct Call {
  Api& api;
  http::Request& request;
  const Operation& operation;
  User user;  ///< who calls; empty where anyone may
  Rendering rendering;
  std::string session_key;  ///< of the caller's cookie; "" where a token was used

  Storage& storage() { return api.context.storage; }
  const std::string& base_url() const { return rendering.base_url(); }
};

/// The place `{name}` of the path as an id; error `code` in the words of no_such() when it is none.
Result<Uuid> id_of(const Call& call, std::string_view name, std::string_view code,
                   std::string_view label);

/// 204, the answer to a deletion.
http::Response no_content();

/// "http://<host>": from the Host header where that is well-formed, else from the listen address.
std::string base_url_of(std::string_view host, std::string_view address);

}  // namespace windlass::rest
