#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "server/http/response.h"

namespace windlass::http {

/// What the connection decides about a response, beside what the handler answered.
struct Framing {
  bool keep_alive = true;
  /// The request was HTTP/1.1: it knows chunks, and keeps connections alive unless told otherwise.
  bool http11 = true;
  bool chunked = false;
  std::optional<std::uint64_t> content_length = {};
};

/// Appends status line and headers with the empty line after them. `date` is http_date().
void append_head(const Response& response, const Framing& framing, std::string_view date,
                 std::string* out);

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(TimePoint time);

}  // namespace windlass::http
