#include "cli/input_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/files.h"

namespace windlass::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class InputFilesTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name, std::string_view content) {
    const auto path = folder_.path() / name;
    EXPECT_TRUE(write_new_file(path, content, 0600).ok());
    return path.string();
  }
  TemporaryFolder folder_ = TemporaryFolder::make().value();
};

TEST_F(InputFilesTest, AreReadByName) {
  const auto files =
      read_input_files({"hosts=" + file("hosts.csv", "a=b\n"), "empty=" + file("e=1.txt", "")}, 4);
  ASSERT_TRUE(files.ok()) << files.error().message;
  ASSERT_EQ(files->size(), 2u);
  EXPECT_EQ(files->at("hosts").name, "hosts.csv");
  EXPECT_EQ(files->at("hosts").content, "a=b\n");
  EXPECT_EQ(files->at("empty").name, "e=1.txt");
  EXPECT_TRUE(read_input_files({}, 4)->empty());
}

TEST_F(InputFilesTest, TellEverythingThatIsWrong) {
  const std::string fifo = (folder_.path() / "fifo").string();
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const std::string small = file("small", "12345");
  const auto files =
      read_input_files({"a", "=" + small, "b=", "c=" + folder_.path().string(), "d=" + fifo,
                        "e=/no/such/file", "f=" + small, "f=" + small, "g=" + small},
                       9);
  ASSERT_FALSE(files.ok());
  EXPECT_EQ(files.error().code, "cli.file");
  const FieldErrors& errors = files.error().fields;
  EXPECT_EQ(errors.at("--file").size(), 3u);
  EXPECT_THAT(errors.at("--file").front(), HasSubstr("\"a\" is not NAME=PATH"));
  EXPECT_THAT(errors.at("c"), ElementsAre(EndsWith("is not a file.")));
  EXPECT_THAT(errors.at("d"), ElementsAre(EndsWith("is not a file.")));
  EXPECT_THAT(errors.at("e"), ElementsAre("/no/such/file cannot be found."));
  EXPECT_THAT(errors.at("f"), ElementsAre("Give one file."));
  EXPECT_THAT(errors.at("g"), ElementsAre(HasSubstr("at most 9 bytes")));
}

TEST_F(InputFilesTest, AreLimitedInNumber) {
  const std::string path = file("f", "");
  std::vector<std::string> arguments;
  for (int i = 0; i < 17; ++i) arguments.push_back("f" + std::to_string(i) + "=" + path);
  EXPECT_THAT(read_input_files(arguments, 10).error().fields.at("--file"),
              ElementsAre("Give at most 16 files with a run."));
  arguments.pop_back();
  EXPECT_TRUE(read_input_files(arguments, 10).ok());
}

}  // namespace
}  // namespace windlass::cli
