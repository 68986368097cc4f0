#include "storage/query_sql.h"

#include <gmock/gmock.h>

#include "model/job.h"
#include "model/job_result.h"

namespace windlass {
namespace {

using testing::ElementsAre;

Query with(Filter filter) {
  Query query;
  query.filters.push_back(std::move(filter));
  return query;
}

TEST(QuerySql, NewestFirstWithoutConditions) {
  const CompiledQuery sql = compile_query({}, listing_of<JobResult>()).value();
  EXPECT_EQ(sql.where, "");
  EXPECT_EQ(sql.order, " ORDER BY \"date_created\" DESC, \"number\" DESC");
  EXPECT_EQ(compile_query({}, listing_of<Job>())->order,
            " ORDER BY \"grouping\", \"name\", \"id\"");
}

TEST(QuerySql, BindsEveryValueAndPutsNoneInTheText) {
  const CompiledQuery sql =
      compile_query(with({"status", Filter::Is::kOneOf, {"x'; DROP", "SUCCESS"}}),
                    listing_of<JobResult>())
          .value();
  EXPECT_EQ(sql.where, " WHERE \"status\" IN ($1, $2)");
  EXPECT_THAT(sql.values, ElementsAre(DbValue("x'; DROP"), DbValue("SUCCESS")));
}

TEST(QuerySql, NullIsAValueLikeOthers) {
  const Filter filter{"user", Filter::Is::kOneOf, {std::monostate{}, "u1"}};
  EXPECT_EQ(compile_query(with(filter), listing_of<JobResult>())->where,
            " WHERE (\"user\" IN ($1) OR \"user\" IS NULL)");
}

TEST(QuerySql, NoValuesMatchNothing) {
  EXPECT_EQ(compile_query(with({"queue", Filter::Is::kOneOf, {}}), listing_of<JobResult>())->where,
            " WHERE 1 = 0");
}

TEST(QuerySql, SearchLooksInAllSearchFieldsAndEscapesWildcards) {
  Query query;
  query.search = "50%_\\";
  const CompiledQuery sql = compile_query(query, listing_of<JobResult>()).value();
  EXPECT_EQ(sql.where,
            " WHERE (lower(\"name\") LIKE lower($1) ESCAPE '\\' OR "
            "lower(\"task_name\") LIKE lower($2) ESCAPE '\\')");
  EXPECT_EQ(sql.values.at(0), DbValue("%50\\%\\_\\\\%"));
}

TEST(QuerySql, RefusesUnknownAndUnfilterableFields) {
  for (const char* name : {"nope", "result", "id\" OR 1=1 --"}) {
    const auto sql =
        compile_query(with({name, Filter::Is::kOneOf, {"x"}}), listing_of<JobResult>());
    ASSERT_FALSE(sql.ok());
    EXPECT_EQ(sql.error().code, "storage.unknown_filter");
    EXPECT_NE(sql.error().message.find(name), std::string::npos);
  }
}

TEST(QuerySql, RefusesUnknownAndUnsortableFields) {
  Query query;
  for (const char* name : {"nope", "-status", "number"}) {
    query.sort = name;
    EXPECT_EQ(compile_query(query, listing_of<JobResult>()).error().code, "storage.unknown_sort");
  }
  query.sort = "-date_done";
  EXPECT_EQ(compile_query(query, listing_of<JobResult>())->order,
            " ORDER BY \"date_done\" DESC, \"number\" DESC");
  query.sort = "date_done,nope";
  EXPECT_EQ(compile_query(query, listing_of<JobResult>()).error().message, "Cannot sort by nope.");
}

TEST(QuerySql, SortsByOneFieldAfterTheOther) {
  Query query;
  query.sort = "-grouping,name";
  EXPECT_EQ(compile_query(query, listing_of<Job>())->order,
            " ORDER BY \"grouping\" DESC, \"name\", \"id\"");
}

}  // namespace
}  // namespace windlass
