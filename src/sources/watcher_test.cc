#include "sources/watcher.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "sources/test_root.h"

namespace windlass::sources {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// All changes told so far, as one; lets the test wait for them.
class Changes {
 public:
  void add(const Change& change) {
    const std::lock_guard lock(mutex_);
    all_.files.insert(change.files.begin(), change.files.end());
    for (const auto& [entry, what] : change.entries) all_.entries[entry] = what;
    all_.everything |= change.everything;
    came_.notify_all();
  }
  bool wait(const std::function<bool(const Change&)>& condition) {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, seconds(10), [&] { return condition(all_); });
  }
  bool wait_for(const std::string& file) {
    return wait([&](const Change& all) { return all.files.contains(file); });
  }
  Change all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    all_ = {};
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable came_;
  Change all_;
};

class WatcherTest : public TestRoot {
 protected:
  void watch(WatcherOptions options = {}) {
    options.root = options.root.empty() ? root_ : options.root;
    watcher_.emplace(options, [this](const Change& change) { changes_.add(change); });
    ASSERT_TRUE(watcher_->start().ok());
  }
  /// Rescans so rarely that only inotify can have told.
  void watch_by_inotify(const fs::path& root = {}) {
    watch({.root = root, .rescan = seconds(3600)});
  }
  void watch_by_rescans() { watch({.rescan = milliseconds(20), .use_inotify = false}); }

  Changes changes_;
  std::optional<Watcher> watcher_;
};

TEST_F(WatcherTest, TellsOfWrittenMadeAndRemovedFiles) {
  write("a.py", "1");
  write("gone.py", "1");
  watch_by_inotify();
  write("a.py", "2");
  write("new.py", "1");
  remove("gone.py");
  ASSERT_TRUE(changes_.wait([](const Change& c) { return c.entries.size() == 3; }));
  EXPECT_EQ(changes_.all().files, (std::set<std::string>{"a.py", "gone.py", "new.py"}));
  EXPECT_EQ(changes_.all().entries["a.py"], EntryChange::kTouched);
  EXPECT_EQ(changes_.all().entries["gone.py"], EntryChange::kRemoved);
  EXPECT_FALSE(changes_.all().everything);
}

TEST_F(WatcherTest, TellsSoonAfterTheEdit) {
  write("a.py", "1");
  watch_by_inotify();
  const auto begun = steady_clock::now();
  write("a.py", "2");
  ASSERT_TRUE(changes_.wait_for("a.py"));
  const auto took = steady_clock::now() - begun;
  EXPECT_GE(took, milliseconds(50)) << "the quiet time";
  EXPECT_LT(took, milliseconds(1000));
}

TEST_F(WatcherTest, SaysNothingOfWhatIsLeftOut) {
  watch_by_inotify();
  write(".hidden", "1");
  write("__pycache__/a.pyc", "1");
  write("a.py~", "1");
  write("seen.py", "1");
  ASSERT_TRUE(changes_.wait_for("seen.py"));
  EXPECT_EQ(changes_.all().files, std::set<std::string>{"seen.py"});
}

TEST_F(WatcherTest, WatchesNewFoldersAndThoseMovedIn) {
  const fs::path outside = folder_.path() / "outside";
  fs::create_directories(outside / "deep");
  std::ofstream(outside / "deep" / "old.py") << "1";
  watch_by_inotify();
  write("pkg/sub/__init__.py", "1");
  fs::rename(outside, root_ / "moved");
  ASSERT_TRUE(changes_.wait_for("pkg/sub/__init__.py"));
  ASSERT_TRUE(changes_.wait_for("moved/deep/old.py"));
  changes_.clear();
  write("pkg/sub/later.py", "1");
  write("moved/deep/later.py", "1");
  EXPECT_TRUE(changes_.wait_for("pkg/sub/later.py"));
  EXPECT_TRUE(changes_.wait_for("moved/deep/later.py"));
}

