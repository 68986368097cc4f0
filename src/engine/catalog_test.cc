#include "engine/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <random>

#include "engine/catalog_fixture.h"
#include "engine/import_errors.h"

namespace windlass::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

TEST_F(CatalogTest, RefreshesRecordsOnRequestThoughNoFileChanged) {
  write("a", "job One first");
  start();
  ASSERT_TRUE(home_.storage().jobs().remove(record("a.One").id).ok());
  catalog_->request_refresh();
  EXPECT_TRUE(comes_true([&] { return record("a.One").installed; }));
}

TEST_F(CatalogTest, RecordsAndServesWhatIsThere) {
  write("a", "queue slow\njob One first");
  write("b", "job Two");
  const RefreshSummary summary = start();
  EXPECT_THAT(summary.new_jobs, ElementsAre("a.One", "b.Two"));
  EXPECT_THAT(summary.errors, IsEmpty());
  const Job job = record("a.One");
  EXPECT_TRUE(job.installed);
  EXPECT_FALSE(job.enabled);
  EXPECT_EQ(job.description, "first");
  EXPECT_EQ(job.source, "jobs_root");
  EXPECT_EQ(job.source_version, summary.version);
  ASSERT_TRUE(comes_true([&] { return !runner_.served().empty(); }));
  EXPECT_THAT(runner_.served(), ElementsAre(summary.version));
  EXPECT_TRUE(home_.storage().queues().find("slow").ok());
}

TEST_F(CatalogTest, SaysInItsLogHowToEnableANewJob) {
  write("a", "job One");
  testing::internal::CaptureStderr();
  start();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("windlass jobs enable a.One"));
}

TEST_F(CatalogTest, TakesAnEditWithRecordsBeforeCode) {
  write("a", "job One old");
  start();
  write("a", "job One new");
  ASSERT_TRUE(comes_true([&] { return served_text("a") == "job One new"; }));
  EXPECT_EQ(record("a.One").description, "new");
  EXPECT_THAT(runner_.expected(), Not(IsEmpty())) << "runs claimed meanwhile wait";
}

TEST_F(CatalogTest, TakesFilesThatComeAndGo) {
  write("a", "job One");
  start();
  write("b", "job Two");
  ASSERT_TRUE(comes_true([&] { return record("b.Two").installed; }));
  remove("a");
  ASSERT_TRUE(comes_true([&] { return !record("a.One").installed; }));
  EXPECT_TRUE(record("b.Two").installed);
}

TEST_F(CatalogTest, EndsTheWaitingWhenAChangeChangedNothing) {
  write("a", "job One");
  start();
  write("a", "job One");
  ASSERT_TRUE(comes_true([&] { return !runner_.expected().empty(); }));
  ASSERT_TRUE(comes_true([&] { return runner_.served().size() >= 2; }));
  EXPECT_EQ(runner_.loaded().size(), 1u);
  EXPECT_EQ(runner_.served().back(), runner_.served().front());
}

// Files that do not import -----------------------------------------------------------------------

TEST_F(CatalogTest, GoesOnWithTheLastGoodFilesOfABrokenModule) {
  write("a", "job One old");
  write("b", "job Two old");
  start();
  write("b", "job Two new");
  write("a", "raise Oops");
  const RefreshSummary summary = refresh();
  EXPECT_THAT(summary.errors, ElementsAre(Pair("a", HasSubstr("raise: Oops"))));
  EXPECT_THAT(summary.vanished_jobs, IsEmpty());
  EXPECT_TRUE(record("a.One").installed);
  EXPECT_EQ(record("a.One").description, "old");
  EXPECT_THAT(record("a.One").import_error, HasSubstr("Oops"));
  EXPECT_EQ(record("b.Two").description, "new") << "the others are not held up";
  EXPECT_EQ(record("b.Two").import_error, "");
  ASSERT_TRUE(comes_true([&] { return runner_.served().back() == summary.version; }));
  EXPECT_EQ(served_text("a"), "job One old");
  EXPECT_EQ(served_text("b"), "job Two new");

  write("a", "job One mended");
  EXPECT_THAT(refresh().errors, IsEmpty());
  EXPECT_EQ(record("a.One").description, "mended");
  EXPECT_EQ(record("a.One").import_error, "");
}

