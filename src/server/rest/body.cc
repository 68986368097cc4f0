#include "server/rest/body.h"

#include "base/text.h"

namespace windlass::rest {

std::string media_type_of(const http::Request& request) {
  const std::string_view header = request.header("Content-Type");
  return to_lower(strip(header.substr(0, header.find(';'))));
}

Error unsupported_media_type(const http::Request& request) {
  return {
      "rest.unsupported_media_type",
      "Unsupported media type \"" + std::string(request.header("Content-Type")) + "\" in request."};
}

std::string_view type_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "bool";
    case json::kind::int64:
    case json::kind::uint64:
      return "int";
    case json::kind::double_:
      return "float";
    case json::kind::string:
      return "str";
    case json::kind::array:
      return "list";
    case json::kind::object:
      return "dict";
  }
  return "";
}

Result<json::object> read_json_object(const http::Request& request) {
  if (request.body.empty()) return json::object{};
  if (media_type_of(request) != "application/json") return unsupported_media_type(request);
  WL_TRY(json::value value, parse_json(request.body));
  if (value.is_object()) return std::move(value.get_object());
  return Error{"rest.not_an_object", "Invalid data. Expected a dictionary, but got " +
                                         std::string(type_name(value)) + "."};
}

}  // namespace windlass::rest
