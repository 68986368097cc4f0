#include <gmock/gmock.h>

#include "embedded_queries.h"
#include "storage/sqlite/tables.h"
#include "storage/sqlite/test_home.h"

namespace windlass::sqlite {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What SQLite intends to do.
std::string plan_of(Connection& db, const std::string& sql) {
  Prepared explain = db.prepare("EXPLAIN QUERY PLAN " + sql);
  std::string plan;
  while (explain->executeStep()) plan += value_at<std::string>(*explain, 3) + "\n";
  return plan;
}

/// The same for a page of results.
std::string plan_of(Connection& db, const Query& query) {
  const Listing& listing = listing_of<JobResult>();
  return plan_of(db, page_sql(query, listing, column_list<JobResult>()).value().text);
}

class QueryPlan : public testing::Test {
 protected:
  QueryPlan()
      : storage_(home_.open(clock_)), db_(home_.options().database, Connection::Mode::kRead) {}

  void expect_index_range(const Query& query) {
    const std::string plan = plan_of(db_, query);
    EXPECT_THAT(plan, HasSubstr("USING INDEX"));
    EXPECT_THAT(plan, Not(HasSubstr("TEMP B-TREE")));
  }

  TestHome home_;
  FakeClock clock_;
  std::unique_ptr<Storage> storage_;
  Connection db_;
};

TEST_F(QueryPlan, EveryFilterAloneIsAnIndexRangeNewestFirst) {
  expect_index_range({});
  for (const Field<JobResult>& field : fields_of<JobResult>()) {
    if (!field.has(kFilter) || field.kind == FieldKind::kId) continue;
    SCOPED_TRACE(field.name);
    Query query;
    query.filters.push_back({std::string(field.name), Filter::Is::kOneOf, {"x"}});
    expect_index_range(query);
    EXPECT_THAT(plan_of(db_, query), HasSubstr("SEARCH")) << "only the range is read";
    query.filters[0].values = {"x", "y", "z"};
    if (field.kind != FieldKind::kTime) expect_index_range(query);
  }
}

TEST_F(QueryPlan, TheFiltersOfTheMainPagesGoTogether) {
  Query query;
  query.filters.push_back({"status", Filter::Is::kOneOf, {"FAILURE", "REVOKED"}});
  query.filters.push_back({"job_model", Filter::Is::kOneOf, {"j"}});
  expect_index_range(query);
  EXPECT_THAT(plan_of(db_, query), HasSubstr("job_result_job_status (job_model=? AND status=?)"));
  query.filters[1] = {"date_created", Filter::Is::kAtLeast, {std::int64_t{1}}};
  expect_index_range(query);
  EXPECT_THAT(plan_of(db_, query), HasSubstr("job_result_status (status=? AND date_created>?)"));
}

TEST_F(QueryPlan, EverySortAloneIsAnIndexRange) {
  for (const Field<JobResult>& field : fields_of<JobResult>()) {
    if (!field.has(kSort)) continue;
    for (const char* direction : {"", "-"}) {
      Query query;
      query.sort = direction + std::string(field.name);
      SCOPED_TRACE(query.sort);
      expect_index_range(query);
    }
  }
}

TEST_F(QueryPlan, AFurtherSortOrdersWhatIsEqualInTheFirst) {
  Query query;
  query.sort = "date_created,-date_done";
  const std::string plan = plan_of(db_, query);
  EXPECT_THAT(plan, HasSubstr("USING INDEX job_result_created"));
  EXPECT_THAT(plan, HasSubstr("USE TEMP B-TREE FOR "));
  EXPECT_THAT(plan, Not(HasSubstr("USE TEMP B-TREE FOR ORDER BY"))) << "not all is sorted";
}

TEST_F(QueryPlan, AClaimReadsNoRetryThatIsNotDue) {
  EXPECT_THAT(plan_of(db_, std::string(sql::kWaitingInQueue)),
              HasSubstr("USING INDEX job_result_waiting (queue=?)"));
  const std::string retries = plan_of(db_, std::string(sql::kRetriesInQueue));
  EXPECT_THAT(retries, HasSubstr("USING INDEX job_result_retrying (queue=?"));
  EXPECT_THAT(retries, Not(HasSubstr("TEMP B-TREE"))) << "in the order that they fall due";
}

TEST_F(QueryPlan, TheSingletonLockReadsTheLeasesAndTheRetriesOfTheClassOnly) {
  const std::string plan = plan_of(db_, std::string(sql::kFindSingletonHolder));
  EXPECT_THAT(plan, HasSubstr("SCAN l"));
  EXPECT_THAT(plan, HasSubstr("SEARCH r USING INTEGER PRIMARY KEY"));
  EXPECT_THAT(plan_of(db_, std::string(sql::kFindSingletonWaiting)),
              HasSubstr("USING INDEX job_result_retrying_task (task_name=?)"));
}

TEST_F(QueryPlan, TheNewestResultOfARepositoryIsReadAlone) {
  const std::string plan =
      plan_of(db_, std::string("SELECT id FROM job_result ") + sql::kNewestOfRepository);
  EXPECT_THAT(plan, HasSubstr("USING INDEX job_result_git_repository (git_repository=?)"));
  EXPECT_THAT(plan, Not(HasSubstr("TEMP B-TREE")));
}

TEST_F(QueryPlan, TheFiguresOfTheSummaryAreIndexRanges) {
  const std::string results = "SELECT id FROM job_result ";
  const std::string failures = plan_of(db_, results + sql::kNewestFailures);
  EXPECT_THAT(failures, HasSubstr("USING INDEX job_result_failed (date_done>?)"));
  EXPECT_THAT(failures, Not(HasSubstr("TEMP B-TREE")));
  const std::string between = plan_of(db_, results + sql::kEndedBetween);
  EXPECT_THAT(between, HasSubstr("USING INDEX job_result_done (date_done>? AND date_done<?)"));
  EXPECT_THAT(between, Not(HasSubstr("TEMP B-TREE")));
  EXPECT_THAT(plan_of(db_, std::string(sql::kEndedRuns)),
              HasSubstr("USING PRIMARY KEY (scope=? AND period>? AND period<?)"));
  EXPECT_THAT(plan_of(db_, std::string(sql::kBusiestJobs)),
              HasSubstr("USING PRIMARY KEY (scope=? AND period>?)"));
  EXPECT_THAT(plan_of(db_, std::string(sql::kRunningByWorker)),
              HasSubstr("USING COVERING INDEX job_lease_worker"));
}

}  // namespace
}  // namespace windlass::sqlite
