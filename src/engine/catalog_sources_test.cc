// The catalog with repositories and packages beside JOBS_ROOT.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "engine/catalog_sources_fixture.h"
#include "engine/import_errors.h"
#include "engine/system_jobs.h"

namespace windlass::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

TEST_F(CatalogSourcesTest, ACommitThatImportsServes) {
  write("a", "job One");
  start();
  add("net");
  const CommitTrial trial = sync("net", "c1", "job Router first");
  EXPECT_TRUE(trial.imported);
  EXPECT_EQ(trial.jobs, 1);
  EXPECT_THAT(trial.refresh.new_jobs, ElementsAre("net.jobs.Router"));
  const Job job = record("net.jobs.Router");
  EXPECT_TRUE(job.installed);
  EXPECT_FALSE(job.enabled);
  EXPECT_EQ(job.source, "git:net");
  EXPECT_EQ(job.source_version, "c1");
  EXPECT_EQ(record("a.One").source, "jobs_root");
  EXPECT_NE(record("a.One").source_version, trial.refresh.version);
  EXPECT_EQ(stored("net").current_head, "c1");
  EXPECT_EQ(serving("git:net"), "c1");
  EXPECT_EQ(serving("jobs_root"), record("a.One").source_version);
  EXPECT_EQ(files_.current("net"), "c1");
  sync("net", "c2", "job Router second");
  EXPECT_EQ(record("net.jobs.Router").description, "second");
  EXPECT_EQ(files_.current("net"), "c2");
  EXPECT_THAT(files_.kept("net"), ElementsAre("c2"));
}

TEST_F(CatalogSourcesTest, ABadCommitLeavesTheLastGoodServingAndAMendedOneHeals) {
  write("a", "job One");
  start();
  add("net");
  sync("net", "c1", "job Router first");
  const CommitTrial trial = sync("net", "c2", "raise Oops");
  EXPECT_FALSE(trial.imported);
  EXPECT_THAT(trial.error, HasSubstr("raise: Oops"));
  EXPECT_EQ(stored("net").current_head, "c1");
  EXPECT_EQ(serving("git:net"), "c1");
  const Job job = record("net.jobs.Router");
  EXPECT_TRUE(job.installed);
  EXPECT_EQ(job.source_version, "c1");
  EXPECT_THAT(job.import_error, HasSubstr("Oops"));
  EXPECT_THAT(load_import_errors(home_.path()),
              ElementsAre(Pair("git:net", ElementsAre(Pair("net.jobs", HasSubstr("Oops"))))));
  write("a", "job One changed");  // other sources go on changing
  ASSERT_TRUE(comes_true([&] { return record("a.One").description == "changed"; }));
  EXPECT_THAT(record("net.jobs.Router").import_error, HasSubstr("Oops"));
  EXPECT_EQ(serving("git:net"), "c1");

  EXPECT_TRUE(sync("net", "c3", "job Router third").imported);
  EXPECT_EQ(record("net.jobs.Router").import_error, "");
  EXPECT_EQ(record("net.jobs.Router").description, "third");
  EXPECT_THAT(load_import_errors(home_.path()), IsEmpty());
}

TEST_F(CatalogSourcesTest, ARestartGoesOnWithTheLastGoodCommit) {
  start();
  add("net");
  sync("net", "c1", "job Router first");
  sync("net", "c2", "raise Oops");
  catalog_.reset();
  const RefreshSummary summary = start();
  EXPECT_THAT(summary.errors, ElementsAre(Pair("net.jobs", HasSubstr("Oops"))));
  EXPECT_TRUE(record("net.jobs.Router").installed);
  EXPECT_EQ(record("net.jobs.Router").source_version, "c1");
  EXPECT_EQ(serving("git:net"), "c1");
}