TEST_F(CatalogTest, KeepsTheLastGoodFilesOverARestart) {
  write("a", "job One old");
  start();
  write("a", "raise Oops");
  const RefreshSummary summary = start();
  EXPECT_THAT(summary.errors, ElementsAre(Pair("a", HasSubstr("raise: Oops"))));
  EXPECT_TRUE(record("a.One").installed);
  ASSERT_TRUE(comes_true([&] { return served_text("a") == "job One old"; }));
}

TEST_F(CatalogTest, ImportsAFileThatBreaksTwiceOnlyOnceEachTime) {
  options_.watch = false;  // the watcher would refresh too, and each refresh tries a broken file
  write("a", "job One old");
  start();
  write("a", "raise Oops");
  refresh();
  const std::size_t loads = runner_.loaded().size();
  write("a", "raise Again");
  refresh();
  EXPECT_EQ(runner_.loaded().size(), loads + 1) << "what is gone back to serves already";
  EXPECT_THAT(record("a.One").import_error, HasSubstr("Again"));
}

TEST_F(CatalogTest, TellsOfAModuleThatNeverImported) {
  write("a", "job One");
  write("b", "raise Oops");
  const RefreshSummary summary = start();
  EXPECT_THAT(summary.errors, ElementsAre(Pair("b", HasSubstr("raise: Oops"))));
  EXPECT_TRUE(record("a.One").installed);
  EXPECT_THAT(load_import_errors(home_.path()),
              ElementsAre(Pair("jobs_root", ElementsAre(Pair("b", HasSubstr("Oops"))))));
  write("b", "job Two");
  refresh();
  EXPECT_THAT(load_import_errors(home_.path()), IsEmpty());
  EXPECT_TRUE(record("b.Two").installed);
}

TEST_F(CatalogTest, GoesBackWithWhatABrokenModuleNeeds) {
  write("helpers", "# old");
  write("a", "job One\nneeds helpers old");
  write("b", "job Two old");
  start();
  write("helpers", "# changed");
  // By the watcher or by this, whichever is first.
  refresh();
  EXPECT_THAT(record("a.One").import_error, HasSubstr("needs: helpers"));
  EXPECT_TRUE(record("a.One").installed);
  ASSERT_TRUE(comes_true([&] { return served_text("helpers") == "# old"; }));
  write("a", "job One\nneeds helpers changed");
  EXPECT_THAT(refresh().errors, IsEmpty());
  ASSERT_TRUE(comes_true([&] { return served_text("helpers") == "# changed"; }));
}

TEST_F(CatalogTest, BringsBackARemovedModuleThatABrokenOneNeeds) {
  write("helpers", "# old");
  write("a", "job One\nneeds helpers old");
  start();
  remove("helpers");
  ASSERT_TRUE(comes_true(
      [&] { return record("a.One").import_error.find("helpers") != std::string::npos; }));
  EXPECT_TRUE(record("a.One").installed);
  ASSERT_TRUE(comes_true([&] { return served_text("helpers") == "# old"; }));
}

TEST_F(CatalogTest, NamesANewFileThatFailsWithTheOldOnesOfAnother) {
  options_.watch = false;  // both files are new at once
  write("helpers", "# old");
  write("a", "job One old");
  start();
  write("helpers", "raise Oops");
  write("a", "job One new\nneeds helpers Oops");
  const RefreshSummary summary = refresh();
  EXPECT_THAT(summary.errors, ElementsAre(Pair("a", HasSubstr("needs: helpers")),
                                          Pair("helpers", HasSubstr("raise: Oops"))));
  EXPECT_EQ(record("a.One").description, "old");
  EXPECT_TRUE(record("a.One").installed);
}

TEST_F(CatalogTest, WhoBorrowsCodeLeavesOtherRecordsAlone) {
  write("a", "job One");
  start();
  catalog_.reset();
  options_.jobs_root = options_.home / "elsewhere";
  options_.keep_missing = true;
  fs::create_directories(options_.jobs_root);
  write("b", "job Two");
  EXPECT_THAT(start().vanished_jobs, IsEmpty());
  EXPECT_TRUE(record("a.One").installed);
  EXPECT_TRUE(record("b.Two").installed);
}

