#include "sources/git/git_mirror.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <new>

#include "sources/git/test_repository.h"
#include "sources/version_store.h"

namespace windlass::sources {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Mirror : public TestMirror {
 protected:
  static std::uint64_t inode_of(const fs::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
  }
  std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(place_)) names.insert(entry.path().filename());
    return names;
  }
  /// Overwrites the middle of each file beneath the folder whose name ends so.
  static int damage(const fs::path& folder, const std::string& ending) {
    int count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const std::string name = entry.path().filename();
      if (!entry.is_regular_file() || !name.ends_with(ending)) continue;
      fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(static_cast<std::streamoff>(fs::file_size(entry.path()) / 3));
      file << "damaged damaged damaged";
      ++count;
    }
    return count;
  }

  const fs::path place_ = home_ / "git" / "netjobs";
};

TEST_F(Mirror, FetchesAndChecksOut) {
  TestFiles some = files();
  some["lib/tool"] = {"#!/bin/sh\n", 0100755};
  const std::string commit = origin_.commit(some);
  const auto head = fetch().value();
  EXPECT_EQ(head.commit, commit);
  EXPECT_EQ(head.reference, "refs/heads/main");
  EXPECT_EQ(head.summary, "Commit 1");
  EXPECT_EQ(head.author, "Ada");
  EXPECT_EQ(to_rfc3339(head.time), "2023-11-14T22:13:20.000000Z");

  const auto version = mirror_.checkout(commit).value();
  EXPECT_EQ(version.id, commit);
  EXPECT_EQ(version.path, place_ / commit);
  EXPECT_EQ(version.root, place_ / "current");
  ASSERT_EQ(version.modules.size(), 1U);
  EXPECT_EQ(version.modules[0].name, "netjobs.jobs");
  EXPECT_EQ(version.modules[0].path, "netjobs/jobs.py");
  EXPECT_THAT(version.warnings, IsEmpty());
  EXPECT_EQ(content(version, "netjobs/jobs.py"), "x = 1\n");
  EXPECT_EQ(fs::status(version.path / "netjobs/lib/tool").permissions(), fs::perms(0555));
  EXPECT_EQ(fs::status(version.path / "netjobs/jobs.py").permissions(), fs::perms(0444));
  EXPECT_EQ(fs::status(version.path / "netjobs").permissions(), fs::perms(0555));
  EXPECT_THAT(names(), ElementsAre(commit, "mirror.git"));
}

TEST_F(Mirror, TheLinkToTheServingCommitIsChangedInOneStep) {
  const auto first = sync_jobs("x = 1");
  ASSERT_TRUE(mirror_.make_current(first.id).ok());
  EXPECT_EQ(read_file(first.root / "netjobs/jobs.py").value(), "x = 1");
  const auto second = sync_jobs("x = 2");
  ASSERT_TRUE(mirror_.make_current(second.id).ok());
  EXPECT_EQ(read_file(second.root / "netjobs/jobs.py").value(), "x = 2");
  EXPECT_EQ(names(), (std::set<std::string>{first.id, second.id, "current", "mirror.git"}));
}

TEST_F(Mirror, UnchangedFilesAreSharedWithTheCheckoutBefore) {
  TestFiles some = files();
  some["data.txt"] = {"constant"};
  origin_.commit(some);
  const auto first = sync().value();
  some["jobs.py"] = {"x = 2"};
  some["moved.txt"] = some["data.txt"];
  origin_.commit(some);
  const auto second = sync().value();
  EXPECT_EQ(inode_of(first.path / "netjobs/data.txt"), inode_of(second.path / "netjobs/moved.txt"));
  EXPECT_NE(inode_of(first.path / "netjobs/jobs.py"), inode_of(second.path / "netjobs/jobs.py"));
  EXPECT_NE(first.modules[0].hash, second.modules[0].hash);

  // A later process shares with the current one.
  ASSERT_TRUE(mirror_.make_current(second.id).ok());
  some["jobs.py"] = {"x = 3"};
  origin_.commit(some);
  GitMirror later(options(), "netjobs");
  const auto third = later.checkout(later.fetch(remote(), nullptr).value().commit).value();
  EXPECT_EQ(inode_of(second.path / "netjobs/data.txt"), inode_of(third.path / "netjobs/data.txt"));
}

