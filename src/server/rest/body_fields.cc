#include "server/rest/body_fields.h"

#include <fmt/format.h>

#include "base/text.h"
#include "server/rest/body.h"

namespace windlass::rest {

namespace {

constexpr std::string_view kRequired = "This field is required.";

}  // namespace

Result<BodyFields> BodyFields::read(const http::Request& request) {
  WL_TRY(json::object body, read_json_object(request));
  return BodyFields(std::move(body));
}

const json::value* BodyFields::member(std::string_view name) {
  known_.emplace(name);
  return body_.if_contains(to_json_view(name));
}

void BodyFields::refuse(std::string_view name, std::string message) {
  errors_[std::string(name)].push_back(std::move(message));
}

std::string BodyFields::text(std::string_view name) {
  const json::value* value = member(name);
  if (value == nullptr || value->is_null()) {
    refuse(name, std::string(kRequired));
  } else if (!value->is_string()) {
    refuse(name, "This is to be a text.");
  } else {
    return std::string(to_view(value->get_string()));
  }
  return "";
}

std::string BodyFields::optional_text(std::string_view name, std::size_t longest) {
  const json::value* value = member(name);
  if (value == nullptr || value->is_null()) return "";
  std::string out = text(name);
  if (utf8_length(out) > longest) {
    refuse(name, fmt::format("Ensure this field has no more than {} characters.", longest));
  }
  return out;
}

bool BodyFields::boolean(std::string_view name, bool fallback) {
  const json::value* value = member(name);
  if (value == nullptr) return fallback;
  if (value->is_bool()) return value->get_bool();
  refuse(name, "This is to be true or false.");
  return fallback;
}

std::optional<TimePoint> BodyFields::optional_time(std::string_view name) {
  const json::value* value = member(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_string()) {
    const auto time = parse_rfc3339(to_view(value->get_string()));
    if (time.ok()) return *time;
  }
  refuse(name, "This is to be a time such as 2026-11-23T21:58:39Z, or null.");
  return std::nullopt;
}

json::array BodyFields::list(std::string_view name) {
  const json::value* value = member(name);
  if (value == nullptr) {
    refuse(name, std::string(kRequired));
  } else if (!value->is_array()) {
    refuse(name, "This is to be a list.");
  } else {
    return value->get_array();
  }
  return {};
}

std::vector<std::string> BodyFields::texts(std::string_view name) {
  std::vector<std::string> out;
  const json::array items = list(name);
  for (const json::value& item : items) {
    if (item.is_string()) out.emplace_back(to_view(item.get_string()));
  }
  if (out.size() < items.size()) refuse(name, "This is to be a list of texts.");
  return out;
}

Result<void> BodyFields::finish() {
  for (const auto& member : body_) {
    const std::string_view name(member.key().data(), member.key().size());
    if (!known_.contains(name)) refuse(name, "There is no such field.");
  }
  if (errors_.empty()) return ok();
  return Error{"rest.invalid_body", "The body is not valid.", "", std::move(errors_)};
}

}  // namespace windlass::rest
