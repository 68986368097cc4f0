// Trials of commits beside other processes, broken sources and files that are not here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "engine/catalog_sources_fixture.h"
#include "engine/import_errors.h"
#include "engine/system_jobs.h"

namespace windlass::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CatalogTrialsTest : public CatalogSourcesTest {};

TEST_F(CatalogTrialsTest, TheFirstSyncNeedsNoRoot) {
  options_.system_manifest = system_manifest();
  fs::remove_all(options_.jobs_root);
  catalog_ = std::make_unique<Catalog>(options_, loop_, runner_, home_.storage(), clock_);
  catalog_->start().value();
  EXPECT_EQ(catalog_->first_refresh().error().code, "sources.no_root");
  loop_.call([] {});
  EXPECT_THAT(runner_.served(), Not(IsEmpty())) << "Windlass' own jobs can run";
  add("net");
  EXPECT_TRUE(sync("net", "c1", "job Router").imported);
  EXPECT_TRUE(record("net.jobs.Router").installed);
  EXPECT_TRUE(serves("net"));
}

TEST_F(CatalogTrialsTest, WhetherACommitServesIsToldWithoutImportingAnything) {
  write("a", "raise Oops");
  start();
  add("net");
  sync("net", "c1", "job Router");
  const std::size_t loaded = runner_.loaded().size();
  EXPECT_TRUE(serves("net"));
  EXPECT_EQ(runner_.loaded().size(), loaded);
  sync("net", "c2", "raise Oops");
  EXPECT_FALSE(serves("net"));
}

TEST_F(CatalogTrialsTest, ACommitThatServesAsItLayIsToBeTriedAnew) {
  files_.commit("net", "c1", "job Router old");
  add("net", "c1");
  files_.lose_mirrors(true);
  start();
  EXPECT_FALSE(serves("net"));
  files_.lose_mirrors(false);
  EXPECT_TRUE(sync("net", "c1", "job Router mended").imported);
  EXPECT_EQ(record("net.jobs.Router").description, "mended");
  EXPECT_TRUE(serves("net"));
}

TEST_F(CatalogTrialsTest, ASlowerSyncTakesNoNewersPlace) {
  start();
  add("net");
  sync("net", "c1", "job Router first");
  const auto refused_as = [&](const GitRepository& repository, const std::string& commit) {
    const auto trial =
        catalog_->try_commit(repository, files_.version("net", commit), [] { return false; });
    return trial.ok() ? "" : trial.error().code;
  };
  const GitRepository slow = fetched("net", "c2", "job Router second");
  change("net", [](GitRepository& record) { record.newest_head = "c3"; });
  EXPECT_EQ(refused_as(slow, "c2"), "git.superseded");
  EXPECT_EQ(stored("net").current_head, "c1");
  EXPECT_EQ(stored("net").newest_head, "c3");
  EXPECT_EQ(record("net.jobs.Router").description, "first");
  EXPECT_EQ(serving("git:net"), "c1");

  const GitRepository elsewhere = fetched("net", "c4", "job Router fourth");
  change("net", [](GitRepository& record) { record.branch = "release"; });
  EXPECT_EQ(refused_as(elsewhere, "c4"), "git.superseded");
  EXPECT_EQ(stored("net").current_head, "c1");
  EXPECT_TRUE(sync("net", "c4", "job Router fourth").imported);
}

TEST_F(CatalogTrialsTest, WhatChangedElsewhereServesBesideATrial) {
  start();
  add("lib");
  add("net");
  sync("lib", "l1", "job Helper first");
  files_.commit("lib", "l2", "job Helper second");
  // The trial itself is the first to see it: it waits while another is under way.
  std::thread other;
  std::promise<void> queued;
  std::once_flag told;
  std::atomic<bool> once = false;
  const GitRepository tried = fetched("net", "n2", "job Router second");
  runner_.on_load([&](const runner::VersionSpec& version) {
    if (!once.exchange(true)) {
      change("lib", [](GitRepository& record) { record.current_head = record.newest_head = "l2"; });
      other = std::thread([&] {
        const auto trial = catalog_->try_commit(tried, files_.version("net", "n2"), [&] {
          std::call_once(told, [&] { queued.set_value(); });
          return false;
        });
        EXPECT_TRUE(trial.ok()) << trial.error().message;
      });
      queued.get_future().wait();
    }
    return import(version);
  });
  write("a", "job One");
  refresh();
  ASSERT_TRUE(once);
  other.join();
  ASSERT_TRUE(comes_true([&] { return record("lib.jobs.Helper").description == "second"; }));
  EXPECT_EQ(record("net.jobs.Router").description, "second");
}

