#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "server/http/request.h"

namespace windlass::http {

/// Reads `a=1&b=x+y%21`, the form of queries and of application/x-www-form-urlencoded bodies. Order
/// and repeated names are kept; a name without '=' has an empty value; empty pieces are skipped;
/// wrong escapes stay as they are; the values are made valid UTF-8. Error: `http.too_many_fields`.
Result<NamedValues> parse_form(std::string_view text, std::size_t max_fields = 1000);

}  // namespace windlass::http
