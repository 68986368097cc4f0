#include "worker/inputs.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace windlass::worker {
namespace {

class InputsTest : public ::testing::Test {
 protected:
  InputsTest() {
    run.has_sensitive_variables = false;
    run.result.job_model = Uuid{};
  }
  RunInputs open(std::vector<InputFile> files = {}) {
    return open_inputs(run, open_files(std::move(files), key).value(), key).value();
  }

  TemporaryFolder folder = TemporaryFolder::make().value();
  SealingKey key = SealingKey::load_or_create(folder.path() / "key").value();
  ClaimedRun run;
};

TEST_F(InputsTest, PlainSealedAndFilesComeTogether) {
  run.result.task_kwargs = json::object{{"region", "emea"}, {"table", nullptr}};
  run.sealed_inputs = key.seal(R"({"pin":"123456"})");
  const RunInputs inputs =
      open({{"table", "t.csv", false, "a,b"}, {"cert", "c.pem", true, key.seal("secret file")}});
  EXPECT_EQ(inputs.values.at("region"), "emea");
  EXPECT_EQ(inputs.values.at("pin"), "123456");
  EXPECT_EQ(to_text(inputs.values.at("table")), R"({"name":"t.csv","size":3,"descriptor":0})");
  EXPECT_EQ(to_text(inputs.values.at("cert")), R"({"name":"c.pem","size":11,"descriptor":1})");
  ASSERT_EQ(inputs.files.size(), 2u);
  EXPECT_EQ(read_all(inputs.files[0].get(), "table", 100).value(), "a,b");
  EXPECT_EQ(read_all(inputs.files[1].get(), "cert", 100).value(), "secret file");
}

TEST_F(InputsTest, NobodyCanChangeAFile) {
  const RunInputs inputs = open({{"table", "t.csv", false, "a,b"}});
  const int fd = inputs.files.at(0).get();
  EXPECT_LT(::write(fd, "x", 1), 0);
  EXPECT_LT(::ftruncate(fd, 0), 0);
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  const UniqueFd again(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_TRUE(again) << "the owner may open it anew, but it is sealed";
  EXPECT_LT(::write(again.get(), "x", 1), 0);
  EXPECT_LT(::ftruncate(again.get(), 0), 0);
  EXPECT_EQ(::mmap(nullptr, 3, PROT_READ | PROT_WRITE, MAP_SHARED, again.get(), 0), MAP_FAILED);
}

TEST_F(InputsTest, SixteenFilesAreTheMost) {
  std::vector<InputFile> files;
  for (int i = 0; i < 16; ++i) files.push_back({"f" + std::to_string(i), "", false, ""});
  EXPECT_EQ(open(files).files.size(), 16u);
  files.push_back({"g", "", false, ""});
  EXPECT_EQ(open_files(files, key).error().code, "file.too_many");
}

TEST_F(InputsTest, WhatCannotBeUnsealedIsAnError) {
  const std::string foreign = SealingKey::load_or_create(folder.path() / "other")->seal("{}");
  EXPECT_EQ(open_files({{"a", "a", true, foreign}}, key).error().code, "key.other");
  EXPECT_EQ(open_files({{"a", "a", true, "plain"}}, key).error().code, "key.other");
  run.sealed_inputs = foreign;
  EXPECT_EQ(open_inputs(run, {}, key).error().code, "key.other");
}

TEST_F(InputsTest, EverythingSealedByItselfIsSecret) {
  run.result.task_kwargs = json::object{{"region", "emea-west"}};
  run.sealed_inputs = key.seal(R"({"pin":"123456"})");
  EXPECT_EQ(open().secrets.hide("emea-west 123456"), "emea-west (redacted)");
}

TEST_F(InputsTest, OfAJobThatIsSensitiveAsAWholeTheDeclaredFieldsAreSecret) {
  run.has_sensitive_variables = true;
  run.sensitive_fields = {"pin"};
  run.sealed_inputs = key.seal(R"({"region":"emea-west","pin":"123456"})");
  EXPECT_EQ(open().secrets.hide("emea-west 123456"), "emea-west (redacted)");
  run.result.job_model.reset();
  EXPECT_EQ(open().secrets.hide("emea-west 123456"), "(redacted) (redacted)")
      << "nobody knows any more what was declared";
}

}  // namespace
}  // namespace windlass::worker
