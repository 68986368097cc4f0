#include "server/rest/filters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/job.h"
#include "model/job_result.h"
#include "server/http/form.h"

namespace windlass::rest {
namespace {

using ::testing::ElementsAre;

Result<ListRequest> read(std::string_view query) {
  const auto resolve = [](std::string_view type, const std::string& name) -> Result<Uuid> {
    if (type == "extras.job" && name == "My Job")
      return *Uuid::parse("018f0000-0000-7000-8000-000000000001");
    if (name == "trouble") return Error{"storage.busy", "The database is busy."};
    return Error{"job.not_found", "No."};
  };
  return read_list_request(http::parse_form(query).value(), field_infos<JobResult>(), resolve);
}

FieldErrors errors_of(std::string_view query) {
  const auto request = read(query);
  EXPECT_FALSE(request.ok()) << query;
  if (request.ok()) return {};
  EXPECT_EQ(request.error().code, "rest.invalid");
  return request.error().fields;
}

TEST(Filters, PagesHoldFiftyByDefaultAndAThousandAtMost) {
  EXPECT_EQ(read("")->query.limit, 50);
  EXPECT_EQ(read("limit=7&offset=3")->query.limit, 7);
  EXPECT_EQ(read("limit=7&offset=3")->query.offset, 3);
  EXPECT_EQ(read("limit=0")->query.limit, 1000);
  EXPECT_EQ(read("limit=5000")->query.limit, 1000);
}

TEST(Filters, RepeatedNamesAreAlternatives) {
  const auto request = read("status=FAILURE&status=REVOKED&queue=a");
  ASSERT_TRUE(request.ok());
  ASSERT_EQ(request->query.filters.size(), 2u);
  EXPECT_EQ(request->query.filters[0].field, "status");
  EXPECT_EQ(request->query.filters[0].is, Filter::Is::kOneOf);
  EXPECT_THAT(request->query.filters[0].values,
              ElementsAre(DbValue{std::string("FAILURE")}, DbValue{std::string("REVOKED")}));
}

TEST(Filters, SuffixesSayHow) {
  const auto request = read(
      "name__ic=x&queue__n=a&date_created__gte=2026-01-01T00:00:00Z&date_created__lte=2026-01-02");
  ASSERT_TRUE(request.ok());
  const auto& filters = request->query.filters;
  ASSERT_EQ(filters.size(), 4u);
  EXPECT_EQ(filters[0].is, Filter::Is::kContains);
  EXPECT_EQ(filters[1].is, Filter::Is::kNoneOf);
  EXPECT_EQ(filters[2].is, Filter::Is::kAtLeast);
  EXPECT_THAT(filters[2].values, ElementsAre(DbValue{std::int64_t{1'767'225'600'000'000}}));
  EXPECT_EQ(filters[3].is, Filter::Is::kAtMost);
}

TEST(Filters, ReferencesTakeIdsNamesAndNull) {
  const auto by_name = read("job_model=My+Job");
  ASSERT_TRUE(by_name.ok());
  EXPECT_THAT(by_name->query.filters[0].values,
              ElementsAre(DbValue{std::string("018f0000-0000-7000-8000-000000000001")}));
  const auto by_id = read("job_model=018F0000000070008000000000000002");
  EXPECT_THAT(by_id->query.filters[0].values,
              ElementsAre(DbValue{std::string("018f0000-0000-7000-8000-000000000002")}));
  EXPECT_THAT(read("user=null")->query.filters[0].values, ElementsAre(DbValue{}));
}

TEST(Filters, EverythingWrongIsToldAtOnce) {
  const FieldErrors errors = errors_of(
      "colour=red&status=DONE&limit=-1&sort=result&date_created__gte=soon&format=xml&job_model="
      "nobody&traceback=x&status__ic=A");
  EXPECT_THAT(errors.at("colour"), ElementsAre("Unknown filter field"));
  EXPECT_THAT(errors.at("traceback"), ElementsAre("Unknown filter field"));
  EXPECT_THAT(errors.at("status__ic"), ElementsAre("Unknown filter field"));
  EXPECT_THAT(
      errors.at("status"),
      ElementsAre(
          "\"DONE\" is not a status; use PENDING, STARTED, RETRY, SUCCESS, FAILURE or REVOKED."));
  EXPECT_THAT(errors.at("limit"), ElementsAre("\"-1\" is not a whole number of at least 0."));
  EXPECT_THAT(errors.at("sort"), ElementsAre("\"result\" does not sort; use one of date_created, "
                                             "date_done, with - before it for descending."));
  EXPECT_EQ(errors.count("date_created__gte"), 1u);
  EXPECT_EQ(errors.count("format"), 1u);
  EXPECT_EQ(errors.count("job_model"), 1u);
}

TEST(Filters, SortTakesSeveralFields) {
  EXPECT_EQ(read("sort=-date_done,date_created")->query.sort, "-date_done,date_created");
  EXPECT_THAT(errors_of("sort=date_done,status,,-user").at("sort"),
              ElementsAre(::testing::HasSubstr("\"status\" does not sort"),
                          ::testing::HasSubstr("\"\" does not sort"),
                          ::testing::HasSubstr("\"-user\" does not sort")));
  const FieldInfo queue{"queue", FieldKind::kReference, kFilter};
  EXPECT_THAT(read_list_request({{"sort", "queue"}}, {&queue}, {}).error().fields.at("sort"),
              ElementsAre("This list has one order; leave sort out."));
}

TEST(Filters, TroubleOfTheDatabaseIsNotTheClientsFault) {
  const auto request = read("job_model=trouble");
  ASSERT_FALSE(request.ok());
  EXPECT_EQ(request.error().code, "storage.busy");
}

TEST(Filters, HabitsOfClientsAreTaken) {
  EXPECT_TRUE(read("depth=1&exclude_m2m=false&include=computed_fields&api_version=2.4").ok());
}

TEST(Filters, BooleansAreWrittenManyWays) {
  for (const char* text : {"true", "True", "1"}) {
    const auto request = read_list_request({{"enabled", text}}, field_infos<Job>(), {});
    EXPECT_THAT(request->query.filters[0].values, ElementsAre(DbValue{std::int64_t{1}})) << text;
  }
  EXPECT_FALSE(read_list_request({{"enabled", "maybe"}}, field_infos<Job>(), {}).ok());
}

}  // namespace
}  // namespace windlass::rest