TEST_F(Mirror, FollowsAForcedPush) {
  const auto first = sync_jobs("x = 1");
  const std::string other = origin_.commit(files("y = 1"), "main", true);
  EXPECT_EQ(fetch().value().commit, other);
  EXPECT_EQ(content(mirror_.checkout(other).value(), "netjobs/jobs.py"), "y = 1");
  EXPECT_EQ(content(mirror_.checkout(first.id).value(), "netjobs/jobs.py"), "x = 1")
      << "what served goes on serving";
  EXPECT_EQ(mirror_.changes(first.id, other).value().commits, 1);
}

TEST_F(Mirror, TagsLeadToTheirCommits) {
  const std::string first = origin_.commit(files("x = 1"));
  origin_.tag("v1", first, true);
  origin_.tag("light", first, false);
  origin_.commit(files("x = 2"));
  const auto annotated = fetch("v1").value();
  EXPECT_EQ(annotated.commit, first);
  EXPECT_EQ(annotated.reference, "refs/tags/v1");
  EXPECT_EQ(fetch("light").value().commit, first);
  EXPECT_EQ(fetch("v1").value().commit, first) << "again, with nothing new";

  const std::string both = origin_.commit(files("x = 3"), "v1");
  EXPECT_EQ(fetch("v1").value().commit, both) << "a branch of the name comes first";
}

TEST_F(Mirror, ATagOfSomethingElseIsRefused) {
  origin_.commit(files());
  origin_.point("refs/tags/blob", origin_.blob("content"));
  const auto head = fetch("blob");
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.no_branch");
}

TEST_F(Mirror, OnlyTheBranchIsFetched) {
  const std::string wanted = origin_.commit(files("x = 1"));
  const std::string other = origin_.commit(files("y = 1"), "other", true);
  origin_.tag("v1", other, true);
  ASSERT_TRUE(fetch().ok());
  EXPECT_TRUE(mirror_.checkout(wanted).ok());
  const auto missing = mirror_.checkout(other);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, "git.failed");
  EXPECT_THAT(missing.error().message, HasSubstr("not in the mirror"));
}

TEST_F(Mirror, ABranchThatIsNotThereIsNamed) {
  const auto empty = fetch();
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().code, "git.no_branch");
  EXPECT_THAT(empty.error().message, HasSubstr("it is empty"));
  origin_.commit(files());
  const auto other = fetch("dev");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, "git.no_branch");
  EXPECT_THAT(other.error().message, HasSubstr("\"dev\""));
  EXPECT_EQ(fetch("../main").error().code, "git.no_branch");
}

TEST_F(Mirror, ARepositoryThatIsNotThereIsUnreachable) {
  GitRemote gone = remote();
  gone.url += "-gone";
  EXPECT_EQ(mirror_.fetch(gone, nullptr).error().code, "git.unreachable");
  gone.url = "file:///etc";
  EXPECT_EQ(mirror_.fetch(gone, nullptr).error().code, "git.url");
}

TEST_F(Mirror, ChangesNameFilesAndCountCommits) {
  TestFiles some = files("x = 1");
  some["gone.txt"] = {"x"};
  const std::string first = origin_.commit(some);
  some["jobs.py"] = {"x = 2"};
  origin_.commit(some);
  some.erase("gone.txt");
  some["new/a.txt"] = {"a"};
  const std::string last = origin_.commit(some);
  ASSERT_TRUE(fetch().ok());
  const auto changes = mirror_.changes(first, last).value();
  EXPECT_EQ(changes.commits, 2);
  EXPECT_THAT(changes.added, ElementsAre("new/a.txt"));
  EXPECT_THAT(changes.changed, ElementsAre("jobs.py"));
  EXPECT_THAT(changes.removed, ElementsAre("gone.txt"));
  const auto all = mirror_.changes("", last).value();
  EXPECT_EQ(all.commits, 3);
  EXPECT_THAT(all.added, ElementsAre("__init__.py", "jobs.py", "new/a.txt"));
  EXPECT_EQ(mirror_.changes(last, last).value().commits, 0);
  EXPECT_EQ(mirror_.changes(std::string(40, 'a'), last).error().code, "git.failed");
  EXPECT_EQ(mirror_.changes("main", last).error().code, "git.failed");
}

