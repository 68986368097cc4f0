#include "engine/questions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/test_home.h"

namespace windlass::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class QuestionsTest : public testing::Test {
 protected:
  QuestionsTest() {
    Job job;
    job.name = "One";
    job.variables = parse_json(R"([{"name": "count", "type": "IntegerVar"}])").value();
    home_.add_job(job);
  }
  Result<json::value> ask(const char* frame) {
    return questions_.answer(parse_json(frame).value().get_object());
  }
  std::string refusal(const char* frame) {
    const auto answer = ask(frame);
    EXPECT_FALSE(answer.ok()) << frame;
    if (answer.ok()) return "";
    EXPECT_EQ(answer.error().code, "ask.invalid") << frame;
    return answer.error().message;
  }

  FakeClock clock_;
  TestHome home_{clock_};
  NoChoices choices_;
  Questions questions_{home_.storage(), choices_};
};

TEST_F(QuestionsTest, AnswersWhichObjectsThereAre) {
  const auto answer = ask(R"({"type": "ask", "ask": 2, "question": "objects",
    "object_type": "extras.job", "filters": {"name": ["One", "Two"]}, "sort": "-name",
    "limit": 1000, "offset": 0})");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(get_int(*answer, "count"), 1);
  EXPECT_EQ(get_string(find(*answer, "objects")->get_array().front(), "name"), "One");
  const auto counted =
      ask(R"({"question": "objects", "object_type": "extras.job", "filters": {}, "limit": 0})");
  EXPECT_EQ(to_text(*counted), R"({"count":1,"objects":[]})");
}

TEST_F(QuestionsTest, AnswersHowInputsAreValidated) {
  EXPECT_EQ(to_text(*ask(R"({"question": "validate", "class_path": "my_group.One",
                             "data": {"count": "5"}})")),
            R"({"count":5})");
  const auto refused =
      ask(R"({"question": "validate", "class_path": "my_group.One", "data": {"count": "x"}})");
  EXPECT_EQ(refused.error().code, "job.inputs");
  EXPECT_THAT(refused.error().fields.at("count"), ElementsAre("Enter a whole number."));
  EXPECT_EQ(ask(R"({"question": "validate", "class_path": "x.Y"})").error().code, "job.not_found");
  for (const char* files : {"[]", R"({"f": "name"})", R"({"f": {"name": "x", "size": -1}})"}) {
    const std::string question =
        R"({"question": "validate", "class_path": "my_group.One", "files": )";
    EXPECT_THAT(refusal((question + files + "}").c_str()), HasSubstr("\"files\"")) << files;
  }
}

TEST_F(QuestionsTest, RefusesWhatIsNoQuestion) {
  EXPECT_THAT(refusal("{}"), HasSubstr("\"question\""));
  EXPECT_THAT(refusal(R"({"question": "secrets"})"), HasSubstr("objects and validate"));
  EXPECT_THAT(refusal(R"({"question": "objects"})"), HasSubstr("\"object_type\""));
  EXPECT_THAT(refusal(R"({"question": "validate", "class_path": 5})"), HasSubstr("\"class_path\""));
  const std::string objects = R"({"question": "objects", "object_type": "extras.job", )";
  EXPECT_THAT(refusal((objects + R"("limit": 1001})").c_str()), HasSubstr("at most 1000"));
  for (const char* rest : {R"("limit": -1})", R"("limit": "5"})", R"("offset": 1.5})",
                           R"("filters": []})", R"("sort": 1})", R"("filters": {"name": "One"}})",
                           R"("filters": {"name": []}})", R"("filters": {"name": [1]}})"}) {
    refusal((objects + rest).c_str());
  }
}

TEST_F(QuestionsTest, BoundsTheFilterValues) {
  json::array many;
  for (int i = 0; i <= 10'000; ++i) many.emplace_back(std::to_string(i));
  const json::object question{
      {"question", "objects"}, {"object_type", "extras.job"}, {"filters", {{"name", many}}}};
  const auto refused = questions_.answer(question);
  EXPECT_EQ(refused.error().code, "ask.invalid");
  EXPECT_THAT(refused.error().message, HasSubstr("at most 10000 filter values"));
}

TEST_F(QuestionsTest, AnswersAreFrames) {
  EXPECT_EQ(to_text(answer_frame(2, json::value("x"))), R"({"type":"answer","ask":2,"value":"x"})");
  EXPECT_EQ(to_text(answer_frame(3, Error{"job.inputs", "No.", "", {{"a", {"One.", "Two."}}}})),
            R"({"type":"answer","ask":3,"error":{"code":"job.inputs","message":"No.",)"
            R"("fields":{"a":["One.","Two."]}}})");
}

}  // namespace
}  // namespace windlass::engine
