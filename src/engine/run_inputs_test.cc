#include "engine/run_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"

namespace windlass::engine {
namespace {

class RunInputsTest : public testing::Test {
 protected:
  NewRun put(bool sensitive_job, const char* inputs, const UploadedFiles& files = {}) {
    Job job;
    job.has_sensitive_variables = sensitive_job;
    job.variables = parse_json(R"([{"name": "text", "type": "StringVar", "sensitive": false},
      {"name": "password", "type": "StringVar", "sensitive": true},
      {"name": "hosts", "type": "FileVar", "sensitive": false},
      {"name": "key", "type": "FileVar", "sensitive": true}])")
                        .value();
    NewRun run;
    const auto done = put_inputs(job, parse_json(inputs).value().get_object(), files, key_, run);
    EXPECT_TRUE(done.ok());
    return run;
  }
  std::string opened(const std::string& sealed) { return key_.open(sealed).value(); }

  TemporaryFolder folder_ = TemporaryFolder::make().value();
  SealingKey key_ = SealingKey::load_or_create(folder_.path() / "key").value();
};

TEST_F(RunInputsTest, SealsAllOfASensitiveJob) {
  const NewRun run =
      put(true, R"({"text": "hi", "hosts": {"name": "h", "size": 1}})", {{"hosts", {"h", "x"}}});
  EXPECT_EQ(to_text(run.task_kwargs), "{}");
  EXPECT_EQ(opened(run.sealed_inputs), R"({"text":"hi","hosts":{"name":"h","size":1}})");
  ASSERT_EQ(run.files.size(), 1u);
  EXPECT_TRUE(run.files[0].sealed);
  EXPECT_EQ(opened(run.files[0].content), "x");
  EXPECT_NE(put(true, "{}").sealed_inputs, "") << "also when there is nothing to seal";
}

TEST_F(RunInputsTest, SealsSensitiveVariablesAlone) {
  const NewRun run = put(false, R"({"text": "hi", "password": "hunter2"})");
  EXPECT_EQ(to_text(run.task_kwargs), R"({"text":"hi"})");
  EXPECT_EQ(opened(run.sealed_inputs), R"({"password":"hunter2"})");
  EXPECT_EQ(run.sealed_inputs.find("hunter2"), std::string::npos);
  EXPECT_EQ(put(false, R"({"text": "hi"})").sealed_inputs, "");
}

TEST_F(RunInputsTest, TakesFilesAlongSealedWhereTheVariableIs) {
  const NewRun run = put(false,
                         R"({"hosts": {"name": "hosts.csv", "size": 3},
                             "key": {"name": "id_rsa", "size": 6}})",
                         {{"hosts", {"hosts.csv", "a,b"}}, {"key", {"id_rsa", "secret"}}});
  ASSERT_EQ(run.files.size(), 2u);
  EXPECT_EQ(run.files[0].field, "hosts");
  EXPECT_EQ(run.files[0].name, "hosts.csv");
  EXPECT_FALSE(run.files[0].sealed);
  EXPECT_EQ(run.files[0].content, "a,b");
  EXPECT_TRUE(run.files[1].sealed);
  EXPECT_EQ(opened(run.files[1].content), "secret");
  EXPECT_EQ(to_text(run.task_kwargs), R"({"hosts":{"name":"hosts.csv","size":3}})");
  EXPECT_EQ(opened(run.sealed_inputs), R"({"key":{"name":"id_rsa","size":6}})");
}

TEST_F(RunInputsTest, DropsFilesOfHiddenVariables) {
  EXPECT_TRUE(put(false, R"({"hosts": null})", {{"hosts", {"h", "x"}}}).files.empty());
}

TEST_F(RunInputsTest, RefusesMoreFilesThanARunTakes) {
  json::object inputs;
  UploadedFiles files;
  for (int i = 0; i < 17; ++i) {
    const std::string name = "f" + std::to_string(i);
    inputs[name] = json::object{{"name", "x"}, {"size", 1}};
    files[name] = {"x", "x"};
  }
  NewRun run;
  const auto refused = put_inputs(Job(), inputs, files, key_, run);
  EXPECT_EQ(refused.error().code, "file.too_many");
}

}  // namespace
}  // namespace windlass::engine