TEST_F(CatalogTrialsTest, WhatImportsRaiseIsWithoutSecretsAndBounded) {
  start();
  add("net");
  sync("net", "c1", "job Router");
  const std::string text = "https://ada:s3cret@example.com/" + std::string(100 << 10, 'x');
  const CommitTrial trial = sync("net", "c2", "raise " + text);
  write("a", "job One");
  refresh();
  for (const std::string& told : {trial.error, record("net.jobs.Router").import_error,
                                  load_import_errors(home_.path())["git:net"]["net.jobs"]}) {
    EXPECT_THAT(told, HasSubstr("https://"));
    EXPECT_THAT(told, Not(HasSubstr("s3cret")));
    EXPECT_LT(told.size(), std::size_t{70} << 10);
  }
}

TEST_F(CatalogTrialsTest, WhatIsSlowerWritesNoOlderRecords) {
  options_.watch = false;  // as `migrate` beside a server
  files_.commit("net", "c1", "job Router first");
  files_.commit("net", "c2", "job Router second");
  add("net", "c1");
  std::atomic<bool> once = false;
  runner_.on_load([&](const runner::VersionSpec& version) {
    if (!once.exchange(true))
      change("net", [](GitRepository& record) { record.current_head = record.newest_head = "c2"; });
    return import(version);
  });
  start();
  EXPECT_EQ(record("net.jobs.Router").source_version, "c2");
  EXPECT_EQ(record("net.jobs.Router").description, "second");
}

TEST_F(CatalogTrialsTest, CheckoutsOfRefusedCommitsAreLeftToPruning) {
  start();
  add("net");
  sync("net", "c1", "job Router");
  sync("net", "c2", "raise Oops");
  EXPECT_THAT(files_.kept("net"), ElementsAre("c1", "c2"));
  sync("net", "c3", "raise Oops");
  EXPECT_THAT(files_.kept("net"), ElementsAre("c1", "c3"));
}

TEST_F(CatalogTrialsTest, ASourceThatIsOnlyNotHereKeepsItsJobs) {
  options_.retry = std::chrono::milliseconds(20);
  start();
  add("net");
  sync("net", "c1", "job Router");
  catalog_.reset();
  files_.commit("net", "c1", "job Router", false);
  files_.answer_remote(false);
  EXPECT_THAT(start().vanished_jobs, IsEmpty());
  EXPECT_TRUE(record("net.jobs.Router").installed);
  EXPECT_THAT(record("net.jobs.Router").import_error, HasSubstr("are not here"));
  files_.answer_remote(true);
  ASSERT_TRUE(comes_true([&] { return record("net.jobs.Router").import_error.empty(); }));
  EXPECT_EQ(serving("git:net"), "c1");
}

TEST_F(CatalogTrialsTest, ATrialThatIsQueuedEndsWhenItIsCancelled) {
  start();
  add("net");
  const GitRepository tried = fetched("net", "c1", "job Router");
  std::promise<void> hangs;
  std::promise<void> goes_on;
  std::atomic<bool> once = false;
  runner_.on_load([&](const runner::VersionSpec& version) {
    if (!once.exchange(true)) {
      hangs.set_value();
      goes_on.get_future().wait();
    }
    return import(version);
  });
  write("a", "job One");
  hangs.get_future().wait();
  const auto trial = catalog_->try_commit(tried, files_.version("net", "c1"), [] { return true; });
  EXPECT_EQ(trial.error().code, "git.cancelled");
  goes_on.set_value();
  EXPECT_EQ(stored("net").current_head, "");
}

}  // namespace
}  // namespace windlass::engine