// Half-written files -----------------------------------------------------------------------------

TEST_F(CatalogTest, HoldsBackAModuleThatRegistersNothingAllOfASudden) {
  options_.settle = std::chrono::minutes(5);
  write("a", "job One");
  write("b", "job Two old");
  start();
  write("a", "# nothing yet");
  write("b", "job Two new");
  EXPECT_THAT(refresh().vanished_jobs, IsEmpty());
  EXPECT_TRUE(record("a.One").installed);
  EXPECT_EQ(record("a.One").import_error, "");
  EXPECT_EQ(record("b.Two").description, "new");
  write("a", "job One done");
  refresh();
  EXPECT_EQ(record("a.One").description, "done");
}

TEST_F(CatalogTest, BelievesAModuleThatGoesOnRegisteringNothing) {
  options_.settle = std::chrono::milliseconds(50);
  write("a", "job One");
  write("b", "job Two");
  start();
  write("a", "# nothing");
  ASSERT_TRUE(comes_true([&] { return !record("a.One").installed; }));
  EXPECT_TRUE(record("b.Two").installed);
  ASSERT_TRUE(comes_true([&] { return served_text("a") == "# nothing"; }));
}

// Trouble as a whole -----------------------------------------------------------------------------

TEST_F(CatalogTest, LeavesEverythingAsItWasWhenTheInterpreterFailsAndTriesAgain) {
  options_.retry = std::chrono::milliseconds(20);
  write("a", "job One old");
  start();
  std::atomic<int> failures = 0;
  runner_.on_load([&](const runner::VersionSpec& version) -> Result<runner::Manifest> {
    if (++failures <= 3) return Error{"runner.interpreter", "No interpreter."};
    return import_version(version);
  });
  write("a", "job One new");
  ASSERT_TRUE(comes_true([&] { return failures >= 1; }));
  ASSERT_TRUE(comes_true([&] { return served_text("a") == "job One new"; }));
  EXPECT_EQ(failures, 4);
  EXPECT_EQ(record("a.One").description, "new");
}

TEST_F(CatalogTest, ReturnsWhyTheFirstRefreshFailed) {
  runner_.on_load([](const runner::VersionSpec&) -> Result<runner::Manifest> {
    return Error{"runner.interpreter", "No interpreter."};
  });
  catalog_ = std::make_unique<Catalog>(options_, loop_, runner_, home_.storage(), clock_);
  ASSERT_TRUE(catalog_->start().ok());
  EXPECT_EQ(catalog_->first_refresh().error().code, "runner.interpreter");
  EXPECT_EQ(catalog_->refresh().error().code, "runner.interpreter");
}

TEST_F(CatalogTest, LeavesTheRecordsAloneWhenTheRootIsGone) {
  write("a", "job One");
  start();
  fs::remove_all(options_.jobs_root);
  EXPECT_FALSE(catalog_->refresh().ok());
  EXPECT_TRUE(record("a.One").installed);
}

TEST_F(CatalogTest, LeavesRecordsOfOtherSourcesAlone) {
  write("a", "job One");
  start();
  const TemporaryFolder elsewhere = TemporaryFolder::make().value();
  ASSERT_TRUE(write_new_file(elsewhere.path() / "b.py", "job Two", 0644).ok());
  CatalogOptions local{.jobs_root = elsewhere.path(),
                       .home = elsewhere.path() / "home",
                       .source = "local",
                       .watch = false};
  Catalog other(local, loop_, runner_, home_.storage(), clock_);
  ASSERT_TRUE(other.start().ok());
  ASSERT_TRUE(other.first_refresh().ok());
  EXPECT_TRUE(record("a.One").installed);
  EXPECT_EQ(record("b.Two").source, "local");
}

