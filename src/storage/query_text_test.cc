#include "storage/query_text.h"

#include <gmock/gmock.h>

#include "model/job_result.h"

namespace windlass {
namespace {

using testing::ElementsAre;

class QueryTextTest : public testing::Test {
 protected:
  ResolveReference resolve_ = [](std::string_view, const std::string& name) -> Result<Uuid> {
    if (name == "trouble") return Error{"storage.busy", "The database is busy."};
    return Error{"job.not_found", "No."};
  };
  QueryReader reader_{field_infos<JobResult>(), resolve_};
};

TEST_F(QueryTextTest, ValuesOfOneNameAreAlternativesAndBoundsEachHold) {
  ASSERT_TRUE(reader_.filter("status", "FAILURE").ok());
  ASSERT_TRUE(reader_.filter("status", "REVOKED").ok());
  ASSERT_TRUE(reader_.filter("date_created__gte", "2026-01-01").ok());
  ASSERT_TRUE(reader_.filter("date_created__gte", "2026-01-02").ok());
  ASSERT_TRUE(reader_.filter("q", "nightly").ok());
  reader_.sort("-date_done");
  ASSERT_EQ(reader_.errors(), FieldErrors());
  const Query query = reader_.take();
  ASSERT_EQ(query.filters.size(), 3u);
  EXPECT_EQ(query.filters[0].is, Filter::Is::kOneOf);
  EXPECT_THAT(query.filters[0].values, ElementsAre(DbValue("FAILURE"), DbValue("REVOKED")));
  EXPECT_EQ(query.filters[1].is, Filter::Is::kAtLeast);
  EXPECT_EQ(query.search, "nightly");
  EXPECT_EQ(query.sort, "-date_done");
}

TEST_F(QueryTextTest, CollectsEverythingThatIsWrong) {
  for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
           {"colour", "red"}, {"traceback", "x"}, {"status", "DONE"}, {"user", "nobody"}}) {
    EXPECT_TRUE(reader_.filter(name, text).ok());
  }
  reader_.sort("result");
  EXPECT_THAT(reader_.errors().at("colour"), ElementsAre("Unknown filter field"));
  EXPECT_THAT(reader_.errors().at("traceback"), ElementsAre("Unknown filter field"));
  EXPECT_THAT(reader_.errors().at("user"),
              ElementsAre("\"nobody\" is neither an id nor a name that exists."));
  EXPECT_EQ(reader_.errors().size(), 5u);
}

TEST_F(QueryTextTest, TroubleOfTheDatabaseIsNobodysMistake) {
  EXPECT_EQ(reader_.filter("job_model", "trouble").error().code, "storage.busy");
  EXPECT_EQ(reader_.errors(), FieldErrors());
}

TEST_F(QueryTextTest, ReadsWholeNumbersAndNothingElse) {
  EXPECT_EQ(parse_integer("-12"), -12);
  for (const char* text : {"", "1.0", "1 ", "x", "99999999999999999999"}) {
    EXPECT_EQ(parse_integer(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace windlass
