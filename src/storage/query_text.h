#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/field.h"
#include "storage/query.h"

namespace windlass {

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

/// Finds the object that a reference filter names by something else than its id ("job_model=My
/// Job"): its id, or `*.not_found`.
using ResolveReference =
    std::function<Result<Uuid>(std::string_view object_type, const std::string& name)>;

/// The message for a filter that there is not.
inline constexpr std::string_view kUnknownFilter = "Unknown filter field";

/// Makes a Query of text, wherever text asks for objects: lists of REST, a variable's query_params,
/// job code. Filters are `name`, `name__n` (not), `name__ic` (contains), `name__gte`, `name__lte`;
/// a name that is added several times means one of its values. Collects everything that is wrong.
/// One thread; what it is made with outlives it.
class QueryReader {
 public:
  QueryReader(const FieldInfos& fields, const ResolveReference& resolve)
      : fields_(fields), resolve_(resolve) {}

  /// Adds a filter, or with `q` what to search for. Error: only what `resolve` fails with, but for
  /// `*.not_found`; an unknown name or a wrong value goes into errors().
  Result<void> filter(const std::string& name, const std::string& text);
  /// Fields that sort, parted by commas, each with `-` before it for descending.
  void sort(const std::string& text);

  /// Messages a name; `sort` for the order.
  const FieldErrors& errors() const { return errors_; }
  /// What was read, limit and offset aside. Once, and only without errors.
  Query take() { return std::move(query_); }

 private:
  Filter& filter_for(const FieldInfo& field, Filter::Is is);

  const FieldInfos& fields_;
  const ResolveReference& resolve_;
  FieldErrors errors_;
  Query query_;
};

/// The suffixes that filters on such a field take, "" included; none for a field that does not
/// filter.
std::vector<std::string_view> filter_suffixes(const FieldInfo& field);

/// The text as a whole number; nullopt for anything else.
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace windlass