TEST_F(CatalogSourcesTest, ABrokenRootHoldsUpNoRepository) {
  write("a", "job One old");
  start();
  write("a", "raise Oops");
  refresh();
  add("net");
  EXPECT_TRUE(sync("net", "c1", "job Router").imported);
  EXPECT_TRUE(record("net.jobs.Router").installed);
  EXPECT_EQ(record("a.One").description, "old");
  EXPECT_THAT(record("a.One").import_error, HasSubstr("Oops"));
  fs::remove_all(options_.jobs_root);
  EXPECT_EQ(catalog_->refresh().error().code, "sources.no_root");
  EXPECT_TRUE(sync("net", "c2", "job Router second").imported);
  EXPECT_EQ(record("net.jobs.Router").description, "second");
  EXPECT_TRUE(record("a.One").installed);
  EXPECT_TRUE(serves("net"));
}

TEST_F(CatalogSourcesTest, RepositoriesThatNeedEachOtherComeTogether) {
  start();
  add("lib");
  add("net");
  sync("lib", "l1", "job Helper\n# api one");
  EXPECT_TRUE(sync("net", "n1", "job Router\nneeds lib.jobs one").imported);
  const CommitTrial alone = sync("lib", "l2", "job Helper\n# api two");
  EXPECT_FALSE(alone.imported);
  EXPECT_THAT(alone.error, HasSubstr("With this commit the module net.jobs of git:net"));
  EXPECT_EQ(serving("git:lib"), "l1");
  EXPECT_TRUE(record("net.jobs.Router").installed);
  EXPECT_EQ(record("net.jobs.Router").import_error, "");

  const CommitTrial both = sync("net", "n2", "job Router\nneeds lib.jobs two");
  EXPECT_TRUE(both.imported);
  EXPECT_THAT(both.with, ElementsAre(Pair("lib", "l2")));
  EXPECT_EQ(stored("lib").current_head, "l2");
  EXPECT_EQ(serving("git:lib"), "l2");
  EXPECT_EQ(serving("git:net"), "n2");
  EXPECT_EQ(record("lib.jobs.Helper").import_error, "");
}

TEST_F(CatalogSourcesTest, FilesOfTheRootThatWaitForACommitComeWithIt) {
  start();
  add("lib");
  sync("lib", "l1", "job Helper\n# api one");
  write("a", "job One old\nneeds lib.jobs one");
  refresh();
  EXPECT_FALSE(sync("lib", "l2", "job Helper\n# api two").imported);
  write("a", "job One new\nneeds lib.jobs two");
  refresh();
  EXPECT_EQ(record("a.One").description, "old");
  EXPECT_TRUE(sync("lib", "l2", "job Helper\n# api two").imported);
  EXPECT_EQ(record("a.One").description, "new");
  EXPECT_EQ(record("a.One").import_error, "");
}

TEST_F(CatalogSourcesTest, AnEditOfTheRootThatBreaksARepositoryIsRefused) {
  write("helpers", "# one");
  start();
  add("net");
  EXPECT_TRUE(sync("net", "n1", "job Router\nneeds helpers one").imported);
  write("helpers", "# two");
  refresh();
  EXPECT_TRUE(record("net.jobs.Router").installed);
  EXPECT_THAT(record("net.jobs.Router").import_error, HasSubstr("needs: helpers"));
  EXPECT_EQ(serving("git:net"), "n1");
}

TEST_F(CatalogSourcesTest, ADeletedRepositoryTakesItsJobsAndFilesAlong) {
  write("a", "job One");
  start();
  add("net");
  sync("net", "c1", "job Router");
  const GitRepository gone = stored("net");
  ASSERT_TRUE(home_.storage().git_repositories().remove(gone.id).ok());
  EXPECT_TRUE(files_.wait_removed("net"));
  EXPECT_FALSE(record("net.jobs.Router").installed);
  EXPECT_TRUE(record("a.One").installed);
  EXPECT_EQ(serving("git:net"), "");

  add("net");
  sync("net", "c1", "job Router");
  EXPECT_TRUE(record("net.jobs.Router").installed);
}

