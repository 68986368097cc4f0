#include "model/job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace windlass {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Job, KnowsItsOverridesAndQueues) {
  Job job;
  EXPECT_FALSE(job.is_overridden("name"));
  EXPECT_TRUE(job.queue_names().empty());
  job.overrides = json::array{"name", 5, "hidden"};
  job.task_queues = json::array{"default", nullptr, "slow"};
  EXPECT_TRUE(job.is_overridden("name"));
  EXPECT_TRUE(job.is_overridden("hidden"));
  EXPECT_FALSE(job.is_overridden("nam"));
  EXPECT_THAT(job.queue_names(), ElementsAre("default", "slow"));
}

TEST(Variable, ReadsItsDeclaration) {
  const json::value declaration = parse_json(R"({
    "name": "n", "type": "IntegerVar", "label": "Number", "description": "How many",
    "required": false, "has_default": true, "default": 3, "min_value": 0, "max_value": null})")
                                      .value();
  const Variable variable(declaration);
  EXPECT_EQ(variable.name(), "n");
  EXPECT_EQ(variable.type(), "IntegerVar");
  EXPECT_EQ(variable.label(), "Number");
  EXPECT_EQ(variable.description(), "How many");
  EXPECT_FALSE(variable.required());
  EXPECT_EQ(variable.default_value(), 3);
  EXPECT_EQ(variable.limit("min_value"), 0);
  EXPECT_EQ(variable.limit("max_value"), std::nullopt);
  EXPECT_EQ(variable.option("max_value"), nullptr);
  EXPECT_EQ(variable.option("nothing"), nullptr);
}

TEST(Variable, IgnoresADefaultThatWasNotDeclared) {
  const json::value declaration = parse_json(R"({"has_default": false, "default": 3})").value();
  EXPECT_TRUE(Variable(declaration).default_value().is_null());
}

TEST(Variable, BringsBoundsBeyond64BitsToTheNearest) {
  const json::value declaration =
      parse_json(R"({"a": 1e30, "b": -1e30, "c": 18446744073709551615, "d": 2.9, "e": "5"})")
          .value();
  const Variable variable(declaration);
  EXPECT_EQ(variable.limit("a"), INT64_MAX);
  EXPECT_EQ(variable.limit("b"), INT64_MIN);
  EXPECT_EQ(variable.limit("c"), INT64_MAX);
  EXPECT_EQ(variable.limit("d"), 2);
  EXPECT_EQ(variable.limit("e"), std::nullopt);
}

TEST(Variable, FlattensGroupedChoices) {
  const json::value declaration = parse_json(R"({"choices": [
    ["Warm", [["r", "Red"], [2, "Two"]]], [true, "Yes"], "no pair", ["too", "many", "parts"]]})")
                                      .value();
  EXPECT_THAT(Variable(declaration).choices(),
              ElementsAre(Pair("r", "Red"), Pair("2", "Two"), Pair("True", "Yes")));
}

}  // namespace
}  // namespace windlass
