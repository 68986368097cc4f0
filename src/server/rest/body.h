#pragma once

#include "base/json.h"
#include "base/result.h"
#include "server/http/request.h"

namespace windlass::rest {

/// The media type of a request's body in lower case, without parameters: "application/json".
std::string media_type_of(const http::Request& request);
/// Error `rest.unsupported_media_type`, naming what was sent.
Error unsupported_media_type(const http::Request& request);
/// The body as a JSON object; an empty body is {}. Errors: `rest.unsupported_media_type`,
/// `json.invalid`, `rest.not_an_object`.
Result<json::object> read_json_object(const http::Request& request);
/// How a JSON value's type is called in messages.
std::string_view type_name(const json::value& value);

}  // namespace windlass::rest
