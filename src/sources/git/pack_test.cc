#include "sources/git/pack.h"

#include <gtest/gtest.h>

#include <optional>

#include "sources/git/test_repository.h"
#include "sources/version_store.h"

namespace windlass::sources {
namespace {

namespace fs = std::filesystem;

class Packs : public TestMirror {
 protected:
  static GitOptions few(GitOptions options) {
    options.most_packs = 3;
    return options;
  }
  int count() const {
    int packs = 0;
    for (const auto& entry : fs::directory_iterator(place_ / "mirror.git/objects/pack"))
      packs += entry.path().extension() == ".pack" ? 1 : 0;
    return packs;
  }
  /// Fetches a new commit.
  std::string step(bool forced = false) {
    const std::string content = "x = " + std::to_string(++steps_);
    std::string commit = origin_.commit(files(content), "main", forced);
    EXPECT_EQ(few_.fetch(remote(), nullptr).value().commit, commit);
    return commit;
  }

  const fs::path place_ = home_ / "git" / "netjobs";
  GitMirror few_{few(options()), "netjobs"};
  int steps_ = 0;
};

TEST_F(Packs, OfManyFetchesAreMadeOne) {
  std::vector<std::string> commits;
  for (int i = 0; i < 4; ++i) commits.push_back(step());
  EXPECT_EQ(count(), 1);
  commits.push_back(step());
  EXPECT_EQ(count(), 2);
  for (const std::string& commit : commits)
    EXPECT_TRUE(GitMirror(options(), "netjobs").checkout(commit).ok()) << commit;
  EXPECT_EQ(few_.changes(commits.front(), commits.back()).value().commits, 4);
}

TEST_F(Packs, KeepWhatIsCheckedOutAndNotWhatNobodyNeeds) {
  const std::string unused = step();
  const std::string used = step(true);
  const auto version = few_.checkout(used).value();
  step(true);
  const std::string last = step(true);
  EXPECT_EQ(count(), 1);
  EXPECT_TRUE(GitMirror(options(), "netjobs").changes("", used).ok());
  EXPECT_TRUE(GitMirror(options(), "netjobs").changes("", last).ok());
  EXPECT_FALSE(GitMirror(options(), "netjobs").changes("", unused).ok());
}

TEST_F(Packs, StayWhileTheMirrorIsRead) {
  for (int i = 0; i < 3; ++i) step();
  auto reader = hold_folder(place_ / "mirror.git");
  step();
  EXPECT_GT(count(), 1);
  reader.reset();
  step();
  EXPECT_EQ(count(), 1);
}

TEST_F(Packs, AnnotatedTagsAreFetchedAfterwardsAsWell) {
  for (int i = 0; i < 3; ++i) step();
  const std::string commit = origin_.commit(files("y = 1"));
  origin_.tag("v1", commit, true);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(few_.fetch(remote("v1"), nullptr).value().commit, commit);
}

}  // namespace
}  // namespace windlass::sources
