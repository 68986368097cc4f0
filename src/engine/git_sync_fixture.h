#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/catalog_fixture.h"
#include "engine/git_checkouts.h"
#include "engine/git_sync.h"

namespace windlass::engine {

/// Keeps what is told.
class Heard final : public Progress {
 public:
  void log(std::string_view level, std::string message) override {
    entries.push_back(std::string(level) + ": " + message);
    if (when_logged) when_logged(message);
  }
  void status(std::string_view) override {}
  std::string run() const override { return name; }
  bool stopped() const override { return stop; }

  std::string name = "run";
  std::vector<std::string> entries;
  std::function<void(const std::string&)> when_logged;
  std::atomic<bool> stop = false;
};

/// Syncs of a real repository, made by the git command, with a catalog over a FakeRunner.
class GitSyncTest : public CatalogTest {
 protected:
  GitSyncTest() {
    use_environments(nullptr);
    git("init --quiet --initial-branch=main");
  }
  ~GitSyncTest() override { catalog_.reset(); }

  /// What commits require is installed by these; before start().
  void use_environments(GitEnvironments* environments) {
    environments_ = environments;
    options_.repositories = &checkouts_.emplace(git_, home_.key(), environments);
  }

  /// Runs the git command in the remote, without this machine's configuration.
  void git(const std::string& arguments) {
    fs::create_directories(remote_);
    const std::string command =
        "cd '" + remote_.string() +
        "' && GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 git -c user.name=Ada "
        "-c user.email=ada@example.com " +
        arguments;
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  void commit(const std::string& jobs, const std::string& message = "Change jobs") {
    ASSERT_TRUE(replace_file(remote_ / "__init__.py", "", 0644).ok());
    ASSERT_TRUE(replace_file(remote_ / "jobs.py", jobs, 0644).ok());
    git("add --all");
    git("commit --quiet --allow-empty --message '" + message + "'");
  }
  void add_repository() {
    GitRepository repository;
    repository.id = new_id(clock_.now());
    repository.name = repository.slug = "net";
    repository.remote_url = "file://" + remote_.string();
    id_ = home_.storage().git_repositories().add(repository).value().id;
  }
  GitRepository stored() { return home_.storage().git_repositories().get(id_).value(); }
  /// As each process of a home has one.
  std::unique_ptr<GitSync> make_syncs() {
    return std::make_unique<GitSync>(
        git_, home_.storage(), home_.key(), clock_, Sanitiser::standard(),
        [this](const GitRepository& repository, const sources::SourceVersion& version,
               const std::function<bool()>& cancelled) {
          return catalog_->try_commit(repository, version, cancelled);
        },
        [this](const GitRepository& repository, const std::function<bool()>& cancelled) {
          return catalog_->serves(repository, cancelled);
        },
        environments_);
  }
  GitSync& syncs() {
    if (sync_ == nullptr) sync_ = make_syncs();
    return *sync_;
  }
  SystemEnd sync() {
    heard_.entries.clear();
    return syncs().sync(id_, heard_);
  }

  const fs::path remote_ = home_.path() / "remote";
  const sources::GitOptions git_{.folder = home_.path() / "git",
                                 .file_roots = {home_.path()},
                                 .known_hosts_file = home_.path() / "known_hosts"};
  GitEnvironments* environments_ = nullptr;
  std::optional<GitCheckouts> checkouts_;
  std::unique_ptr<GitSync> sync_;
  Heard heard_;
  Uuid id_;
};

}  // namespace windlass::engine
