#include "storage/sqlite/tables.h"

#include <algorithm>
#include <set>

namespace windlass::sqlite {

int bind_all(SQLite::Statement& statement, const std::vector<DbValue>& values) {
  int index = 1;
  for (const DbValue& value : values) put(statement, index++, value);
  return index;
}

std::int64_t count_rows(Connection& db, std::string_view table, const CompiledQuery& query) {
  Prepared count = db.prepare("SELECT count(*) FROM \"" + std::string(table) + "\"" + query.where);
  bind_all(*count, query.values);
  count->executeStep();
  return value_at<std::int64_t>(*count, 0);
}

namespace {

constexpr std::size_t kMostRanges = 8;

/// The queries of single values that together ask for the same; one query where that is not to be
/// done.
std::vector<Query> ranges_of(const Query& query) {
  const auto several = [](const Filter& filter) {
    return filter.is == Filter::Is::kOneOf && filter.values.size() > 1;
  };
  const auto split = std::find_if(query.filters.begin(), query.filters.end(), several);
  if (split == query.filters.end() || split->values.size() > kMostRanges) return {query};
  const std::set<DbValue> values(split->values.begin(), split->values.end());
  std::vector<Query> ranges;
  for (const DbValue& value : values) {
    ranges.push_back(query);
    ranges.back().filters[static_cast<std::size_t>(split - query.filters.begin())].values = {value};
  }
  return ranges;
}

}  // namespace

Result<PageSql> page_sql(const Query& query, const Listing& listing, const std::string& columns) {
  PageSql sql;
  std::string order;
  for (const Query& range : ranges_of(query)) {
    WL_TRY(CompiledQuery compiled, compile_query(range, listing, sql.values.size() + 1));
    sql.text += (sql.text.empty() ? "SELECT " : " UNION ALL SELECT ") + columns + " FROM \"" +
                std::string(listing.table) + "\"" + compiled.where;
    sql.values.insert(sql.values.end(), compiled.values.begin(), compiled.values.end());
    order = compiled.order;
  }
  sql.text += order + " LIMIT $limit OFFSET $offset";
  return sql;
}

}  // namespace windlass::sqlite
