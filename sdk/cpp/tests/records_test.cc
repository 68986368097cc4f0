#include <gtest/gtest.h>

#include <windlass/jobs.hpp>
#include <windlass/testing.hpp>

namespace windlass::jobs {
namespace {

Json result_record(int number) {
  const std::string id = "r" + std::to_string(number);
  return Json::object({{"id", id},
                       {"object_type", "extras.jobresult"},
                       {"url", "/api/extras/job-results/" + id + "/"},
                       {"display", "Result " + id},
                       {"status", "FAILURE"},
                       {"user", Json{{"id", "u1"}, {"object_type", "users.user"}, {"url", "/u1/"}}},
                       {"job_model", nullptr}});
}

/// Answers as a server with 1,500 results and one user would.
Json answer(const Json& question) {
  if (question["question"] == Json("validate")) {
    throw Refused("job.inputs", "no", {{"days", {"we is not one of the available choices."}}});
  }
  if (question["object_type"] == Json("users.user")) {
    return {{"count", 1},
            {"objects", Json::array({Json{{"id", "u1"},
                                          {"object_type", "users.user"},
                                          {"url", "/u1/"},
                                          {"display", "admin"},
                                          {"username", "admin"}}})}};
  }
  Json objects = Json::array();
  const std::int64_t from = question["offset"].as_integer();
  for (std::int64_t at = from; at < 1500 && at < from + question["limit"].as_integer(); ++at) {
    objects.push_back(result_record(static_cast<int>(at)));
  }
  return {{"count", 1500}, {"objects", objects}};
}

class Asks : public Job {
 public:
  StringVar what{this, "what"};
  ObjectVar given{this, "given", {.model = "extras.jobresult", .required = false}};

  Json run() override {
    const Objects failed = Objects("extras.jobresult").filter({{"status", "FAILURE"}});
    if (*what == "first") return failed.order_by("-date_created").first();
    if (*what == "all") return failed.all().size();
    if (*what == "some") return failed.all(1001).size();
    if (*what == "count") return failed.count();
    if (*what == "related") return failed.first()->related("user").value()["username"];
    if (*what == "null") return failed.first()->related("job_model").has_value();
    if (*what == "field") return failed.first().value()["nothing"];
    if (*what == "given") return Json::array({given->id(), given->display(), *given});
    if (*what == "get") return failed.get();
    if (*what == "twice") return failed.filter({{"status", "SUCCESS"}}).count();
    validate_inputs<Asks>({{"days", "we"}});
    return {};
  }
};
const auto registered = register_jobs<Asks>();

testing::FinishedRun asks(const char* what, std::vector<Json>* questions = nullptr) {
  testing::Options options;
  options.answer = [questions](const Json& question) {
    if (questions != nullptr) questions->push_back(question);
    return answer(question);
  };
  return testing::run_job<Asks>({{"what", what}, {"given", "r7"}}, options);
}

TEST(Records, AreAskedForWhenTheyAreNeeded) {
  std::vector<Json> questions;
  EXPECT_EQ(asks("first", &questions).result.dump(),
            R"({"id":"r0","object_type":"extras.jobresult","url":"/api/extras/job-results/r0/"})");
  ASSERT_EQ(questions.size(), 1U);
  EXPECT_EQ(questions[0].dump(),
            R"({"type":"ask","ask":1,"object_type":"extras.jobresult",)"
            R"("filters":{"status":["FAILURE"]},"limit":1,"offset":0,"sort":"-date_created",)"
            R"("question":"objects"})");
}

TEST(Records, ComeInPages) {
  std::vector<Json> questions;
  EXPECT_EQ(asks("all", &questions).result, 1500);
  ASSERT_EQ(questions.size(), 2U);
  EXPECT_EQ(questions[1]["offset"], 1000);
  EXPECT_EQ(asks("some").result, 1001);
  EXPECT_EQ(asks("count").result, 1500);
}

TEST(Records, LoadTheirFieldsAndThoseTheyReferTo) {
  EXPECT_EQ(asks("related").result, "admin");
  EXPECT_EQ(asks("null").result, false);
  EXPECT_EQ(asks("given").result[0], "r7");
  EXPECT_EQ(asks("field").result["exc_message"],
            "A record of extras.jobresult has no field nothing");
}

TEST(Records, WrongQuestionsSayWhy) {
  EXPECT_EQ(asks("get").result["exc_message"], "There is more than one extras.jobresult with null");
  EXPECT_EQ(asks("twice").result["exc_message"], "filter() has status twice");
  const auto refused = testing::run_job<Asks>({{"what", "count"}});
  EXPECT_EQ(refused.result["exc_type"], "Refused");
  const auto invalid = asks("validate");
  EXPECT_EQ(invalid.result["exc_type"], "ValidationError");
  EXPECT_EQ(invalid.result["exc_message"],
            "The inputs were refused. (days: we is not one of the available choices.)");
}

}  // namespace
}  // namespace windlass::jobs
