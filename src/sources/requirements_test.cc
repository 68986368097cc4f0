#include "sources/requirements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"

namespace windlass::sources {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;

class RequirementsTest : public testing::Test {
 protected:
  void write(const std::string& path, const std::string& content) {
    std::filesystem::create_directories((folder_.path() / path).parent_path());
    ASSERT_TRUE(replace_file(folder_.path() / path, content, 0644).ok());
  }
  std::optional<Requirements> read(const std::string& tree = "t") {
    auto found = read_requirements(folder_.path(), tree);
    EXPECT_TRUE(found.ok()) << found.error().message;
    return found.ok() ? *found : std::nullopt;
  }
  std::string refusal() {
    const auto found = read_requirements(folder_.path(), "t");
    if (found.ok()) return "";
    EXPECT_EQ(found.error().code, "git.requirements");
    return found.error().message;
  }
  std::string key(const std::string& tree = "t") { return read(tree).value().key; }

  TemporaryFolder folder_ = TemporaryFolder::make().value();
};

TEST_F(RequirementsTest, WithoutAFileThereAreNone) {
  EXPECT_FALSE(read());
  write("requirements.txt", "# nothing yet\n\n--no-binary :all:\n");
  EXPECT_FALSE(read());
}

TEST_F(RequirementsTest, TheirTextTellsThemApart) {
  write("requirements.txt", "requests==2.31.0  # for the API\n");
  write("pyproject.toml", "[project]\nname = 'net'\ndependencies = ['other']\n");
  const auto found = read();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->file, "requirements.txt");
  EXPECT_THAT(found->files, ElementsAre(Key("requirements.txt")));
  EXPECT_FALSE(found->needs_tree);
  EXPECT_EQ(key("another commit"), found->key);
  write("requirements.txt", "requests==2.32.0\n");
  EXPECT_NE(key(), found->key);
}

TEST_F(RequirementsTest, FilesThatOneNamesBelongToIt) {
  write("requirements.txt", "-r more/base.txt\n--constraint=limits.txt\n-r ../outside.txt\n");
  write("more/base.txt", "requests\n-r ../requirements.txt\n");
  write("limits.txt", "urllib3<2\n");
  const auto found = read();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->files,
              ElementsAre(Key("limits.txt"), Key("more/base.txt"), Key("requirements.txt")));
  write("limits.txt", "urllib3<3\n");
  EXPECT_NE(key(), found->key);
}

TEST_F(RequirementsTest, WhatNamesFilesOfTheRepositoryDependsOnAllOfIt) {
  write("wheels/a.whl", "");
  for (const char* line :
       {"./library", "-e .", "wheels/a.whl", "a @ file:///opt/a.whl", "--find-links wheels\na"}) {
    write("requirements.txt", line);
    EXPECT_TRUE(read().value().needs_tree) << line;
    EXPECT_NE(key("one"), key("another")) << line;
  }
  for (const char* line :
       {"a @ https://example.com/a.whl", "--find-links https://x.example/y\na"}) {
    write("requirements.txt", line);
    EXPECT_FALSE(read().value().needs_tree) << line;
  }
}

TEST_F(RequirementsTest, AProjectHasItsDependenciesInstalled) {
  write("pyproject.toml", "[tool.ruff]\nline-length = 100\n");
  EXPECT_FALSE(read());
  write(
      "pyproject.toml",
      "[project]\nname = 'net'\ndependencies = [\"requests>=2; python_version>'3'\", 'netaddr']\n");
  const auto found = read();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->file, "pyproject.toml");
  EXPECT_EQ(found->files.at("requirements.txt"), "requests>=2; python_version>'3'\nnetaddr\n");
  write("pyproject.toml",
        "[project]\nname = 'net'\nversion = '2'\n"
        "dependencies = [\"requests>=2; python_version>'3'\", 'netaddr']\n");
  EXPECT_EQ(key(), found->key) << "nothing else of it counts";
}

TEST_F(RequirementsTest, AProjectThatCannotBeReadSaysWhere) {
  write("pyproject.toml", "[project\n");
  EXPECT_THAT(refusal(), HasSubstr("line 1"));
  write("pyproject.toml", "[project]\ndynamic = ['dependencies']\n");
  EXPECT_THAT(refusal(), HasSubstr("requirements.txt"));
  write("pyproject.toml", "[project]\ndependencies = 'requests'\n");
  EXPECT_THAT(refusal(), HasSubstr("no list"));
  for (const char* one : {"3", "'--find-links=https://evil.example'", "\"a\\n-e .\""}) {
    write("pyproject.toml", std::string("[project]\ndependencies = [\n") + one + "]\n");
    EXPECT_THAT(refusal(), HasSubstr("line 3: a dependency is a text")) << one;
  }
}

}  // namespace
}  // namespace windlass::sources
