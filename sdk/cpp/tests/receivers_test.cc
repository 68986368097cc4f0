#include <gtest/gtest.h>

#include <stdexcept>
#include <windlass/jobs.hpp>
#include <windlass/testing.hpp>

namespace windlass::jobs {
namespace {

class Hook : public JobHookReceiver {
 public:
  static inline const Meta meta{.name = "A hook"};
  Json receive_job_hook(const Record& change, std::string_view action,
                        const Record& changed_object) override {
    return {{"change", change.id()}, {"action", action}, {"object", changed_object.id()}};
  }
};

class Button : public JobButtonReceiver {
 public:
  Json receive_job_button(const Record& object) override { return object.id(); }
};

std::pair<bool, bool> kinds(const Json& declaration) {
  return {declaration["is_job_hook_receiver"].as_bool(),
          declaration["is_job_button_receiver"].as_bool()};
}

class Plain : public Job {
 public:
  Json run() override { return {}; }
};

TEST(Receivers, AreMarkedInTheManifest) {
  EXPECT_EQ(kinds(testing::declaration<Hook>()), std::pair(true, false));
  EXPECT_EQ(kinds(testing::declaration<Button>()), std::pair(false, true));
  EXPECT_EQ(kinds(testing::declaration<Plain>()), std::pair(false, false));
  EXPECT_EQ(testing::declaration<Hook>()["meta"]["name"], "A hook");
}

TEST(Receivers, HaveMethodsInPlaceOfARun) {
  const Record record("extras.job", "0190");
  EXPECT_EQ(Hook().receive_job_hook(record, kUpdate, record).dump(),
            R"({"change":"0190","action":"update","object":"0190"})");
  EXPECT_EQ(Button().receive_job_button(record), "0190");
  EXPECT_THROW(Hook().run(), JobError);
  EXPECT_THROW(Button().run(), JobError);
  try {
    testing::run_job<Button>();
    FAIL() << "it ran";
  } catch (const std::invalid_argument& problem) {
    EXPECT_STREQ(problem.what(), "Button is a receiver, which has no inputs: call its method");
  }
}

}  // namespace
}  // namespace windlass::jobs
