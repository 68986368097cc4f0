#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/field.h"
#include "storage/query.h"

namespace windlass {

/// One column of an order.
struct SortKey {
  std::string_view field;
  bool descending = false;
};

/// What the compiler must know of a kind of object.
struct Listing {
  std::string_view table;
  std::vector<FieldInfo> fields;
  std::vector<SortKey> order;  ///< when a query names none; ends in the key
  std::string_view key;        ///< unique; settles ties
};

/// The listing of T, from its field list. For Job, JobResult, JobQueue, Worker, User, Token,
/// FileProxy and GitRepository.
template <class T>
const Listing& listing_of();

/// A query's conditions and order as SQL that SQLite and PostgreSQL both read. Values are bound as
/// $1, $2, … in their order, or from a later number on.
struct CompiledQuery {
  std::string where;  ///< "" or " WHERE …"
  std::string order;  ///< " ORDER BY …"
  std::vector<DbValue> values;
};

/// The one place where a Query becomes SQL. Pure; values never enter the text. Texts are looked for
/// in lower(), which an adapter has know the letters of all alphabets.
/// Errors: `storage.unknown_filter`, `storage.unknown_sort`, naming the field.
Result<CompiledQuery> compile_query(const Query& query, const Listing& listing,
                                    std::size_t first_place = 1);

/// A pattern for LIKE … ESCAPE '\' that finds `text` anywhere.
std::string contains_pattern(std::string_view text);

}  // namespace windlass
