#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "server/http/request.h"

namespace windlass::rest {

/// The members of a JSON body, read one by one; what is wrong with any of them is told at once.
///   WL_TRY(BodyFields fields, BodyFields::read(request));
///   const std::string name = fields.text("name");
///   WL_TRY_VOID(fields.finish());
class BodyFields {
 public:
  /// Errors: `rest.unsupported_media_type`, `json.invalid`, `rest.not_an_object`.
  static Result<BodyFields> read(const http::Request& request);

  /// Required text.
  std::string text(std::string_view name);
  /// Text of at most `longest` characters, or "" when it is not there.
  std::string optional_text(std::string_view name, std::size_t longest);
  bool boolean(std::string_view name, bool fallback);
  /// RFC 3339; nothing when it is not there or null.
  std::optional<TimePoint> optional_time(std::string_view name);
  /// A required list.
  json::array list(std::string_view name);
  /// A required list of texts.
  std::vector<std::string> texts(std::string_view name);

  void refuse(std::string_view name, std::string message);
  /// Error `rest.invalid_body` with a message for every member that is wrong or unknown.
  Result<void> finish();

 private:
  explicit BodyFields(json::object body) : body_(std::move(body)) {}
  const json::value* member(std::string_view name);

  json::object body_;
  std::set<std::string, std::less<>> known_;
  FieldErrors errors_;
};

}  // namespace windlass::rest