TEST_F(CatalogSourcesTest, FollowsACommitThatAnotherProcessServes) {
  start();
  add("net");
  sync("net", "c1", "job Router first");
  files_.commit("net", "c2", "job Router second");
  home_.storage()
      .git_repositories()
      .modify(stored("net").id,
              [](GitRepository& record) -> Result<void> {
                record.current_head = record.newest_head = "c2";
                return ok();
              })
      .value();
  ASSERT_TRUE(comes_true([&] { return record("net.jobs.Router").description == "second"; }));
  ASSERT_TRUE(comes_true([&] {
    const auto sources = runner_.served_sources();
    return sources.contains("git:net") && sources.at("git:net") == "c2";
  }));
}

TEST_F(CatalogSourcesTest, FetchesFilesThatAreNotHereWithoutHoldingUpOthers) {
  options_.retry = std::chrono::milliseconds(20);
  write("a", "job One");
  files_.commit("net", "c1", "job Router", false);
  files_.answer_remote(false);
  add("net", "c1");
  start();
  EXPECT_TRUE(record("a.One").installed);
  EXPECT_THAT(load_import_errors(home_.path()), Contains(Pair("git:net", Not(IsEmpty()))));
  files_.answer_remote(true);
  ASSERT_TRUE(comes_true([&] { return record("net.jobs.Router").installed; }));
  EXPECT_EQ(record("net.jobs.Router").import_error, "");
}

TEST_F(CatalogSourcesTest, AOneTimeRefreshFetchesWhatIsNotHere) {
  options_.watch = false;
  files_.commit("net", "c1", "job Router", false);
  add("net", "c1");
  EXPECT_THAT(start().new_jobs, ElementsAre("net.jobs.Router"));
}

TEST_F(CatalogSourcesTest, ACancelledTrialChangesNothing) {
  start();
  add("net");
  sync("net", "c1", "job Router first");
  files_.commit("net", "c2", "job Router second");
  std::atomic<int> asked = 0;
  // Not before the import, but after it.
  const auto trial =
      catalog_->try_commit(stored("net"), files_.version("net", "c2"), [&] { return asked++ > 0; });
  EXPECT_EQ(trial.error().code, "git.cancelled");
  EXPECT_EQ(stored("net").current_head, "c1");
  EXPECT_EQ(record("net.jobs.Router").description, "first");
  EXPECT_EQ(serving("git:net"), "c1");
}

TEST_F(CatalogSourcesTest, TrialsAreRefusedByACatalogThatEnds) {
  catalog_ = std::make_unique<Catalog>(options_, loop_, runner_, home_.storage(), clock_);
  catalog_->stop();
  add("net");
  files_.commit("net", "c1", "job Router");
  const auto trial =
      catalog_->try_commit(stored("net"), files_.version("net", "c1"), [] { return false; });
  EXPECT_EQ(trial.error().code, "catalog.stopped");
}

TEST_F(CatalogSourcesTest, AClassPathThatTwoSourcesDeclareStaysTheFirstOnes) {
  start();
  add("net");
  sync("net", "c1", "job Router");
  runner_.on_load([this](const runner::VersionSpec& version) {
    auto manifest = import(version);
    for (json::value& module : manifest->frame.at("modules").get_array()) {
      if (get_string(module, "name") != "a") continue;
      module.get_object()["classes"] = json::array{json::object{
          {"class_path", "net.jobs.Router"}, {"module_name", "a"}, {"job_class_name", "Router"}}};
    }
    return manifest;
  });
  write("a", "# registers the same");
  EXPECT_THAT(refresh().errors, Contains(Pair("a", HasSubstr("belongs to a job of git:net"))));
  EXPECT_EQ(record("net.jobs.Router").source, "git:net");
}

// Installed packages -----------------------------------------------------------------------------

