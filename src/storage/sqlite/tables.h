#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "storage/query_sql.h"
#include "storage/sqlite/rows.h"

namespace windlass::sqlite {

/// The object whose unique column holds `value`.
template <class T, class V>
std::optional<T> find_by(Connection& db, std::string_view column, const V& value,
                         OnDamage on_damage = OnDamage::kShowEmpty) {
  const std::string sql = "SELECT " + column_list<T>() + " FROM \"" +
                          std::string(resource_of<T>().table) + "\" WHERE \"" +
                          std::string(column) + "\" = ?1";
  Prepared statement = db.prepare(sql);
  put(*statement, 1, value);
  if (!statement->executeStep()) return std::nullopt;
  return read_row<T>(*statement, on_damage);
}

/// Binds the values as $1, …; returns the next index.
int bind_all(SQLite::Statement& statement, const std::vector<DbValue>& values);

/// Number of rows that a compiled query matches.
std::int64_t count_rows(Connection& db, std::string_view table, const CompiledQuery& query);

/// The statement of one page: binds the values, then limit and offset.
struct PageSql {
  std::string text;
  std::vector<DbValue> values;
};

/// A filter of several values is split into one range a value, which SQLite merges in the order
/// asked for; as one condition it would read and sort all that match.
Result<PageSql> page_sql(const Query& query, const Listing& listing, const std::string& columns);

/// The objects of one page, in the query's order.
template <class T>
Result<std::vector<T>> read_items(Connection& db, const Query& query) {
  std::vector<T> items;
  if (query.limit <= 0) return items;
  WL_TRY(const PageSql sql, page_sql(query, listing_of<T>(), column_list<T>()));
  Prepared page = db.prepare(sql.text);
  const int next = bind_all(*page, sql.values);
  page->bind(next, query.limit);
  page->bind(next + 1, query.offset);
  items.reserve(static_cast<std::size_t>(std::min<std::int64_t>(query.limit, 1000)));
  while (page->executeStep()) items.push_back(read_row<T>(*page));
  return items;
}

template <class T>
Result<Page<T>> list_page(Connection& db, const Query& query) {
  const Listing& listing = listing_of<T>();
  WL_TRY(const CompiledQuery compiled, compile_query(query, listing));
  Page<T> page;
  page.count = count_rows(db, listing.table, compiled);
  WL_TRY(page.items, read_items<T>(db, query));
  return page;
}

}  // namespace windlass::sqlite
