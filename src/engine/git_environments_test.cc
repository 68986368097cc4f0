// Virtual environments of what commits require, with a shell script in place of interpreter and
// pip.
#include "engine/git_environments.h"

#include <thread>

#include "engine/git_sync_fixture.h"

namespace windlass::engine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// Says in $CALLS what it is asked for. Requirements tell it what to do.
constexpr const char* kInterpreter = R"sh(#!/bin/sh
case "$2 $3" in
"-c "*) echo fake-1 ;;
"-m venv")
  echo venv >> "$CALLS"
  mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
"-m pip")
  echo "pip $(pwd)" >> "$CALLS"
  while read -r line; do
    case "$line" in
    nope) echo "ERROR: No matching distribution found for nope"; exit 1 ;;
    slow) echo "Collecting slow"; exec sleep 3600 ;;
    local/*) ls "$line" || exit 1 ;;
    *) echo "Collecting $line from $PIP_INDEX_URL" ;;
    esac
  done < requirements.txt ;;
*) exit 64 ;;
esac
)sh";

class GitEnvironmentsTest : public GitSyncTest {
 protected:
  GitEnvironmentsTest() {
    EXPECT_TRUE(write_new_file(python_, kInterpreter, 0755).ok());
    ::setenv("CALLS", calls_.c_str(), 1);
    ::setenv("PIP_INDEX_URL", "https://ada:s3cretword@index.example.com/", 1);
    use_environments(&environments_of_test_);
  }
  ~GitEnvironmentsTest() override {
    catalog_.reset();
    ::unsetenv("CALLS");
    ::unsetenv("PIP_INDEX_URL");
  }

  void require(const std::string& text, const std::string& jobs = "job Router first") {
    ASSERT_TRUE(replace_file(remote_ / "requirements.txt", text, 0644).ok());
    commit(jobs);
  }
  /// The interpreter of net's jobs in the version that serves; "" for that of all.
  std::string serving_python() {
    loop_.call([] {});  // it is told there
    return python_in_force();
  }
  /// The same by what has been told so far.
  std::string python_in_force() {
    const std::string id = runner_.served().empty() ? "" : runner_.served().back();
    std::string python = "(nothing serves)";
    for (const runner::VersionSpec& spec : runner_.loaded()) {
      for (const runner::SourceSpec& source : spec.sources) {
        if (spec.id == id && source.name == "git:net") python = source.python;
      }
    }
    return python;
  }
  bool serves_with(const std::string& python) {
    // While the runner is locked the loop cannot be waited for.
    return comes_true([&] { return python_in_force() == python; });
  }
  std::vector<std::string> calls(const std::string& what) {
    std::vector<std::string> found;
    std::istringstream lines(read_file(calls_).value_or(""));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(what)) found.push_back(line);
    }
    return found;
  }
  /// Names in <home>/venvs, but for locks.
  std::vector<std::string> folders() const {
    std::vector<std::string> names;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(venvs_, failure)) {
      if (entry.path().extension() != ".lock") names.push_back(entry.path().filename());
    }
    return names;
  }
  sources::Requirements requirements(const std::string& text) const {
    return {"requirements.txt", {{"requirements.txt", text}}, false, text};
  }
  Result<VirtualEnvironment> make(const std::string& text) {
    return environments_alone_.make(
        requirements(text), python_, home_.path(), [](const std::string&) {}, [] { return true; });
  }

  const std::string python_ = (home_.path() / "interpreter").string();
  const fs::path calls_ = home_.path() / "calls";
  const fs::path venvs_ = home_.path() / "venvs";
  const VirtualEnvironmentOptions where_{.folder = venvs_,
                                         .instance = "test",
                                         .job_user = "",
                                         .job_environment = {"CALLS"},
                                         .time_limit = std::chrono::seconds(60)};
  VirtualEnvironments environments_alone_{where_, Sanitiser::standard()};
  GitEnvironments environments_of_test_{where_, Sanitiser::standard(), python_, {}};
};

TEST_F(GitEnvironmentsTest, WhatACommitRequiresIsInstalledBeforeItIsImported) {
  start();
  add_repository();
  require("requests==2\n");
  const SystemEnd end = sync();
  ASSERT_TRUE(end.succeeded) << end.sentence;
  const std::string python = serving_python();
  EXPECT_THAT(python, AllOf(StartsWith(venvs_.string()), EndsWith("/bin/python")));
  EXPECT_TRUE(fs::exists(python));
  EXPECT_FALSE(fs::exists(fs::path(python).parent_path().parent_path() / ".files"));
  EXPECT_THAT(heard_.entries, Contains(HasSubstr("info: Collecting requests==2 from https://")));
  EXPECT_THAT(heard_.entries, Not(Contains(HasSubstr("s3cretword"))));
  EXPECT_THAT(heard_.entries, Contains("info: What it requires is installed: " + python));

  // The same packages are not installed twice.
  require("requests==2\n", "job Router second");
  ASSERT_TRUE(sync().succeeded);
  EXPECT_EQ(record("net.jobs.Router").description, "second");
  EXPECT_EQ(serving_python(), python);
  EXPECT_THAT(calls("venv"), SizeIs(1));

  require("requests==3\n");
  ASSERT_TRUE(sync().succeeded);
  EXPECT_NE(serving_python(), python);
  EXPECT_THAT(calls("venv"), SizeIs(2));

  fs::remove(remote_ / "requirements.txt");
  commit("job Router third");
  ASSERT_TRUE(sync().succeeded);
  EXPECT_EQ(serving_python(), "");
}

TEST_F(GitEnvironmentsTest, AnInstallThatFailsRefusesTheCommit) {
  start();
  add_repository();
  require("requests==2\n");
  ASSERT_TRUE(sync().succeeded);
  const std::string good = stored().current_head;
  const std::string python = serving_python();
  require("nope\n", "job Router second");
  const SystemEnd end = sync();
  EXPECT_FALSE(end.succeeded);
  EXPECT_EQ(end.sentence,
            "What requirements.txt requires cannot be installed: ERROR: No matching distribution "
            "found for nope");
  EXPECT_EQ(stored().sync_error, end.sentence);
  EXPECT_EQ(stored().current_head, good);
  EXPECT_NE(stored().newest_head, good);
  EXPECT_EQ(record("net.jobs.Router").description, "first");
  EXPECT_EQ(serving_python(), python);
  EXPECT_THAT(folders(), SizeIs(2)) << "the good environment and the link to it";
  require("requests==2\n", "job Router mended");
  EXPECT_TRUE(sync().succeeded);
  EXPECT_EQ(stored().sync_error, "");
  EXPECT_EQ(serving_python(), python);
}

TEST_F(GitEnvironmentsTest, ACancelledInstallLeavesNothing) {
  start();
  add_repository();
  require("slow\n");
  heard_.when_logged = [&](const std::string& message) {
    if (message == "Collecting slow") heard_.stop = true;
  };
  const SystemEnd end = sync();
  EXPECT_FALSE(end.succeeded);
  EXPECT_THAT(end.sentence, HasSubstr("cancelled"));
  EXPECT_EQ(stored().sync_error, "");
  EXPECT_THAT(folders(), IsEmpty());
}

TEST_F(GitEnvironmentsTest, ATimeLimitEndsAnInstall) {
  VirtualEnvironmentOptions brief = where_;
  brief.time_limit = std::chrono::seconds(1);
  VirtualEnvironments environments(brief, Sanitiser::standard());
  const auto made = environments.make(
      requirements("slow\n"), python_, home_.path(), [](const std::string&) {},
      [] { return true; });
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, "git.requirements");
  EXPECT_THAT(made.error().message, HasSubstr("longer than 1 seconds"));
  EXPECT_THAT(folders(), IsEmpty());
}

TEST_F(GitEnvironmentsTest, ARestartGoesOnWithItAndMakesALostOneAnew) {
  start();
  add_repository();
  require("requests==2\n");
  ASSERT_TRUE(sync().succeeded);
  const std::string python = serving_python();
  start();
  EXPECT_TRUE(serves_with(python));
  EXPECT_THAT(calls("venv"), SizeIs(1));
  catalog_.reset();
  fs::remove_all(venvs_);
  start();
  EXPECT_TRUE(comes_true([&] {
    const std::string now = python_in_force();
    return now.starts_with(venvs_.string()) && now != python;
  }));
  EXPECT_THAT(calls("venv"), SizeIs(2));
  EXPECT_TRUE(record("net.jobs.Router").installed);
}

TEST_F(GitEnvironmentsTest, AnotherInterpreterTakesOverWhenItHasThePackages) {
  start();
  add_repository();
  require("requests==2\n");
  ASSERT_TRUE(sync().succeeded);
  const std::string python = serving_python();
  const fs::path other = home_.path() / "other";
  std::string script = kInterpreter;
  script.replace(script.find("fake-1"), 6, "fake-2");
  ASSERT_TRUE(write_new_file(other, script, 0755).ok());
  ASSERT_TRUE(home_.storage()
                  .git_repositories()
                  .modify(id_,
                          [&](GitRepository& repository) -> Result<void> {
                            repository.python = other.string();
                            return ok();
                          })
                  .ok());
  EXPECT_TRUE(comes_true([&] { return python_in_force() != python; }));
  EXPECT_THAT(serving_python(), StartsWith(venvs_.string()));
  EXPECT_THAT(calls("venv"), SizeIs(2));
}

TEST_F(GitEnvironmentsTest, FilesOfTheRepositoryAreThere) {
  start();
  add_repository();
  fs::create_directories(remote_ / "local");
  ASSERT_TRUE(replace_file(remote_ / "local" / "a.whl", "", 0644).ok());
  require("local/a.whl\n");
  ASSERT_TRUE(sync().succeeded);
  EXPECT_THAT(heard_.entries, Contains("info: local/a.whl"));
  ASSERT_THAT(calls("pip"), SizeIs(1));
  EXPECT_THAT(calls("pip").front(), Not(HasSubstr("/git/"))) << "a copy, not the checkout";
}

TEST_F(GitEnvironmentsTest, ProcessesThatWantTheSameMakeItOnce) {
  const auto both = [&] {
    const auto made = make("requests==2\n");
    EXPECT_TRUE(made.ok()) << made.error().message;
  };
  std::thread first(both), second(both);
  first.join();
  second.join();
  EXPECT_THAT(calls("venv"), SizeIs(1));
}

TEST_F(GitEnvironmentsTest, WhatNobodyHoldsIsRemoved) {
  auto kept = make("requests==2\n");
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  ASSERT_TRUE(make("requests==3\n").ok());
  fs::create_directory(venvs_ / (std::string(32, 'a') + ".crashed"));
  environments_alone_.prune();
  EXPECT_THAT(folders(), SizeIs(2));
  EXPECT_TRUE(fs::exists(kept->python));
  EXPECT_TRUE(environments_alone_.find(requirements("requests==2\n"), python_).ok());
  const auto gone = environments_alone_.find(requirements("requests==3\n"), python_);
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, "git.not_here");
  kept->hold.reset();
  environments_alone_.prune();
  EXPECT_THAT(folders(), IsEmpty());
}

TEST_F(GitEnvironmentsTest, AnInterpreterThatCannotBeUsedIsNamed) {
  const auto missing = environments_alone_.find(requirements("requests\n"), "/nowhere/python");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, "runner.interpreter");
  EXPECT_THAT(missing.error().message, HasSubstr("/nowhere/python"));
  const auto broken = environments_alone_.find(requirements("requests\n"), "false");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, "runner.interpreter");
}

}  // namespace
}  // namespace windlass::engine
