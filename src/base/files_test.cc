#include "base/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>
#include <vector>

namespace windlass {
namespace {

namespace fs = std::filesystem;

class FilesTest : public ::testing::Test {
 protected:
  static mode_t mode_of(const fs::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
  }
  std::ptrdiff_t entries() const {
    return std::distance(fs::directory_iterator(folder_.path()), {});
  }
  TemporaryFolder folder_ = TemporaryFolder::make().value();
  fs::path file_ = folder_.path() / "file";
};

TEST_F(FilesTest, WritesNewFilesAndReadsThem) {
  const std::string content(200'000, 'x');
  ASSERT_TRUE(write_new_file(file_, content, 0600).ok());
  EXPECT_EQ(*read_file(file_), content);
  EXPECT_EQ(mode_of(file_), 0600u);
  EXPECT_EQ(write_new_file(file_, "other", 0600).error().code, "file.io");
  EXPECT_EQ(*read_file(file_), content) << "an existing file stays";
}

TEST_F(FilesTest, NamesWhatCannotBeRead) {
  const auto missing = read_file(folder_.path() / "missing");
  EXPECT_EQ(missing.error().code, "file.io");
  EXPECT_NE(missing.error().message.find("missing: No such file"), std::string::npos);
  EXPECT_EQ(read_file(folder_.path()).error().code, "file.io") << "a folder";
}

TEST_F(FilesTest, LimitsWhatItReads) {
  ASSERT_TRUE(write_new_file(file_, std::string(100, 'x'), 0600).ok());
  EXPECT_TRUE(read_file(file_, 100).ok());
  EXPECT_EQ(read_file(file_, 99).error().code, "file.too_large");
}

TEST_F(FilesTest, NeverWritesThroughASymbolicLink) {
  fs::create_symlink(folder_.path() / "elsewhere", file_);
  EXPECT_FALSE(write_new_file(file_, "x", 0600).ok());
  EXPECT_FALSE(fs::exists(folder_.path() / "elsewhere"));
}

TEST_F(FilesTest, ReplacesInOneStepAndLeavesNothingBeside) {
  ASSERT_TRUE(replace_file(file_, "one", 0600).ok());
  ASSERT_TRUE(replace_file(file_, "two", 0640).ok());
  EXPECT_EQ(*read_file(file_), "two");
  EXPECT_EQ(mode_of(file_), 0640u);
  EXPECT_EQ(entries(), 1);
  EXPECT_EQ(replace_file(folder_.path() / "no" / "file", "x", 0600).error().code, "file.io");
}

TEST_F(FilesTest, ReplacingFromManyThreadsKeepsWholeContents) {
  std::vector<std::thread> threads;
  for (char letter = 'a'; letter < 'e'; ++letter) {
    threads.emplace_back([letter, this] {
      for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(replace_file(file_, std::string(5000, letter), 0600).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string content = *read_file(file_);
  EXPECT_EQ(content, std::string(5000, content[0]));
  EXPECT_EQ(entries(), 1);
}

TEST_F(FilesTest, MakesFoldersWithTheirParents) {
  const fs::path deep = folder_.path() / "a" / "b" / "c";
  ASSERT_TRUE(make_folder(deep).ok());
  ASSERT_TRUE(make_folder(deep).ok()) << "an existing one is fine";
  EXPECT_EQ(mode_of(deep), 0700u);
  ASSERT_TRUE(write_new_file(file_, "", 0600).ok());
  EXPECT_EQ(make_folder(file_).error().code, "file.io");
  EXPECT_EQ(make_folder(file_ / "below").error().code, "file.io");
}

TEST_F(FilesTest, KnowsWhatLiesBeneath) {
  const fs::path inner = folder_.path() / "inner";
  ASSERT_TRUE(make_folder(inner).ok());
  EXPECT_TRUE(lies_beneath(inner / "file", inner));
  EXPECT_TRUE(lies_beneath(inner, inner));
  EXPECT_FALSE(lies_beneath(inner / ".." / "file", inner));
  EXPECT_FALSE(lies_beneath(folder_.path() / "inner2", inner));
  fs::create_symlink(folder_.path(), inner / "out");
  EXPECT_FALSE(lies_beneath(inner / "out" / "file", inner)) << "resolved";
}

TEST_F(FilesTest, DescriptorsCloseOnceAndMove) {
  int fds[2];
  ASSERT_EQ(::pipe2(fds, O_CLOEXEC), 0);
  UniqueFd reader(fds[0]);
  {
    UniqueFd writer(fds[1]);
    UniqueFd moved = std::move(writer);
    EXPECT_FALSE(writer);  // NOLINT(bugprone-use-after-move): that it is empty is the point
    EXPECT_EQ(moved.get(), fds[1]);
  }
  char byte = 0;
  EXPECT_EQ(::read(reader.get(), &byte, 1), 0) << "the writing end is closed";
}

TEST_F(FilesTest, TemporaryFoldersVanish) {
  fs::path path;
  {
    const TemporaryFolder temporary = TemporaryFolder::make().value();
    path = temporary.path();
    ASSERT_TRUE(write_new_file(path / "x", "x", 0600).ok());
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace windlass