TEST_F(Mirror, ChangesOfFoldersThatRepeatOneAnotherAreGivenUp) {
  const std::string first = origin_.commit(files());
  git_oid folder = origin_.tree({{0100644, "x", origin_.blob("x")}});
  for (int i = 0; i < 20; ++i) {  // 10^20 files, in 20 objects
    std::vector<TestRepository::Entry> same;
    for (char name = 'a'; name < 'k'; ++name)
      same.push_back({040000, std::string(1, name), folder});
    folder = origin_.tree(same);
  }
  const std::string bomb = origin_.commit_entries({{040000, "bomb", folder}});
  ASSERT_TRUE(fetch().ok());
  GitOptions small = options();
  small.file_limit = 1000;
  GitMirror mirror(small, "netjobs");
  EXPECT_EQ(mirror.changes(first, bomb).error().code, "git.too_large");
  EXPECT_EQ(mirror.changes("", bomb).error().code, "git.too_large");
  const auto stop = [](std::string_view) { return false; };
  EXPECT_EQ(mirror.changes(first, bomb, stop).error().code, "git.cancelled");
}

TEST_F(Mirror, ADamagedCheckoutIsMadeAgain) {
  const std::string commit = sync_jobs("x = 1").id;
  const fs::path file = place_ / commit / "netjobs/jobs.py";
  fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(file) << "x = 666";
  GitMirror later(options(), "netjobs");
  EXPECT_EQ(content(later.checkout(commit).value(), "netjobs/jobs.py"), "x = 1");
}

TEST_F(Mirror, AHalfMadeCheckoutIsMadeAgain) {
  const std::string commit = sync_jobs("x = 1").id;
  const fs::path folder = place_ / commit / "netjobs";
  fs::permissions(folder, fs::perms::owner_write, fs::perm_options::add);
  fs::remove(folder / "jobs.py");
  GitMirror later(options(), "netjobs");
  EXPECT_EQ(content(later.checkout(commit).value(), "netjobs/jobs.py"), "x = 1");
}

TEST_F(Mirror, ADamagedMirrorIsMadeAnew) {
  const std::string commit = sync_jobs("x = 1").id;
  ASSERT_GT(damage(place_ / "mirror.git/objects", ".pack"), 0);
  GitMirror later(options(), "netjobs");
  // Whichever notices first, the next fetch and checkout work.
  ASSERT_TRUE(later.fetch(remote(), nullptr).ok());
  if (!later.checkout(commit).ok()) {
    ASSERT_TRUE(later.fetch(remote(), nullptr).ok());
  }
  EXPECT_EQ(content(later.checkout(commit).value(), "netjobs/jobs.py"), "x = 1");
}

TEST_F(Mirror, AMirrorThatIsNoneIsMadeAnew) {
  const std::string commit = sync_jobs("x = 1").id;
  fs::remove(place_ / "mirror.git/HEAD");
  EXPECT_EQ(fetch().value().commit, commit);
  EXPECT_TRUE(mirror_.checkout(commit).ok());
}

TEST_F(Mirror, WhatServesNeedsNoMirror) {
  const std::string commit = sync_jobs("x = 1").id;
  fs::remove_all(place_ / "mirror.git");
  GitMirror later(options(), "netjobs");
  const auto version = later.checkout(commit).value();
  EXPECT_EQ(content(version, "netjobs/jobs.py"), "x = 1");
  EXPECT_THAT(version.warnings, ElementsAre(HasSubstr("as they lie")));
  EXPECT_TRUE(version.unchecked);
  EXPECT_EQ(later.checkout(std::string(40, 'a')).error().code, "git.failed");
  ASSERT_TRUE(later.fetch(remote(), nullptr).ok());
  EXPECT_THAT(later.checkout(commit).value().warnings, IsEmpty());
  EXPECT_FALSE(later.checkout(commit).value().unchecked);
}

