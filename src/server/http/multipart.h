#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace windlass::http {

/// One part of a multipart/form-data body. `name` and `filename` are valid UTF-8.
struct Part {
  std::string name;
  /// Set for files only. As the client sent it: a label, never a path to open.
  std::optional<std::string> filename;
  std::string content_type;
  /// Points into the body.
  std::string_view content;
};

struct MultipartLimits {
  std::size_t parts = 1000;
  std::size_t header_bytes = 8 << 10;
};

/// Splits a multipart/form-data body (RFC 7578). `content_type` is the request's header, with the
/// boundary. The parts point into `body`, which must outlive them. Errors: `multipart.no_boundary`,
/// `multipart.invalid`, `multipart.too_many_parts`, `multipart.header_too_large`.
Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body,
                                          const MultipartLimits& limits = {});

}  // namespace windlass::http
