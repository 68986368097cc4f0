#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/records.h"
#include "server/http/request.h"
#include "server/http/response.h"
#include "server/rest/api.h"

namespace windlass::rest {

/// Who calls: with a token, or as a browser with the cookie of a session.
struct Caller {
  User user;
  std::string session_key;  ///< "" with a token
};

/// Who calls, when it may call this. A request with `Authorization` never looks at the cookie.
/// Until there are permissions, only superusers may. Errors: `rest.not_authenticated`,
/// `auth.invalid_token`, `auth.session_ended`, `rest.forbidden`, `rest.read_only_token`, and those
/// of check_page().
Result<Caller> authorise(const ApiContext& context, const http::Request& request);

/// Whose cookie this is, whatever the user may do. Errors: `rest.not_authenticated` without one,
/// `auth.session_ended`, and those of check_page().
Result<Caller> session_of(const ApiContext& context, const http::Request& request);

/// Whether a request that changes something comes from a page of ours, as far as the browser tells
/// (Origin, Sec-Fetch-Site): of the host that the request names, or of base_url. Error
/// `rest.other_origin`.
Result<void> check_origin(const ApiContext& context, const http::Request& request);

/// The key in the cookie `windlass_session`; "" without one.
std::string_view session_key_of(const http::Request& request);
/// Has the browser keep the key: no script reads it, no other site sends it, and it goes over TLS
/// alone where the request came so or base_url says https.
void set_session_cookie(http::Response& response, const ApiContext& context,
                        const http::Request& request, std::string_view key);
void clear_session_cookie(http::Response& response, const ApiContext& context,
                          const http::Request& request);

}  // namespace windlass::rest