TEST_F(WatcherTest, ForgetsFoldersMovedOutAndKnowsThemByTheirNewName) {
  write("pkg/__init__.py", "1");
  write("other/__init__.py", "1");
  watch_by_inotify();
  fs::rename(root_ / "pkg", root_ / "renamed");
  fs::rename(root_ / "other", folder_.path() / "outside");
  ASSERT_TRUE(changes_.wait([](const Change& c) {
    return c.entries.contains("other") && c.entries.contains("renamed");
  }));
  EXPECT_EQ(changes_.all().entries["pkg"], EntryChange::kRemoved);
  changes_.clear();
  std::ofstream(folder_.path() / "outside" / "unseen.py") << "1";
  write("renamed/seen.py", "1");
  ASSERT_TRUE(changes_.wait_for("renamed/seen.py"));
  EXPECT_EQ(changes_.all().files, std::set<std::string>{"renamed/seen.py"});
}

TEST_F(WatcherTest, HoldsAFileBackUntilItIsClosed) {
  write("a.py", "1");
  watch_by_inotify();
  std::ofstream half(root_ / "a.py", std::ios::trunc);
  half << "half" << std::flush;
  write("b.py", "1");
  ASSERT_TRUE(changes_.wait_for("b.py"));
  EXPECT_FALSE(changes_.all().files.contains("a.py"));
  watcher_->mark();
  EXPECT_EQ(watcher_->since_mark().open, std::set<std::string>{"a.py"});
  half << "whole" << std::flush;
  half.close();
  EXPECT_TRUE(changes_.wait_for("a.py"));
}

TEST_F(WatcherTest, TellsOfAFileThatStaysOpenWhenItHasRested) {
  watch({.hold = milliseconds(100), .rescan = seconds(3600)});
  std::ofstream open(root_ / "a.py");
  open << "x" << std::flush;
  EXPECT_TRUE(changes_.wait_for("a.py"));
}

TEST_F(WatcherTest, TellsEvenWhenWritesNeverStop) {
  watch_by_inotify();
  const auto deadline = steady_clock::now() + seconds(10);
  for (int i = 0; changes_.all().files.empty() && steady_clock::now() < deadline; ++i) {
    write("a.py", std::to_string(i));
    watcher_->mark();  // waits for the watcher's thread, so that it keeps up
  }
  EXPECT_TRUE(changes_.all().files.contains("a.py"));
}

TEST_F(WatcherTest, KnowsWhatWasTouchedWhileSomebodyRead) {
  write("a.py", "1");
  write("vanishing.py", "1");
  watch_by_inotify();
  write("before.py", "1");
  watcher_->mark();
  write("a.py", "2");
  remove("vanishing.py");
  const auto activity = watcher_->since_mark();
  EXPECT_EQ(activity.touched, (std::set<std::string>{"a.py", "vanishing.py"}));
  EXPECT_EQ(activity.open, std::set<std::string>{"vanishing.py"})
      << "it may be about to come back under its name";
  watcher_->mark();
  EXPECT_TRUE(watcher_->since_mark().touched.empty());
}

TEST_F(WatcherTest, SurvivesTheRootGoingAwayAndComingBack) {
  write("a.py", "1");
  watch_by_inotify();
  fs::rename(root_, folder_.path() / "aside");
  ASSERT_TRUE(
      changes_.wait([](const Change& c) { return c.everything && c.files.contains("a.py"); }));
  EXPECT_EQ(changes_.all().entries["a.py"], EntryChange::kRemoved);
  changes_.clear();
  write("b.py", "1");
  ASSERT_TRUE(changes_.wait_for("b.py"));
  EXPECT_TRUE(changes_.all().everything);
  changes_.clear();
  write("b.py", "2");
  EXPECT_TRUE(changes_.wait_for("b.py"));
}

TEST_F(WatcherTest, StartsBeforeTheRootExists) {
  remove("");
  watch_by_inotify();
  write("a.py", "1");
  EXPECT_TRUE(changes_.wait_for("a.py"));
}

