#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/job_records.h"
#include "engine/test_home.h"

namespace windlass::engine {
namespace {

using testing::ElementsAre;

Job job_named(const std::string& name) {
  Job job;
  job.class_path = "a." + name;
  job.job_class_name = job.name = name;
  job.class_values = json::object{{"name", name},      {"description", "of the class"},
                                  {"grouping", "G"},   {"hidden", false},
                                  {"time_limit", 5.0}, {"task_queues", json::array{"q", "r"}}};
  job.description = "of the class";
  job.grouping = "G";
  job.time_limit = 5;
  job.task_queues = json::array{"q", "r"};
  return job;
}

class JobPatchTest : public testing::Test {
 protected:
  Result<void> patch(const char* text) { return patch_job(job_, parse_json(text).value(), now_); }
  FieldErrors errors(const char* text) {
    const Job before = job_;
    const auto refused = patch(text);
    EXPECT_FALSE(refused.ok()) << text;
    if (refused.ok()) return {};
    EXPECT_EQ(refused.error().code, "job.inputs");
    EXPECT_EQ(to_text(job_.overrides), to_text(before.overrides)) << "an error changes nothing";
    EXPECT_EQ(job_.description, before.description);
    return refused.error().fields;
  }

  Job job_ = job_named("One");
  TimePoint now_ = from_micros(1'700'000'000'000'000);
};

TEST_F(JobPatchTest, EnablesWithoutAnOverride) {
  ASSERT_TRUE(patch(R"({"enabled": true})").ok());
  EXPECT_TRUE(job_.enabled);
  EXPECT_EQ(to_text(job_.overrides), "[]");
  EXPECT_EQ(job_.last_updated, now_);
  ASSERT_TRUE(patch(R"({"enabled": "off"})").ok());
  EXPECT_FALSE(job_.enabled);
}

TEST_F(JobPatchTest, OverridesAndRestores) {
  ASSERT_TRUE(
      patch(R"({"description": " mine ", "time_limit": "7.5", "hidden": 1, "name": "Mine"})").ok());
  EXPECT_EQ(job_.description, "mine");
  EXPECT_EQ(job_.time_limit, 7.5);
  EXPECT_TRUE(job_.hidden);
  EXPECT_EQ(job_.name, "Mine");
  EXPECT_TRUE(job_.is_overridden("description"));
  EXPECT_TRUE(job_.is_overridden("name"));
  ASSERT_TRUE(patch(R"({"description_override": false, "name_override": false})").ok());
  EXPECT_EQ(job_.description, "of the class");
  EXPECT_EQ(job_.name, "One");
  EXPECT_FALSE(job_.is_overridden("description"));
  EXPECT_TRUE(job_.is_overridden("time_limit"));
  EXPECT_EQ(job_.time_limit, 7.5);
}

TEST_F(JobPatchTest, KeepsTheValueWhenOnlyTheFlagIsSet) {
  ASSERT_TRUE(patch(R"({"grouping_override": true})").ok());
  EXPECT_EQ(job_.grouping, "G");
  EXPECT_TRUE(job_.is_overridden("grouping"));
}

TEST_F(JobPatchTest, KeepsASuffixedNameWhenTheNameIsNotTouched) {
  job_.name = "One (2)";
  ASSERT_TRUE(patch(R"({"enabled": true, "name_override": false})").ok());
  EXPECT_EQ(job_.name, "One (2)");
}

TEST_F(JobPatchTest, IgnoresWhatMayNotBeSet) {
  ASSERT_TRUE(
      patch(
          R"({"class_path": "x.Y", "installed": true, "id": "x", "read_only": true, "nonsense": []})")
          .ok());
  EXPECT_EQ(job_.class_path, "a.One");
  EXPECT_FALSE(job_.installed);
  EXPECT_FALSE(job_.read_only);
}

TEST_F(JobPatchTest, NamesEveryWrongFieldAtOnce) {
  EXPECT_EQ(
      errors(R"({"enabled": "maybe", "description": null, "grouping": " ", "time_limit": "soon",
                       "soft_time_limit": -1, "name": ["x"], "hidden_override": 5, "is_singleton": null})"),
      (FieldErrors{{"enabled", {"Must be a valid boolean."}},
                   {"description", {"This field may not be null."}},
                   {"grouping", {"This field may not be blank."}},
                   {"time_limit", {"A valid number is required."}},
                   {"soft_time_limit", {"Ensure this value is greater than or equal to 0."}},
                   {"name", {"Not a valid string."}},
                   {"hidden_override", {"Must be a valid boolean."}},
                   {"is_singleton", {"This field may not be null."}}}));
  const std::string long_name = R"({"name": ")" + std::string(256, 'n') + R"("})";
  EXPECT_EQ(errors(long_name.c_str()).at("name"),
            std::vector<std::string>{"Ensure this field has no more than 255 characters."});
  EXPECT_EQ(errors("{\"description\": \"a\\u0000b\"}").at("description"),
            std::vector<std::string>{"Null characters are not allowed."});
}

TEST_F(JobPatchTest, OverridesTheQueuesAsOneList) {
  ASSERT_TRUE(patch(R"({"task_queues": ["x", "y", "x"]})").ok());
  EXPECT_THAT(job_.queue_names(), ElementsAre("x", "y"));
  EXPECT_TRUE(job_.is_overridden("task_queues"));
  EXPECT_FALSE(job_.is_overridden("default_job_queue"));
  ASSERT_TRUE(patch(R"({"job_queues_override": false})").ok());
  EXPECT_THAT(job_.queue_names(), ElementsAre("q", "r"));
  EXPECT_FALSE(job_.is_overridden("task_queues"));
  EXPECT_EQ(errors(R"({"task_queues": "x"})").at("task_queues"),
            std::vector<std::string>{"Expected a list of queue names."});
}

TEST_F(JobPatchTest, OverridesTheDefaultQueueByItself) {
  ASSERT_TRUE(patch(R"({"default_job_queue": "r"})").ok());
  EXPECT_THAT(job_.queue_names(), ElementsAre("r", "q"));
  EXPECT_TRUE(job_.is_overridden("default_job_queue"));
  EXPECT_FALSE(job_.is_overridden("task_queues"));
  ASSERT_TRUE(patch(R"({"task_queues": ["x", "q"]})").ok());
  EXPECT_THAT(job_.queue_names(), ElementsAre("r", "x", "q")) << "it stays the default";
  ASSERT_TRUE(patch(R"({"job_queues_override": false})").ok());
  EXPECT_THAT(job_.queue_names(), ElementsAre("r", "q"));
  ASSERT_TRUE(patch(R"({"default_job_queue_override": false})").ok());
  EXPECT_THAT(job_.queue_names(), ElementsAre("q", "r"));
  EXPECT_FALSE(job_.is_overridden("default_job_queue"));
  EXPECT_EQ(errors(R"({"default_job_queue": null})").at("default_job_queue"),
            std::vector<std::string>{"This field may not be null."});
}

TEST_F(JobPatchTest, TheClasssDefaultComesBackWithinOverriddenQueues) {
  ASSERT_TRUE(patch(R"({"task_queues": ["x", "q"], "default_job_queue": "x"})").ok());
  ASSERT_TRUE(patch(R"({"default_job_queue_override": false})").ok());
  EXPECT_THAT(job_.queue_names(), ElementsAre("q", "x"));
}

TEST_F(JobPatchTest, ADefaultOfItsOwnKeepsTheSettingsQueue) {
  job_.class_values.as_object()["task_queues"] = json::array{};
  job_.task_queues = json::array{};
  EXPECT_THAT(job_.queues_with("default"), ElementsAre("default"));
  ASSERT_TRUE(patch(R"({"default_job_queue": "fast"})").ok());
  EXPECT_THAT(job_.queues_with("default"), ElementsAre("fast", "default"));
  ASSERT_TRUE(patch(R"({"default_job_queue_override": "false"})").ok());
  EXPECT_THAT(job_.queues_with("default"), ElementsAre("default"));
  ASSERT_TRUE(patch(R"({"task_queues": ["x"]})").ok());
  EXPECT_THAT(job_.queues_with("default"), ElementsAre("x"));
}

// In storage -------------------------------------------------------------------------------------

class UpdateJobTest : public testing::Test {
 protected:
  Result<Job> update(const Job& job, const json::object& patch) {
    return update_job(home_.storage(), job.id, patch, clock_.now());
  }
  FakeClock clock_;
  TestHome home_{clock_};
  Job one_ = home_.add_job(job_named("One"));
  Job two_ = home_.add_job(job_named("Two"));
};

TEST_F(UpdateJobTest, WritesWhatItReturns) {
  const auto updated = update(one_, {{"enabled", true}, {"description", "mine"}});
  ASSERT_TRUE(updated.ok()) << updated.error().message;
  const auto stored = home_.storage().jobs().get(one_.id);
  EXPECT_TRUE(stored->enabled);
  EXPECT_EQ(stored->description, "mine");
  EXPECT_TRUE(stored->is_overridden("description"));
  EXPECT_FALSE(home_.storage().jobs().get(two_.id)->enabled);
}

TEST_F(UpdateJobTest, RefusesANameThatAnotherJobHas) {
  const auto refused = update(one_, {{"name", "Two"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "job.inputs");
  EXPECT_THAT(refused.error().fields.at("name"), ElementsAre("job with this name already exists."));
}

TEST_F(UpdateJobTest, MakesANameUniqueThatComesBackFromTheClass) {
  ASSERT_TRUE(update(one_, {{"name", "Free"}}).ok());
  ASSERT_TRUE(update(two_, {{"name", "One"}}).ok());
  EXPECT_EQ(update(one_, {{"name_override", false}})->name, "One (2)");
}

TEST_F(UpdateJobTest, TakesQueuesByIdNameAndObject) {
  ASSERT_TRUE(home_.storage().queues().ensure({"q", "r", "s"}).ok());
  const auto id = [&](const char* name) {
    return home_.storage().queues().find(name)->id.to_string();
  };
  const auto updated =
      update(one_, {{"job_queues", json::array{id("s"), "q", json::object{{"id", id("r")}}}},
                    {"default_job_queue", json::object{{"id", id("q")}}}});
  ASSERT_TRUE(updated.ok()) << updated.error().message;
  EXPECT_THAT(updated->queue_names(), ElementsAre("q", "s", "r"));
  const auto refused = update(one_, {{"job_queues", json::array{"nowhere"}}});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().fields.at("job_queues"),
              ElementsAre("\"nowhere\" is not a valid choice."));
}

TEST_F(UpdateJobTest, NamesEverythingThatIsWrongAtOnce) {
  const auto refused = update(one_, {{"job_queues", json::array{"nowhere", 5, "neither"}},
                                     {"default_job_queue", "gone"},
                                     {"name", "Two"},
                                     {"hidden", "perhaps"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fields,
            (FieldErrors{{"job_queues",
                          {"\"nowhere\" is not a valid choice.", "\"5\" is not a valid choice.",
                           "\"neither\" is not a valid choice."}},
                         {"default_job_queue", {"\"gone\" is not a valid choice."}},
                         {"name", {"job with this name already exists."}},
                         {"hidden", {"Must be a valid boolean."}}}));
  EXPECT_EQ(home_.storage().jobs().get(one_.id)->queue_names(), one_.queue_names());
}

TEST_F(UpdateJobTest, RefusesQueuesThatAreNoList) {
  for (const json::value& given :
       {json::value("q"), json::value(5), json::value(json::object{{"name", "q"}})}) {
    const auto refused = update(one_, {{"job_queues", given}});
    ASSERT_FALSE(refused.ok()) << to_text(given);
    EXPECT_THAT(refused.error().fields.at("job_queues"),
                ElementsAre("Expected a list of queues, each as an id or a name."));
  }
  EXPECT_THAT(update(one_, {{"job_queues", nullptr}}).error().fields.at("job_queues"),
              ElementsAre("This field may not be null."));
}

TEST_F(UpdateJobTest, MakesQueuesThatAreNewByName) {
  ASSERT_TRUE(update(one_, {{"task_queues", json::array{"brand-new"}}}).ok());
  EXPECT_TRUE(home_.storage().queues().find("brand-new").ok());
}

TEST_F(UpdateJobTest, NamesAJobThatIsNotThere) {
  Job gone = one_;
  gone.id = new_id(clock_.now());
  EXPECT_EQ(update(gone, {}).error().code, "job.not_found");
}

}  // namespace
}  // namespace windlass::engine