TEST_F(CatalogTest, LoadsOneModuleAloneAndTellsWhenItServes) {
  std::promise<void> serving;
  write("a", "job One");
  write("b", "job Two");
  options_.watch = false;
  options_.only_module = "b";
  options_.on_serving = [&] { serving.set_value(); };
  EXPECT_THAT(start().new_jobs, ElementsAre("b.Two"));
  serving.get_future().wait();
  EXPECT_EQ(runner_.served().size(), 1u);
}

// Its life ---------------------------------------------------------------------------------------

TEST_F(CatalogTest, StopsWhenAndAsOftenAsOneLikes) {
  catalog_ = std::make_unique<Catalog>(options_, loop_, runner_, home_.storage(), clock_);
  catalog_->wait();
  catalog_->stop();
  catalog_->stop();
  EXPECT_TRUE(catalog_->start().ok());
  EXPECT_EQ(catalog_->first_refresh().error().code, "catalog.stopped");
  EXPECT_EQ(catalog_->refresh().error().code, "catalog.stopped");
}

/// A runner whose imports never end.
class HangingRunner final : public runner::Runner {
 public:
  void load(const runner::VersionSpec&,
            std::function<void(Result<runner::Manifest>)> done) override {
    done_ = std::move(done);
    loading_.set_value();
  }
  void serve(const std::string&, const runner::SourceVersions&) override {}
  void expect_version(Micros) override {}
  std::unique_ptr<runner::Run> start(runner::RunSpec, runner::RunObserver&) override {
    return nullptr;
  }
  std::size_t active() const override { return 0; }
  void wait_for_load() { loading_.get_future().wait(); }
  void answer() { done_(runner::Manifest{"x", json::object{}}); }

 private:
  std::promise<void> loading_;
  std::function<void(Result<runner::Manifest>)> done_;
};

TEST_F(CatalogTest, GivesUpAnImportThatHangsWhenItIsStopped) {
  HangingRunner hanging;
  catalog_ = std::make_unique<Catalog>(options_, loop_, hanging, home_.storage(), clock_);
  ASSERT_TRUE(catalog_->start().ok());
  auto first = std::async(std::launch::async, [&] { return catalog_->first_refresh(); });
  hanging.wait_for_load();
  catalog_->stop();
  EXPECT_EQ(first.get().error().code, "catalog.stopped");
  catalog_.reset();
  hanging.answer();  // what comes late finds nobody, and harms nobody
}

TEST_F(CatalogTest, StandsStoppingInTheMiddle) {
  write("a", "job One");
  for (int i = 0; i < 20; ++i) {
    catalog_ = std::make_unique<Catalog>(options_, loop_, runner_, home_.storage(), clock_);
    ASSERT_TRUE(catalog_->start().ok());
    write("a", "job One " + std::to_string(i));
    if (i % 3 == 0) catalog_->first_refresh().ok();
    catalog_->stop();
  }
}

TEST_F(CatalogTest, EndsWhereTheFilesAreAfterManyRandomChanges) {
  options_.settle = std::chrono::milliseconds(1);
  std::mt19937 engine(20261123);
  const auto pick = [&](int below) {
    return static_cast<int>(engine() % static_cast<unsigned>(below));
  };
  for (const char* name : {"a", "b", "c"}) write(name, "job Job 0");
  start();
  for (int i = 1; i <= 60; ++i) {
    const std::string name(1, static_cast<char>('a' + pick(3)));
    switch (pick(4)) {
      case 0:
        write(name, "raise Oops");
        break;
      case 1:
        remove(name);
        break;
      default:
        write(name, "job Job " + std::to_string(i));
        break;
    }
    if (pick(5) == 0) refresh();
  }
  for (const char* name : {"a", "b", "c"}) write(name, std::string("job Job last ") + name);
  EXPECT_THAT(refresh().errors, IsEmpty());
  for (const std::string name : {"a", "b", "c"}) {
    const Job job = record(name + ".Job");
    EXPECT_TRUE(job.installed);
    EXPECT_EQ(job.description, "last " + name);
    EXPECT_EQ(job.import_error, "");
  }
  ASSERT_TRUE(comes_true([&] { return served_text("a") == "job Job last a"; }));
}

}  // namespace
}  // namespace windlass::engine
