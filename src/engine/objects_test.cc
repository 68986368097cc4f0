#include "engine/objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/test_home.h"

namespace windlass::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ObjectsTest : public testing::Test {
 protected:
  Job add_job(const std::string& name, bool enabled = false) {
    Job job;
    job.name = name;
    job.enabled = enabled;
    return home_.add_job(job);
  }
  JobResult add_result(const Job& job, json::object inputs = {}) {
    NewRun run;
    run.id = new_id(clock_.now());
    run.job = job.id;
    run.name = job.name;
    run.task_name = job.class_path;
    run.queue = "default";
    run.task_kwargs = std::move(inputs);
    return home_.storage().results().enqueue(run).value();
  }
  std::vector<std::string> names(const ObjectsWanted& wanted) {
    const auto found = directory_.find(wanted);
    EXPECT_TRUE(found.ok()) << found.error().message;
    std::vector<std::string> out;
    for (const json::value& object : found->objects) out.push_back(get_string(object, "display"));
    return out;
  }
  Error refusal(const ObjectsWanted& wanted) {
    const auto found = directory_.find(wanted);
    EXPECT_FALSE(found.ok());
    return found.ok() ? Error{} : found.error();
  }

  FakeClock clock_;
  TestHome home_{clock_};
  ObjectDirectory directory_{home_.storage()};
};

TEST_F(ObjectsTest, ShowsEveryTypeWithTheMembersThatAllHave) {
  const Job job = add_job("One");
  add_result(job);
  home_.add_user("bob", false);
  ASSERT_TRUE(home_.storage().queues().ensure({"default"}).ok());
  EXPECT_THAT(object_types(),
              ElementsAre("extras.job", "extras.jobresult", "extras.jobqueue", "extras.fileproxy",
                          "extras.gitrepository", "users.user"));
  for (const std::string_view type : object_types()) {
    const auto found = directory_.find({std::string(type), {}, "", 50, 0});
    ASSERT_TRUE(found.ok()) << type;
    EXPECT_EQ(found->count, type == "extras.fileproxy" || type == "extras.gitrepository" ? 0 : 1)
        << type;
    for (const json::value& object : found->objects) {
      EXPECT_EQ(get_string(object, "object_type"), type);
      EXPECT_THAT(get_string(object, "url"), HasSubstr("/" + get_string(object, "id") + "/"));
      EXPECT_TRUE(get_string(object, "url").starts_with("/api/"));
      EXPECT_NE(get_string(object, "display"), "");
    }
  }
}

TEST_F(ObjectsTest, ShowsAResultAsJobCodeReadsIt) {
  const Job job = add_job("One");
  const JobResult result = add_result(job, {{"text", "hi"}});
  const json::value view = directory_.find({"extras.JobResult", {}, "", 1, 0})->objects.front();
  EXPECT_EQ(get_string(view, "status"), "PENDING");
  EXPECT_EQ(get_string(view, "date_created"), to_rfc3339(result.date_created));
  EXPECT_TRUE(find(view, "date_done")->is_null());
  EXPECT_TRUE(find(view, "user")->is_null());
  EXPECT_EQ(to_text(*find(view, "job_model")),
            R"({"id":")" + job.id.to_string() +
                R"(","object_type":"extras.job","url":"/api/extras/jobs/)" + job.id.to_string() +
                R"(/"})");
  EXPECT_EQ(to_text(*find(view, "task_kwargs")), R"({"text":"hi"})");
  EXPECT_EQ(find(view, "number"), nullptr) << "hidden fields stay hidden";
  EXPECT_EQ(get_string(view, "display"), display_of(result));
}

TEST_F(ObjectsTest, NeverShowsAPassword) {
  home_.add_user("bob", false);
  const auto found = directory_.find({"users.user", {}, "", 50, 0});
  EXPECT_EQ(find(found->objects.front(), "password"), nullptr);
}