TEST_F(Mirror, WithoutAMirrorOnlyWhatWasWrittenIsUsed) {
  const std::string commit = sync_jobs("x = 1").id;
  const fs::path file = place_ / commit / "netjobs/jobs.py";
  fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
  fs::resize_file(file, 0);  // as a power cut leaves it
  fs::remove_all(place_ / "mirror.git");
  GitMirror later(options(), "netjobs");
  const auto truncated = later.checkout(commit);
  ASSERT_FALSE(truncated.ok());
  EXPECT_EQ(truncated.error().code, "git.failed");
  ASSERT_TRUE(later.fetch(remote(), nullptr).ok());
  EXPECT_EQ(content(later.checkout(commit).value(), "netjobs/jobs.py"), "x = 1");
}

TEST_F(Mirror, OnlyACheckoutCanBecomeCurrent) {
  const std::string commit = origin_.commit(files());
  ASSERT_TRUE(fetch().ok());
  for (const std::string& other :
       {commit, std::string("../../x"), std::string(), std::string("mirror.git")})
    EXPECT_EQ(mirror_.make_current(other).error().code, "file.io") << other;
}

TEST_F(Mirror, ABrokenCommitLeavesTheOneBefore) {
  const auto good = sync_jobs("x = 1");
  ASSERT_TRUE(mirror_.make_current(good.id).ok());
  EXPECT_EQ(refusal_of({{"jobs.py", {"x = 2"}}}), "git.no_init");
  EXPECT_EQ(read_file(good.root / "netjobs/jobs.py").value(), "x = 1");
  const auto mended = sync_jobs("x = 3");
  EXPECT_EQ(content(mended, "netjobs/jobs.py"), "x = 3");
}

TEST_F(Mirror, PruningKeepsWhatIsUsed) {
  std::optional<SourceVersion> held = sync_jobs("x = 1");
  const auto current = sync_jobs("x = 2").id;
  const auto kept = sync_jobs("x = 3").id;
  const auto loose = sync_jobs("x = 4").id;
  ASSERT_TRUE(mirror_.make_current(current).ok());
  mirror_.prune({kept});
  EXPECT_EQ(names(), (std::set<std::string>{held->id, current, kept, "current", "mirror.git"}));
  EXPECT_FALSE(fs::exists(place_ / loose));
  const auto id = held->id;
  held.reset();
  mirror_.prune({kept});
  EXPECT_FALSE(fs::exists(place_ / id));
}

TEST_F(Mirror, RemovingWaitsForWhoHoldsIt) {
  std::optional<SourceVersion> held = sync_jobs("x = 1");
  const auto refused = mirror_.remove();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "git.in_use");
  EXPECT_TRUE(fs::exists(held->path));
  held.reset();
  ASSERT_TRUE(mirror_.remove().ok());
  EXPECT_FALSE(fs::exists(place_));
  EXPECT_TRUE(mirror_.remove().ok()) << "nothing is left to remove";
  EXPECT_EQ(content(sync().value(), "netjobs/jobs.py"), "x = 1") << "and it can be fetched again";
}

TEST_F(Mirror, AFetchCanBeCancelled) {
  origin_.commit(files());
  const auto head = mirror_.fetch(remote(), [](std::string_view) { return false; });
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.cancelled");
  EXPECT_TRUE(fetch().ok());
}

TEST_F(Mirror, ACheckoutCanBeCancelled) {
  const std::string commit = origin_.commit(files());
  ASSERT_TRUE(fetch().ok());
  const auto cancelled = mirror_.checkout(commit, [](std::string_view) { return false; });
  ASSERT_FALSE(cancelled.ok());
  EXPECT_EQ(cancelled.error().code, "git.cancelled");
  EXPECT_THAT(names(), ElementsAre("mirror.git")) << "nothing is left half-made";
  EXPECT_TRUE(mirror_.checkout(commit, [](std::string_view) { return true; }).ok());
}

