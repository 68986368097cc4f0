// The catalog with repositories and packages beside JOBS_ROOT.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <list>
#include <mutex>
#include <set>

#include "engine/catalog_fixture.h"
#include "engine/import_errors.h"
#include "engine/system_jobs.h"
#include "sources/version_store.h"

namespace windlass::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

/// Commits of repositories in one file each: <slug>/jobs.py.
class FakeFiles final : public GitFiles {
 public:
  explicit FakeFiles(fs::path folder) : folder_(std::move(folder)) {}

  /// There is such a commit, here or at the remote alone.
  void commit(const std::string& slug, const std::string& id, const std::string& text,
              bool here = true) {
    const std::lock_guard lock(mutex_);
    commits_[{slug, id}] = {text, here};
  }
  void answer_remote(bool answers) {
    const std::lock_guard lock(mutex_);
    remote_answers_ = answers;
  }
  sources::SourceVersion version(const std::string& slug, const std::string& id) {
    GitRepository repository;
    repository.slug = slug;
    return checkout(repository, id, false, [] { return true; }).value();
  }
  std::string current(const std::string& slug) {
    const std::lock_guard lock(mutex_);
    return current_[slug];
  }
  std::size_t kept(const std::string& slug) {
    const std::lock_guard lock(mutex_);
    return kept_[slug].size();
  }
  bool wait_removed(const std::string& slug) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20),
                             [&] { return removed_.contains(slug); });
  }

  Result<sources::SourceVersion> checkout(const GitRepository& repository, const std::string& id,
                                          bool fetch, const std::function<bool()>&) override {
    const std::lock_guard lock(mutex_);
    const auto known = commits_.find({repository.slug, id});
    if (known == commits_.end()) return Error{"git.not_here", "There is no such commit."};
    if (!known->second.here && !fetch) return Error{"git.not_here", "It is not here."};
    if (!known->second.here && !remote_answers_)
      return Error{"git.unreachable", "The remote does not answer."};
    known->second.here = true;
    const fs::path path = folder_ / repository.slug / id;
    fs::create_directories(path / repository.slug);
    EXPECT_TRUE(replace_file(path / repository.slug / "jobs.py", known->second.text, 0644).ok());
    sources::SourceVersion version{id,
                                   path,
                                   folder_ / repository.slug / "current",
                                   {},
                                   {},
                                   false,
                                   std::make_shared<sources::VersionHold>(UniqueFd())};
    version.modules = {{repository.slug + ".jobs", repository.slug + "/jobs.py", id}};
    holds_[repository.slug].push_back(version.hold);
    return version;
  }
  Result<void> make_current(const std::string& slug, const std::string& id) override {
    const std::lock_guard lock(mutex_);
    current_[slug] = id;
    return ok();
  }
  void prune_environments() override {}
  void prune(const std::string& slug, const std::set<std::string>& keep) override {
    const std::lock_guard lock(mutex_);
    kept_[slug] = keep;
  }
  std::vector<std::string> slugs() const override {
    std::vector<std::string> slugs;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder_, failure))
      slugs.push_back(entry.path().filename());
    return slugs;
  }
  Result<void> remove(const std::string& slug) override {
    const std::lock_guard lock(mutex_);
    for (const auto& hold : holds_[slug]) {
      if (!hold.expired()) return Error{"git.in_use", "A run uses them."};
    }
    fs::remove_all(folder_ / slug);
    removed_.insert(slug);
    changed_.notify_all();
    return ok();
  }

 private:
  struct Commit {
    std::string text;
    bool here = true;
  };
  const fs::path folder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::pair<std::string, std::string>, Commit> commits_;
  bool remote_answers_ = true;
  std::map<std::string, std::string> current_;
  std::map<std::string, std::set<std::string>> kept_;
  std::map<std::string, std::list<std::weak_ptr<const sources::VersionHold>>> holds_;
  std::set<std::string> removed_;
};

class CatalogSourcesTest : public CatalogTest {
 protected:
  CatalogSourcesTest() {
    options_.repositories = &files_;
    options_.look = std::chrono::milliseconds(10);
    runner_.on_load([this](const runner::VersionSpec& version) { return import(version); });
  }
  ~CatalogSourcesTest() override {
    catalog_.reset();
    loop_.call([] {});  // no import is left that looks at the files of this
  }

  GitRepository add(const std::string& slug, const std::string& head = "") {
    GitRepository repository;
    repository.id = new_id(clock_.now());
    repository.name = repository.slug = slug;
    repository.remote_url = "https://git.example.com/" + slug;
    repository.current_head = repository.newest_head = head;
    return home_.storage().git_repositories().add(repository).value();
  }
  GitRepository stored(const std::string& slug) {
    return home_.storage().git_repositories().find_by_slug(slug).value();
  }
  /// As a sync does: notes the commit, then has it tried.
  CommitTrial sync(const std::string& slug, const std::string& commit, const std::string& text) {
    files_.commit(slug, commit, text);
    const GitRepository repository = home_.storage()
                                         .git_repositories()
                                         .modify(stored(slug).id,
                                                 [&](GitRepository& record) -> Result<void> {
                                                   record.newest_head = commit;
                                                   return ok();
                                                 })
                                         .value();
    auto trial =
        catalog_->try_commit(repository, files_.version(slug, commit), [] { return false; });
    EXPECT_TRUE(trial.ok()) << trial.error().message;
    return *trial;
  }
  std::string serving(const std::string& source) {
    loop_.call([] {});  // what the catalog posted has been done
    const auto versions = runner_.served_sources();
    const auto found = versions.find(source);
    return found == versions.end() ? "" : found->second;
  }

  // Installed packages: site/<package>/jobs.py and VERSION.
  void install(const std::string& package, const std::string& version, const std::string& text) {
    fs::create_directories(site_ / package);
    ASSERT_TRUE(replace_file(site_ / package / "VERSION", version, 0644).ok());
    ASSERT_TRUE(replace_file(site_ / package / "jobs.py", text, 0644).ok());
  }
  Result<runner::Manifest> import(runner::VersionSpec version) {
    for (runner::SourceSpec& source : version.sources) {
      if (source.kind == "app") source.path = site_;
    }
    auto manifest = import_version(version);
    for (json::value& module : manifest->frame.at("modules").get_array()) {
      const std::string package = get_string(module, "name");
      if (!get_string(module, "source").starts_with("app:")) continue;
      for (const runner::SourceSpec& source : version.sources) {
        if (source.kind == "app" && source.modules.front() == package)
          module = import_module(version, source, package + ".jobs");
      }
      json::object& entry = module.get_object();
      entry["name"] = package;
      if (!fs::exists(site_ / package)) {
        entry["error"] = json::object{{"message", "The package is not installed."}};
        entry["app"] = nullptr;
      } else {
        entry["app"] =
            json::object{{"version", read_file(site_ / package / "VERSION").value_or("")},
                         {"path", (site_ / package).string()}};
      }
    }
    return manifest;
  }

  FakeFiles files_{home_.path() / "git"};
  const fs::path site_ = home_.path() / "site";
};

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
  EXPECT_EQ(files_.kept("net"), 1u);
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
  // An edit, or any other refresh, asks for them again.
  for (int i = 0; i < 1000 && !record("net.jobs.Router").installed; ++i) refresh();
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