TEST_F(ObjectsTest, ShowsLargeValuesOfOneObjectAlone) {
  const Job job = add_job("One");
  const JobResult large = add_result(job, {{"text", std::string(10'000, 'x')}});
  const ObjectsWanted one{"extras.jobresult", {{{"id", {large.id.to_string()}}}}, "", 50, 0};
  const auto alone = directory_.find(one);
  EXPECT_TRUE(find(alone->objects.front(), "task_kwargs")->is_object());
  add_result(job);
  const auto both = directory_.find({"extras.jobresult", {}, "", 50, 0});
  for (const json::value& object : both->objects) {
    EXPECT_EQ(find(object, "task_kwargs")->is_null(),
              get_string(object, "id") == large.id.to_string());
  }
}

TEST_F(ObjectsTest, TakesTheFiltersOfTheLists) {
  add_job("Alpha", true);
  add_job("Beta", true);
  add_job("Gamma");
  EXPECT_THAT(names({"extras.job", {{{"enabled", {"true"}}}}, "-name", 50, 0}),
              ElementsAre("Beta", "Alpha"));
  EXPECT_THAT(names({"extras.job", {{{"name", {"Alpha", "Gamma"}}}}, "name", 50, 0}),
              ElementsAre("Alpha", "Gamma"));
  EXPECT_THAT(names({"extras.job", {{{"q", {"amm"}}}}, "", 50, 0}), ElementsAre("Gamma"));
  EXPECT_THAT(names({"extras.job",
                     {{{"name", {"Alpha", "Gamma"}}}, {{"name", {"Gamma", "Beta"}}}},
                     "",
                     50,
                     0}),
              ElementsAre("Gamma"))
      << "all sets of filters hold";
}

TEST_F(ObjectsTest, PagesAndCountsExactly) {
  for (const char* name : {"A", "B", "C"}) add_job(name);
  EXPECT_THAT(names({"extras.job", {}, "name", 1, 1}), ElementsAre("B"));
  const auto counted = directory_.find({"extras.job", {}, "", 0, 0});
  EXPECT_EQ(counted->count, 3);
  EXPECT_TRUE(counted->objects.empty());
}

TEST_F(ObjectsTest, ResolvesReferencesInFiltersByName) {
  const Job job = add_job("One");
  add_result(job);
  EXPECT_EQ(directory_.find({"extras.jobresult", {{{"job_model", {"One"}}}}, "", 0, 0})->count, 1);
  EXPECT_EQ(directory_.find({"extras.jobresult", {{{"user", {"null"}}}}, "", 0, 0})->count, 1);
}

TEST_F(ObjectsTest, TellsWhatIsWrongAndWhatThereIs) {
  const Error type = refusal({"dcim.device", {}, "", 50, 0});
  EXPECT_EQ(type.code, "object.unknown_type");
  EXPECT_THAT(type.message, HasSubstr("\"dcim.device\""));
  EXPECT_THAT(type.message, HasSubstr("extras.jobresult"));
  const Error query =
      refusal({"users.user",
               {{{"colour", {"red"}}, {"password", {"x"}}, {"is_staff", {"maybe"}}}},
               "email",
               50,
               0});
  EXPECT_EQ(query.code, "query.invalid");
  EXPECT_EQ(query.fields.size(), 4u);
  EXPECT_THAT(query.message, HasSubstr("there is no filter \"colour\""));
  EXPECT_THAT(query.message, HasSubstr("is_staff: \"maybe\" is not a valid boolean"));
  EXPECT_THAT(query.message, HasSubstr("Filters are q, id, username, is_superuser"));
}

TEST_F(ObjectsTest, ResolvesIdsAndNaturalNames) {
  const Job job = add_job("Nice Name");
  const User user = home_.add_user("bob", false);
  EXPECT_EQ(directory_.resolve("extras.job", "Nice Name").value(), job.id);
  EXPECT_EQ(directory_.resolve("extras.job", "my_group.Nice Name").value(), job.id);
  EXPECT_EQ(directory_.resolve("extras.job", job.id.to_string()).value(), job.id);
  EXPECT_EQ(directory_.resolve("users.User", "bob").value(), user.id);
  for (const char* name : {"nobody", "018f0000-0000-7000-8000-000000000001", ""}) {
    EXPECT_EQ(directory_.resolve("users.user", name).error().code, "object.not_found") << name;
  }
  EXPECT_THAT(directory_.resolve("extras.jobresult", "Nice Name").error().message,
              HasSubstr("named by its id"));
  EXPECT_EQ(directory_.resolve("dcim.site", "x").error().code, "object.unknown_type");
}

}  // namespace
}  // namespace windlass::engine