TEST_F(CatalogSourcesTest, AnUpgradedPackageServesAnew) {
  options_.apps = {"my_app"};
  install("my_app", "1.0", "job Report first");
  write("a", "job One");
  start();
  const Job first = record("my_app.jobs.Report");
  EXPECT_EQ(first.source, "app:my_app");
  EXPECT_THAT(first.source_version, testing::MatchesRegex("1\\.0 [0-9a-f]+"));
  EXPECT_EQ(serving("app:my_app"), first.source_version);
  install("my_app", "1.1", "job Report second");
  ASSERT_TRUE(comes_true([&] { return record("my_app.jobs.Report").description == "second"; }));
  EXPECT_THAT(record("my_app.jobs.Report").source_version,
              testing::MatchesRegex("1\\.1 [0-9a-f]+"));
}

TEST_F(CatalogSourcesTest, APackageThatIsNotThereIsReportedAndLeftOut) {
  options_.apps = {"absent", "my_app"};
  install("my_app", "1.0", "job Report");
  write("a", "job One");
  EXPECT_THAT(start().errors, ElementsAre(Pair("absent", HasSubstr("not installed"))));
  EXPECT_TRUE(record("my_app.jobs.Report").installed);
  EXPECT_TRUE(record("a.One").installed);
  fs::remove_all(site_ / "my_app");
  ASSERT_TRUE(comes_true([&] { return !record("my_app.jobs.Report").installed; }));
  EXPECT_THAT(record("my_app.jobs.Report").import_error, HasSubstr("not installed"));
  install("my_app", "1.0", "job Report");
  ASSERT_TRUE(comes_true([&] { return record("my_app.jobs.Report").installed; }));
}

TEST_F(CatalogSourcesTest, APackageThatComesLaterIsFound) {
  options_.apps = {"my_app"};
  options_.ask_again = std::chrono::milliseconds(20);
  write("a", "job One");
  start();
  install("my_app", "1.0", "job Report");
  ASSERT_TRUE(comes_true([&] { return record("my_app.jobs.Report").installed; }));
  EXPECT_EQ(record("my_app.jobs.Report").import_error, "");
}

TEST_F(CatalogSourcesTest, APackageThatLeavesTheSettingTakesItsJobsAlong) {
  options_.apps = {"my_app"};
  install("my_app", "1.0", "job Report");
  start();
  EXPECT_TRUE(record("my_app.jobs.Report").installed);
  catalog_.reset();
  options_.apps.clear();
  EXPECT_THAT(start().vanished_jobs, ElementsAre("my_app.jobs.Report"));
  catalog_.reset();
  options_.apps = {"my_app"};
  start();
  EXPECT_TRUE(record("my_app.jobs.Report").installed);
}

// Windlass' own ----------------------------------------------------------------------------------

TEST_F(CatalogSourcesTest, WindlassOwnJobsHaveRecordsThatAreEnabledFromTheStart) {
  options_.system_manifest = system_manifest();
  options_.system_version = "1.2.3";
  EXPECT_THAT(start().new_jobs, IsEmpty());
  const Job sync = record("nautobot.core.jobs.GitRepositorySync");
  EXPECT_EQ(sync.name, "Git Repository: Sync");
  EXPECT_EQ(sync.source, "system");
  EXPECT_EQ(sync.source_version, "1.2.3");
  EXPECT_TRUE(sync.installed);
  EXPECT_TRUE(sync.enabled);
  EXPECT_TRUE(sync.hidden);
  EXPECT_FALSE(sync.has_sensitive_variables);
  EXPECT_EQ(sync.warning, "");
  EXPECT_TRUE(record("nautobot.core.jobs.GitRepositoryDryRun").installed);
  home_.storage()
      .jobs()
      .modify(sync.id,
              [](Job& job) -> Result<void> {
                job.enabled = false;
                return ok();
              })
      .value();
  refresh();
  EXPECT_FALSE(record("nautobot.core.jobs.GitRepositorySync").enabled) << "whoever disabled it";
}

}  // namespace
}  // namespace windlass::engine