TEST_F(Mirror, TooLittleMemoryIsAnError) {
  const std::string commit = origin_.commit(files());
  ASSERT_TRUE(fetch().ok());
  const auto version =
      mirror_.checkout(commit, [](std::string_view) -> bool { throw std::bad_alloc(); });
  ASSERT_FALSE(version.ok());
  EXPECT_EQ(version.error().code, "git.too_large");
}

TEST_F(Mirror, ALeftoverLinkIsRemovedAndNotWhatItLeadsTo) {
  const auto version = sync_jobs("x = 1");
  const fs::path link = place_ / ".new-0123456789abcdef";
  fs::create_directory_symlink(version.id, link);
  const auto before = fs::status(version.path).permissions();
  sweep_leftovers(place_, std::time(nullptr));
  EXPECT_TRUE(fs::is_symlink(link)) << "its maker may be about to rename it";
  sweep_leftovers(place_, std::time(nullptr) + 120);
  EXPECT_FALSE(fs::is_symlink(link));
  EXPECT_EQ(fs::status(version.path).permissions(), before);
  EXPECT_EQ(content(version, "netjobs/jobs.py"), "x = 1");
}

TEST_F(Mirror, AHalfRemovedRepositoryIsRemoved) {
  sync_jobs("x = 1");
  mirror_.prune({});
  const fs::path aside = home_ / "git/.old-0123456789abcdef";
  fs::rename(place_, aside);
  sweep_leftovers(home_ / "git", std::time(nullptr) + 120);
  EXPECT_TRUE(fs::is_empty(home_ / "git"));
}

TEST_F(Mirror, TwoProcessesShareAHome) {
  const std::string commit = origin_.commit(files());
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      GitMirror mirror(options(), "netjobs");
      bool good = true;
      for (int round = 0; round < 5; ++round) {
        const auto head = mirror.fetch(remote(), nullptr);
        good = good && head.ok() && mirror.checkout(head->commit).ok() &&
               mirror.make_current(head->commit).ok();
        mirror.prune({});
      }
      ::_exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(names(), (std::set<std::string>{commit, "current", "mirror.git"}));
}

TEST_F(Mirror, NothingOfTheRemoteStandsInTheMirror) {
  origin_.commit(files());
  ASSERT_TRUE(fetch().ok());
  for (const auto& entry : fs::recursive_directory_iterator(place_ / "mirror.git")) {
    if (!entry.is_regular_file()) continue;
    const std::string text = read_file(entry.path()).value();
    EXPECT_EQ(text.find(origin_.path().string()), std::string::npos) << entry.path();
    EXPECT_EQ(entry.status().permissions() & fs::perms::owner_exec, fs::perms::none)
        << entry.path() << " could be a hook";
  }
}

TEST_F(Mirror, IsFastWhenNothingIsNewAndForSmallCommits) {
  using Steady = std::chrono::steady_clock;
  const auto milliseconds = [](Steady::duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
  };
  TestFiles some = files();
  for (int i = 0; i < 100; ++i)
    some["lib/m" + std::to_string(i) + ".py"] = {"x = " + std::to_string(i)};
  const std::string commit = origin_.commit(some);
  ASSERT_TRUE(fetch().ok());
  const auto began = Steady::now();
  const auto version = mirror_.checkout(commit).value();
  const auto checked_out = Steady::now();
  ASSERT_TRUE(fetch().ok());
  const auto fetched = Steady::now();
  std::printf("checkout of 100 files: %.1f ms, fetch with nothing new: %.1f ms\n",
              milliseconds(checked_out - began), milliseconds(fetched - checked_out));
  EXPECT_LT(milliseconds(checked_out - began), 1000);  // a loaded machine is not a failure
  EXPECT_LT(milliseconds(fetched - checked_out), 500);
}

}  // namespace
}  // namespace windlass::sources
