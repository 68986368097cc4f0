#pragma once

#include <condition_variable>
#include <list>
#include <mutex>
#include <set>

#include "engine/catalog_fixture.h"
#include "sources/version_store.h"

namespace windlass::engine {

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
  /// Versions are from now on such whose files could not be compared with Git's, or could.
  void lose_mirrors(bool lost) {
    const std::lock_guard lock(mutex_);
    unchecked_ = lost;
  }
  std::string current(const std::string& slug) {
    const std::lock_guard lock(mutex_);
    return current_[slug];
  }
  std::set<std::string> kept(const std::string& slug) {
    const std::lock_guard lock(mutex_);
    return kept_[slug];
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
                                   std::make_shared<sources::VersionHold>(UniqueFd()),
                                   unchecked_};
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
  bool unchecked_ = false;
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
    const GitRepository repository = fetched(slug, commit, text);
    auto trial =
        catalog_->try_commit(repository, files_.version(slug, commit), [] { return false; });
    EXPECT_TRUE(trial.ok()) << trial.error().message;
    return *trial;
  }
  GitRepository fetched(const std::string& slug, const std::string& commit,
                        const std::string& text) {
    files_.commit(slug, commit, text);
    return change(slug, [&](GitRepository& record) { record.newest_head = commit; });
  }
  GitRepository change(const std::string& slug, const std::function<void(GitRepository&)>& how) {
    return home_.storage()
        .git_repositories()
        .modify(stored(slug).id,
                [&](GitRepository& record) -> Result<void> {
                  how(record);
                  return ok();
                })
        .value();
  }
  bool serves(const std::string& slug) {
    return catalog_->serves(stored(slug), [] { return false; }).value();
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

}  // namespace windlass::engine
