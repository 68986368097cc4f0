#include "sources/jobs_root.h"

#include <sys/file.h>
#include <sys/time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <thread>

#include "sources/test_root.h"

namespace windlass::sources {
namespace {

namespace fs = std::filesystem;

/// Tells what the test wants told, and lets it act while the root is being read.
class FakeActivity final : public WriteActivity {
 public:
  void mark() override { ++marks; }
  Activity since_mark() override {
    if (during_read) during_read(marks);
    return std::exchange(next, Activity{open, {}});
  }
  int marks = 0;
  std::set<std::string> open;
  Activity next;
  std::function<void(int)> during_read;
};

class JobsRootTest : public TestRoot {
 protected:
  SourceVersion snapshot(const std::set<std::string>& touched = {},
                         WriteActivity* writes = nullptr) {
    auto version = jobs_.snapshot(touched, writes);
    EXPECT_TRUE(version.ok()) << version.error().message;
    return std::move(version).value_or({});
  }
  JobsRoot jobs_{{.root = root_, .home = home_}};
};

TEST_F(JobsRootTest, CopiesTheRootReadOnlyUnderItsHash) {
  write("my_group.py", "x = 1\n");
  write("reports/__init__.py", "");
  write("reports/data.csv", "1,2\n");
  write("tool.sh", "#!/bin/sh\n");
  ::chmod((root_ / "tool.sh").c_str(), 0755);
  write(".git/HEAD", "ref");
  const SourceVersion version = snapshot();
  EXPECT_EQ(version.path, home_ / "sources" / version.id);
  EXPECT_EQ(version.root, root_);
  EXPECT_FALSE(version.in_place);
  EXPECT_EQ(module_names(version), (std::vector<std::string>{"my_group", "reports"}));
  EXPECT_EQ(content(version, "my_group.py"), "x = 1\n");
  EXPECT_EQ(content(version, "reports/data.csv"), "1,2\n");
  EXPECT_FALSE(fs::exists(version.path / ".git"));
  EXPECT_EQ(mode_of(version.path / "my_group.py"), 0444u);
  EXPECT_EQ(mode_of(version.path / "tool.sh"), 0555u);
  EXPECT_EQ(mode_of(version.path / "reports"), 0555u);
  EXPECT_EQ(mode_of(version.path), 0555u);
}

TEST_F(JobsRootTest, EqualContentIsTheSameVersion) {
  write("a.py", "x = 1\n");
  const SourceVersion first = snapshot();
  EXPECT_EQ(snapshot().id, first.id);
  write("a.py", "x = 2\n");
  const SourceVersion second = snapshot({"a.py"});
  EXPECT_NE(second.id, first.id);
  EXPECT_EQ(content(first, "a.py"), "x = 1\n") << "the earlier version stays as it was";
  write("a.py", "x = 1\n");
  EXPECT_EQ(snapshot({"a.py"}).id, first.id);
  EXPECT_EQ(JobsRoot({.root = root_, .home = home_}).snapshot()->id, first.id) << "after a restart";
}

TEST_F(JobsRootTest, SharesUnchangedFilesWithTheVersionBefore) {
  write("a.py", "x = 1\n");
  write("pkg/__init__.py", "y = 1\n");
  const SourceVersion first = snapshot();
  write("a.py", "x = 2\n");
  fs::rename(root_ / "pkg", root_ / "renamed");
  const SourceVersion second = snapshot({"a.py"});
  EXPECT_EQ(inode_of(first.path / "pkg/__init__.py"),
            inode_of(second.path / "renamed/__init__.py"));
  EXPECT_NE(inode_of(first.path / "a.py"), inode_of(second.path / "a.py"));
  const ModuleDifferences between = differences(first, second);
  EXPECT_EQ(between.added, std::vector<std::string>{"renamed"});
  EXPECT_EQ(between.changed, std::vector<std::string>{"a"});
  EXPECT_EQ(between.removed, std::vector<std::string>{"pkg"});
}

TEST_F(JobsRootTest, SeesASecondSaveOfEqualSizeAndTime) {
  write("a.py", "x = 1\n");
  const timeval times[2] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
  ::utimes((root_ / "a.py").c_str(), times);
  const SourceVersion first = snapshot();
  write("a.py", "x = 2\n");
  ::utimes((root_ / "a.py").c_str(), times);
  EXPECT_NE(snapshot().id, first.id) << "without being told which file it was";
}

TEST_F(JobsRootTest, AnEmptyOrMissingRootIsNoCrash) {
  EXPECT_TRUE(snapshot().modules.empty());
  remove("");
  EXPECT_EQ(jobs_.snapshot().error().code, "sources.no_root");
  write("a.py", "");
  EXPECT_EQ(module_names(snapshot()), std::vector<std::string>{"a"});
}

TEST_F(JobsRootTest, FollowsARootThatIsALink) {
  write("a.py", "x = 1\n");
  const fs::path link = folder_.path() / "link";
  fs::create_directory_symlink(root_, link);
  JobsRoot linked({.root = link, .home = home_});
  const SourceVersion version = *linked.snapshot();
  EXPECT_EQ(version.root, link) << "authors know it by the link";
  EXPECT_EQ(content(version, "a.py"), "x = 1\n");
}

TEST_F(JobsRootTest, ALargeRootIsUsedInPlaceWithAWarning) {
  write("a.py", "x = 1\n");
  write("big.bin", std::string(3 << 20, 'x'));
  JobsRoot limited({.root = root_, .home = home_, .copy_limit = 2 << 20});
  const SourceVersion version = *limited.snapshot();
  EXPECT_TRUE(version.in_place);
  EXPECT_EQ(version.path, root_);
  EXPECT_EQ(module_names(version), std::vector<std::string>{"a"});
  ASSERT_EQ(version.warnings.size(), 1u);
  EXPECT_NE(version.warnings[0].find("sources_copy_limit"), std::string::npos);
  EXPECT_EQ(limited.snapshot()->id, version.id);
  write("a.py", "x = 22\n");
  EXPECT_NE(limited.snapshot()->id, version.id);
  EXPECT_EQ(limited.compose(version, {{"a", version.id}}).error().code, "sources.in_place");
  EXPECT_TRUE(stored().empty());
}

TEST_F(JobsRootTest, KeepsTheEarlierContentOfFilesBeingWritten) {
  write("a.py", "x = 1\n");
  write("b.py", "y = 1\n");
  const SourceVersion first = snapshot();
  FakeActivity writes;
  writes.open = writes.next.open = {"a.py", "new.py", "gone.py"};
  write("a.py", "");
  write("b.py", "y = 2\n");
  write("new.py", "half");
  const SourceVersion second = snapshot({"b.py"}, &writes);
  EXPECT_EQ(content(second, "a.py"), "x = 1\n");
  EXPECT_EQ(content(second, "b.py"), "y = 2\n");
  EXPECT_EQ(module_names(second), (std::vector<std::string>{"a", "b"}));
  writes.open = writes.next.open = {};
  EXPECT_EQ(content(snapshot({"a.py"}, &writes), "a.py"), "");
}

TEST_F(JobsRootTest, ReadsAgainWhatWasWrittenWhileItRead) {
  write("a.py", "x = 1\n");
  FakeActivity writes;
  writes.next.touched = {"a.py"};
  writes.during_read = [&](int reads) {
    if (reads == 1) write("a.py", "x = 2\n");
  };
  EXPECT_EQ(content(snapshot({}, &writes), "a.py"), "x = 2\n");
  EXPECT_EQ(writes.marks, 2);
}

TEST_F(JobsRootTest, KeepsTheEarlierContentOfAFileThatNeverRests) {
  write("a.py", "x = 1\n");
  const SourceVersion first = snapshot();
  FakeActivity writes;
  writes.during_read = [&](int reads) {
    write("a.py", "x = " + std::to_string(10 + reads) + "\n");
    writes.next.touched = {"a.py"};
  };
  EXPECT_EQ(snapshot({}, &writes).id, first.id);
  EXPECT_EQ(writes.marks, 3);
}

TEST_F(JobsRootTest, ComposesAModulesLastGoodFiles) {
  write("good.py", "g = 1\n");
  write("broken/__init__.py", "b = 1\n");
  write("broken/part.py", "p = 1\n");
  write("data.csv", "1\n");
  const SourceVersion first = snapshot();
  remove("broken");
  write("broken.py", "syntax error(\n");
  write("good.py", "g = 2\n");
  write("data.csv", "2\n");
  const SourceVersion second = snapshot();
  const SourceVersion mixed = *jobs_.compose(second, {{"broken", first.id}});
  EXPECT_EQ(content(mixed, "good.py"), "g = 2\n");
  EXPECT_EQ(content(mixed, "data.csv"), "2\n");
  EXPECT_EQ(content(mixed, "broken/part.py"), "p = 1\n");
  EXPECT_FALSE(fs::exists(mixed.path / "broken.py"));
  EXPECT_EQ(mixed.find("broken")->hash, first.find("broken")->hash);
  EXPECT_NE(mixed.id, second.id);
  EXPECT_EQ(mixed.root, root_);
  EXPECT_EQ(jobs_.compose(second, {{"broken", first.id}})->id, mixed.id);
  EXPECT_EQ(jobs_.compose(second, {})->id, second.id);
}

TEST_F(JobsRootTest, ComposeAfterARestartReadsTheEarlierVersionFromDisk) {
  write("a.py", "a = 1\n");
  write("b.py", "b = 1\n");
  const SourceVersion first = snapshot();
  write("a.py", "broken(\n");
  JobsRoot restarted({.root = root_, .home = home_});
  const SourceVersion second = *restarted.snapshot();
  const SourceVersion mixed = *restarted.compose(second, {{"a", first.id}});
  EXPECT_EQ(mixed.id, first.id) << "b is unchanged, so it is the very same content";
  EXPECT_EQ(restarted.compose(second, {{"a", std::string(64, '0')}}).error().code,
            "sources.version_missing");
  EXPECT_EQ(restarted.compose(second, {{"a", "../../etc"}}).error().code,
            "sources.version_missing");
  EXPECT_EQ(restarted.compose(second, {{"never", first.id}}).error().code,
            "sources.version_missing");
}

TEST_F(JobsRootTest, ADamagedVersionIsMadeAnew) {
  write("a.py", "a = 1\n");
  const SourceVersion version = snapshot();
  ::chmod((version.path / "a.py").c_str(), 0644);
  std::ofstream(version.path / "a.py", std::ios::trunc) << "";
  JobsRoot restarted({.root = root_, .home = home_});
  EXPECT_EQ(content(*restarted.snapshot(), "a.py"), "a = 1\n");
  EXPECT_EQ(stored(), std::set{version.id});
}

TEST_F(JobsRootTest, AVanishedVersionIsMadeAnew) {
  write("a.py", "a = 1\n");
  write("b.py", "b = 1\n");
  fs::remove_all(snapshot().path);
  write("b.py", "b = 2\n");
  const SourceVersion version = snapshot({"b.py"});
  EXPECT_EQ(content(version, "a.py"), "a = 1\n");
  EXPECT_EQ(content(version, "b.py"), "b = 2\n");
}

TEST_F(JobsRootTest, PrunesWhatNobodyHolds) {
  write("a.py", "1\n");
  const std::string kept = snapshot().id;
  write("a.py", "2\n");
  const std::string dropped = snapshot({"a.py"}).id;
  write("a.py", "3\n");
  const SourceVersion held = snapshot({"a.py"});
  write("a.py", "4\n");
  const std::string newest = snapshot({"a.py"}).id;
  JobsRoot other_process({.root = root_, .home = home_});
  other_process.prune({kept});
  EXPECT_EQ(stored(), (std::set{kept, held.id, newest}));
  jobs_.prune({});
  EXPECT_EQ(stored(), (std::set{held.id, newest}));
}

TEST_F(JobsRootTest, PruneRemovesWhatACrashLeftButNotWhatIsBeingMade) {
  write("a.py", "1\n");
  const std::string newest = snapshot().id;
  const auto make = [&](const std::string& name) {
    fs::create_directories(home_ / "sources" / name / "pkg");
    std::ofstream(home_ / "sources" / name / "pkg" / "x.py") << "half";
    return name;
  };
  const std::string locked = make(".new-1");
  const UniqueFd lock(
      ::open((home_ / "sources" / locked).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
  const std::string young = make(".old-2");
  jobs_.prune({});
  EXPECT_EQ(stored(), (std::set{locked, young, newest}));
}

TEST_F(JobsRootTest, TwoProcessesMakeTheSameVersionAtOnce) {
  for (int i = 0; i < 40; ++i) write("m" + std::to_string(i) + ".py", std::string(1000, 'x'));
  std::vector<std::string> ids(4);
  std::vector<std::thread> threads;
  for (std::string& id : ids) {
    threads.emplace_back([&] {
      auto version = JobsRoot({.root = root_, .home = home_}).snapshot();
      id = version.ok() ? version->id : version.error().message;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(stored(), std::set{ids[0]});
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 1u) << ids[0] << ids[1];
}

TEST_F(JobsRootTest, AnUnreadableHomeIsAnErrorAndLeavesNothing) {
  write("a.py", "1\n");
  std::ofstream(home_) << "a file where the home should be";
  EXPECT_EQ(jobs_.snapshot().error().code, "file.io");
}

/// Processor time of this thread, which other work on the machine does not lengthen, in
/// milliseconds.
double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

TEST_F(JobsRootTest, OneChangedFileAmongThreeHundredTakesMilliseconds) {
  for (int i = 0; i < 300; ++i) {
    write("module" + std::to_string(i) + ".py", "# " + std::string(4000, 'x') + std::to_string(i));
  }
  snapshot();
  std::vector<double> wall;
  std::vector<double> cpu;
  for (int i = 0; i < 9; ++i) {
    write("module7.py", "# changed " + std::to_string(i));
    const auto begun = std::chrono::steady_clock::now();
    const double cpu_begun = cpu_ms();
    EXPECT_EQ(snapshot({"module7.py"}).modules.size(), 300u);
    cpu.push_back(cpu_ms() - cpu_begun);
    wall.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
            .count());
  }
  std::sort(cpu.begin(), cpu.end());
  std::sort(wall.begin(), wall.end());
  std::printf("one changed file among 300: %.1f ms, of which %.1f ms processor time (medians)\n",
              wall[4], cpu[4]);
#ifndef __SANITIZE_ADDRESS__
  EXPECT_LT(cpu[4], 20);
#endif
}

}  // namespace
}  // namespace windlass::sources
