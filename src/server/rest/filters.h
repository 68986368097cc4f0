#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "server/http/request.h"
#include "storage/query_text.h"

namespace windlass::rest {

inline constexpr std::int64_t kDefaultPage = 50;
inline constexpr std::int64_t kLargestPage = 1000;

/// What a list's query asks for.
struct ListRequest {
  Query query;
  bool csv = false;
};

/// Reads limit, offset, sort, q, format and the filters of `fields` as QueryReader takes them.
/// Error `rest.invalid` with a message for every parameter that is unknown or wrong, all at once.
Result<ListRequest> read_list_request(const http::NamedValues& query, const FieldInfos& fields,
                                      const ResolveReference& resolve);

/// One number of the query, at least 0; `fallback` when it is not given. Error `rest.invalid`.
Result<std::int64_t> read_count(const http::NamedValues& query, std::string_view name,
                                std::int64_t fallback);
/// `limit` as lists take it: 1,000 at most, which 0 means too.
Result<std::int64_t> read_limit(const http::NamedValues& query, std::int64_t fallback);
/// `render`: true for html, the one value there is. Error `rest.invalid`.
Result<bool> read_render(const http::NamedValues& query);
/// All values of that name.
std::vector<std::string> values_of(const http::NamedValues& query, std::string_view name);

/// Parameters that every request may carry: those that this interface gives a meaning elsewhere,
/// and those that clients of the original send out of habit.
bool is_common_parameter(std::string_view name);

}  // namespace windlass::rest
