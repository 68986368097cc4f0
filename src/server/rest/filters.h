#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/field.h"
#include "server/http/request.h"
#include "storage/query.h"

namespace windlass::rest {

using FieldInfos = std::vector<const FieldInfo*>;

/// The field list of T without T.
template <class T>
const FieldInfos& field_infos() {
  static const FieldInfos infos = [] {
    FieldInfos list;
    for (const Field<T>& field : fields_of<T>()) list.push_back(&field);
    return list;
  }();
  return infos;
}

inline constexpr std::int64_t kDefaultPage = 50;
inline constexpr std::int64_t kLargestPage = 1000;

/// What a list's query asks for.
struct ListRequest {
  Query query;
  bool csv = false;
};

/// Finds the object that a reference filter names by something else than its id ("?job_model=My
/// Job"): its id, or
/// `*.not_found`.
using ResolveReference =
    std::function<Result<Uuid>(std::string_view object_type, const std::string& name)>;

/// Reads limit, offset, sort, q, format and the filters of `fields`: `name`, `name__n` (not),
/// `name__ic` (contains), `name__gte`, `name__lte`. A name that stands several times means one of
/// its values. Error `rest.invalid` with a message for every parameter that is unknown or wrong,
/// all at once.
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

/// The suffixes that filters on such a field take, "" included; none for a field that does not
/// filter.
std::vector<std::string_view> filter_suffixes(const FieldInfo& field);

}  // namespace windlass::rest
