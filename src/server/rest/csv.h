#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace windlass::rest {

/// CSV (RFC 4180) of JSON objects. References show as their id, statuses as their value, other
/// nested values as JSON.
void append_csv_header(std::string* out, const std::vector<std::string>& columns);
/// `array` is the JSON text of an array of objects, written by ourselves.
void append_csv_rows(std::string* out, const std::vector<std::string>& columns,
                     std::string_view array);

}  // namespace windlass::rest