TEST_F(WatcherTest, FollowsALinkToTheRootWhenItIsTurned) {
  write("a.py", "1");
  const fs::path second = folder_.path() / "second";
  fs::create_directories(second);
  std::ofstream(second / "b.py") << "1";
  const fs::path link = folder_.path() / "link";
  fs::create_directory_symlink(root_, link);
  watch_by_inotify(link);
  write("a.py", "2");
  ASSERT_TRUE(changes_.wait_for("a.py"));
  fs::create_directory_symlink(second, folder_.path() / "link.new");
  fs::rename(folder_.path() / "link.new", link);
  ASSERT_TRUE(changes_.wait_for("b.py"));
  EXPECT_TRUE(changes_.all().everything);
}

TEST_F(WatcherTest, SeesFilesBehindLinkedFolders) {
  const fs::path outside = folder_.path() / "outside";
  fs::create_directories(outside);
  watch_by_inotify();
  fs::create_directory_symlink(outside, root_ / "pkg");
  ASSERT_TRUE(changes_.wait_for("pkg"));
  std::ofstream(outside / "x.py") << "1";
  EXPECT_TRUE(changes_.wait_for("pkg/x.py"));
}

TEST_F(WatcherTest, LooksAtEverythingWhenEventsWereLost) {
  write("a.py", "1");
  std::mutex gate;
  std::unique_lock closed(gate);
  watcher_.emplace(WatcherOptions{.root = root_, .rescan = seconds(3600)},
                   [&](const Change& change) {
                     changes_.add(change);
                     const std::lock_guard wait_for_the_test(gate);
                   });
  ASSERT_TRUE(watcher_->start().ok());
  write("first.py", "1");
  ASSERT_TRUE(changes_.wait_for("first.py"));  // from now on the watcher's thread reads no events
  for (int i = 0; i < 40'000; ++i) {
    ::chmod((root_ / (i % 2 == 0 ? "a.py" : "first.py")).c_str(), i % 4 < 2 ? 0600 : 0644);
  }
  write("lost/inner.py", "1");
  closed.unlock();
  ASSERT_TRUE(changes_.wait_for("lost/inner.py"));
  EXPECT_TRUE(changes_.all().everything);
  write("lost/later.py", "1");
  EXPECT_TRUE(changes_.wait_for("lost/later.py")) << "folders made meanwhile are watched";
  watcher_.reset();
}

TEST_F(WatcherTest, RescansAloneSeeEverythingToo) {
  write("a.py", "1");
  write("gone.py", "1");
  watch_by_rescans();
  write("a.py", "2");
  write("pkg/new.py", "1");
  remove("gone.py");
  EXPECT_TRUE(changes_.wait_for("a.py"));
  EXPECT_TRUE(changes_.wait_for("pkg/new.py"));
  EXPECT_TRUE(changes_.wait_for("gone.py"));
  fs::rename(root_, folder_.path() / "aside");
  EXPECT_TRUE(changes_.wait([](const Change& c) { return c.everything; }));
  write("back.py", "1");
  EXPECT_TRUE(changes_.wait_for("back.py"));
}

TEST_F(WatcherTest, WhatInotifyToldIsNotToldAgainByTheRescan) {
  write("a.py", "1");
  watch({.rescan = milliseconds(30)});
  write("a.py", "2");
  ASSERT_TRUE(changes_.wait_for("a.py"));
  changes_.clear();
  for (int i = 0; i < 3; ++i) {  // each of these waits for a rescan to have passed
    write("b.py", std::to_string(i));
    ASSERT_TRUE(changes_.wait_for("b.py"));
  }
  EXPECT_FALSE(changes_.all().files.contains("a.py"));
}

TEST_F(WatcherTest, StopsTwiceBeforeStartingAndWhileEventsCome) {
  Watcher never({.root = root_}, [](const Change&) {});
  never.stop();
  never.stop();
  for (int i = 0; i < 20; ++i) {
    int calls = 0;
    Watcher watcher({.root = root_, .quiet = milliseconds(0)},
                    [&calls](const Change&) { ++calls; });
    ASSERT_TRUE(watcher.start().ok());
    write("a.py", std::to_string(i));
    watcher.request_stop();
    watcher.wait();
    const int before = calls;
    write("a.py", "after");
    watcher.stop();
    EXPECT_EQ(calls, before);
  }
}

}  // namespace
}  // namespace windlass::sources
