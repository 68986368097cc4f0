// Syncs of real repositories, made by the git command, with a catalog over a FakeRunner.
#include "engine/git_sync.h"

#include <future>
#include <thread>

#include "engine/git_sync_fixture.h"

namespace windlass::engine {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST_F(GitSyncTest, FetchesImportsAndServes) {
  start();
  add_repository();
  commit("job Router first", "First jobs");
  const SystemEnd end = sync();
  EXPECT_TRUE(end.succeeded) << end.sentence;
  const GitRepository repository = stored();
  EXPECT_EQ(repository.current_head.size(), 40u);
  EXPECT_EQ(repository.newest_head, repository.current_head);
  EXPECT_EQ(repository.sync_error, "");
  EXPECT_TRUE(repository.last_synced.has_value());
  EXPECT_EQ(get_string(end.result, "head"), repository.current_head);
  EXPECT_EQ(get_string(end.result, "before"), "");
  EXPECT_TRUE(get_bool(end.result, "changed"));
  EXPECT_TRUE(get_bool(end.result, "imported"));
  EXPECT_EQ(get_int(end.result, "jobs"), 1);
  EXPECT_EQ(get_int(end.result.at("files"), "added"), 2);
  EXPECT_EQ(record("net.jobs.Router").source_version, repository.current_head);
  EXPECT_EQ(fs::read_symlink(git_.folder / "net" / "current"), repository.current_head);
  EXPECT_THAT(heard_.entries, Contains(HasSubstr("Fetching main of file://")));
  EXPECT_THAT(heard_.entries, Contains(HasSubstr("\"First jobs\" by Ada")));
  EXPECT_THAT(heard_.entries, Contains("info: Added: __init__.py, jobs.py"));
  EXPECT_THAT(heard_.entries, Contains(HasSubstr("1 job: 1 new, 0 changed, 0 gone")));
  EXPECT_THAT(heard_.entries, Contains(HasSubstr("windlass jobs enable net.jobs.Router")));

  const SystemEnd again = sync();
  EXPECT_TRUE(again.succeeded);
  EXPECT_FALSE(get_bool(again.result, "changed"));
  EXPECT_TRUE(get_bool(again.result, "imported"));
  EXPECT_EQ(get_int(again.result, "jobs"), 1);
  EXPECT_THAT(heard_.entries, Contains(HasSubstr("Nothing new")));
}

TEST_F(GitSyncTest, ARefusedCommitIsToldAndTheLastGoodServes) {
  start();
  add_repository();
  commit("job Router first");
  sync();
  const std::string good = stored().current_head;
  commit("raise Oops");
  const SystemEnd end = sync();
  EXPECT_FALSE(end.succeeded);
  EXPECT_THAT(end.sentence, HasSubstr("does not import"));
  EXPECT_THAT(end.sentence, HasSubstr("goes on serving: raise: Oops"));
  EXPECT_THAT(end.traceback, HasSubstr("raise: Oops"));
  EXPECT_FALSE(get_bool(end.result, "imported"));
  EXPECT_THAT(heard_.entries, Contains(HasSubstr("error: Traceback")));
  EXPECT_EQ(stored().current_head, good);
  EXPECT_NE(stored().newest_head, good);
  EXPECT_THAT(stored().sync_error, HasSubstr("raise: Oops"));
  EXPECT_TRUE(record("net.jobs.Router").installed);
  commit("job Router mended");
  EXPECT_TRUE(sync().succeeded);
  EXPECT_EQ(stored().sync_error, "");
  EXPECT_EQ(record("net.jobs.Router").description, "mended");
}

TEST_F(GitSyncTest, TakesAForcedPush) {
  start();
  add_repository();
  commit("job Router first");
  commit("job Router second");
  sync();
  git("reset --quiet --hard HEAD~1");
  commit("job Router other", "Rewritten");
  EXPECT_TRUE(sync().succeeded);
  EXPECT_EQ(record("net.jobs.Router").description, "other");
  EXPECT_EQ(record("net.jobs.Router").source_version, stored().current_head);
  // And back to what served before.
  git("reset --quiet --hard HEAD~1");
  EXPECT_TRUE(sync().succeeded);
  EXPECT_EQ(record("net.jobs.Router").description, "first");
}

TEST_F(GitSyncTest, ARemoteThatIsGoneLeavesWhatServes) {
  start();
  add_repository();
  commit("job Router");
  sync();
  fs::rename(remote_, home_.path() / "away");
  const SystemEnd end = sync();
  EXPECT_FALSE(end.succeeded);
  EXPECT_THAT(end.sentence, Not(IsEmpty()));
  EXPECT_EQ(stored().sync_error, end.sentence);
  EXPECT_TRUE(record("net.jobs.Router").installed);
  EXPECT_EQ(record("net.jobs.Router").import_error, "") << "its newest files are fine";
  fs::rename(home_.path() / "away", remote_);
  EXPECT_TRUE(sync().succeeded);
  EXPECT_EQ(stored().sync_error, "");
}

TEST_F(GitSyncTest, ARepositoryWithoutJobsIsRefused) {
  start();
  add_repository();
  ASSERT_TRUE(replace_file(remote_ / "readme", "", 0644).ok());
  git("add --all");
  git("commit --quiet --message nothing");
  const SystemEnd end = sync();
  EXPECT_FALSE(end.succeeded);
  EXPECT_EQ(stored().sync_error, end.sentence);
  EXPECT_EQ(stored().current_head, "");
}

TEST_F(GitSyncTest, ADryRunTellsAndChangesNothing) {
  start();
  add_repository();
  commit("job Router first");
  sync();
  const GitRepository before = stored();
  commit("job Router second");
  heard_.entries.clear();
  const SystemEnd end = syncs().dry_run(id_, heard_);
  EXPECT_TRUE(end.succeeded) << end.sentence;
  EXPECT_TRUE(get_bool(end.result, "changed"));
  EXPECT_FALSE(get_bool(end.result, "imported"));
  EXPECT_EQ(get_int(end.result.at("files"), "changed"), 1);
  EXPECT_THAT(heard_.entries, Contains("info: Changed: jobs.py"));
  EXPECT_EQ(stored().last_updated, before.last_updated);
  EXPECT_FALSE(fs::exists(git_.folder / "net" / get_string(end.result, "head")));
  EXPECT_EQ(record("net.jobs.Router").description, "first");
}

TEST_F(GitSyncTest, ACancelledSyncLeavesTheRecordAsItWas) {
  start();
  add_repository();
  commit("job Router");
  heard_.stop = true;
  EXPECT_FALSE(sync().succeeded);
  EXPECT_EQ(stored().newest_head, "");
  EXPECT_EQ(stored().sync_error, "");
  heard_.stop = false;
  heard_.when_logged = [this](const std::string& message) {
    if (message.find("Added") != std::string::npos) heard_.stop = true;
  };
  EXPECT_FALSE(sync().succeeded);
  EXPECT_EQ(stored().current_head, "");
  EXPECT_EQ(stored().sync_error, "");
  EXPECT_FALSE(record("net.jobs.Router").installed);
}

TEST_F(GitSyncTest, SyncsOfOneRepositoryGoOneAfterAnother) {
  start();
  add_repository();
  commit("job Router");
  Heard second;
  SystemEnd end_of_second;
  std::thread other;
  std::promise<void> waits;
  second.when_logged = [&](const std::string& message) {
    if (message.starts_with("Waiting")) waits.set_value();
  };
  heard_.when_logged = [&](const std::string& message) {
    if (!message.starts_with("Fetching")) return;
    other = std::thread([&] { end_of_second = syncs().sync(id_, second); });
    waits.get_future().wait();
  };
  EXPECT_TRUE(sync().succeeded);
  other.join();
  EXPECT_TRUE(end_of_second.succeeded);
  EXPECT_FALSE(get_bool(end_of_second.result, "changed"));
}

TEST_F(GitSyncTest, OneWaitingSyncOfARepositoryIsEnoughForAllProcesses) {
  start();
  add_repository();
  commit("job Router");
  const auto of_second = make_syncs();
  const auto of_third = make_syncs();
  Heard second;
  second.name = "second";
  Heard third;
  SystemEnd end_of_second;
  SystemEnd end_of_third;
  std::thread other;
  std::promise<void> waits;
  second.when_logged = [&](const std::string& message) {
    if (message.starts_with("Waiting")) waits.set_value();
  };
  heard_.when_logged = [&](const std::string& message) {
    if (!message.starts_with("Fetching")) return;
    other = std::thread([&] { end_of_second = of_second->sync(id_, second); });
    waits.get_future().wait();
    end_of_third = of_third->sync(id_, third);
  };
  EXPECT_TRUE(sync().succeeded);
  other.join();
  EXPECT_TRUE(end_of_second.succeeded) << end_of_second.sentence;
  EXPECT_TRUE(end_of_third.succeeded) << end_of_third.sentence;
  EXPECT_THAT(third.entries, testing::ElementsAre(HasSubstr("the sync second that waits")));
  EXPECT_THAT(second.entries, Contains(HasSubstr("Fetching")));
  EXPECT_FALSE(get_bool(end_of_third.result, "changed"));
}

TEST_F(GitSyncTest, ASyncThatWaitedAndWasCancelledHasNobodyWaitForIt) {
  start();
  add_repository();
  commit("job Router");
  Heard second;
  Heard third;
  std::thread other;
  std::promise<void> waits;
  third.when_logged = [&](const std::string& message) {
    if (message.starts_with("Waiting")) waits.set_value();
  };
  heard_.when_logged = [&](const std::string& message) {
    if (!message.starts_with("Fetching")) return;
    second.stop = false;
    second.when_logged = [&](const std::string&) { second.stop = true; };
    EXPECT_FALSE(make_syncs()->sync(id_, second).succeeded);
    other = std::thread([&] { EXPECT_TRUE(make_syncs()->sync(id_, third).succeeded); });
    waits.get_future().wait();
  };
  EXPECT_TRUE(sync().succeeded);
  other.join();
  EXPECT_THAT(third.entries, Contains(HasSubstr("Fetching")));
}

TEST_F(GitSyncTest, AnotherProcessesSyncIsWaitedFor) {
  start();
  add_repository();
  commit("job Router");
  GitSync other(
      git_, home_.storage(), home_.key(), clock_, Sanitiser::standard(),
      [&](const GitRepository&, const sources::SourceVersion&,
          const std::function<bool()>&) -> Result<CommitTrial> {
        // Meanwhile the others' sync has no turn.
        heard_.when_logged = [&](const std::string& message) {
          if (message.starts_with("Waiting")) heard_.stop = true;
        };
        EXPECT_FALSE(sync().succeeded);
        return Error{"test.refused", "No."};
      },
      [](const GitRepository&, const std::function<bool()>&) -> Result<bool> { return false; });
  Heard of_other;
  EXPECT_FALSE(other.sync(id_, of_other).succeeded);
  EXPECT_THAT(heard_.entries, testing::ElementsAre(HasSubstr("Waiting")));
}

TEST_F(GitSyncTest, AChangeOfTheBranchMeanwhileLeavesTheRecordToTheNextSync) {
  start();
  add_repository();
  commit("job Router");
  heard_.when_logged = [this](const std::string& message) {
    if (!message.starts_with("Fetching")) return;
    home_.storage()
        .git_repositories()
        .modify(id_,
                [](GitRepository& record) -> Result<void> {
                  record.branch = "release";
                  return ok();
                })
        .value();
  };
  const SystemEnd end = sync();
  EXPECT_FALSE(end.succeeded);
  EXPECT_THAT(end.sentence, HasSubstr("sync it again"));
  EXPECT_EQ(stored().newest_head, "");
  EXPECT_EQ(stored().sync_error, "");
}

TEST_F(GitSyncTest, WhatServedAsItLayIsComparedWithTheNextSync) {
  start();
  add_repository();
  commit("job Router first");
  sync();
  catalog_.reset();
  fs::remove_all(git_.folder / "net" / "mirror.git");
  start();
  EXPECT_TRUE(record("net.jobs.Router").installed);
  const SystemEnd end = sync();
  EXPECT_TRUE(end.succeeded) << end.sentence;
  EXPECT_THAT(heard_.entries, Not(Contains(HasSubstr("Nothing new"))));
  EXPECT_EQ(record("net.jobs.Router").description, "first");
  sync();
  EXPECT_THAT(heard_.entries, Contains(HasSubstr("Nothing new")));
}

TEST_F(GitSyncTest, ARepositoryThatWasDeletedIsSaidSo) {
  start();
  add_repository();
  home_.storage().git_repositories().remove(id_).value();
  const SystemEnd end = sync();
  EXPECT_FALSE(end.succeeded);
  EXPECT_THAT(end.sentence, Not(IsEmpty()));
  EXPECT_FALSE(syncs().jobs().at(std::string(kSyncJob))({}, heard_).succeeded);
}

TEST_F(GitSyncTest, CheckoutsSurviveARestartWithoutTheRemote) {
  start();
  add_repository();
  commit("job Router");
  sync();
  catalog_.reset();
  fs::remove_all(remote_);
  EXPECT_THAT(start().errors, IsEmpty());
  EXPECT_TRUE(record("net.jobs.Router").installed);
  // Even the files can come back, from the mirror.
  catalog_.reset();
  for (const auto& entry : fs::recursive_directory_iterator(git_.folder)) {
    if (entry.is_directory() && !entry.is_symlink()) fs::permissions(entry, fs::perms::owner_all);
  }
  fs::remove_all(git_.folder / "net" / stored().current_head);
  EXPECT_THAT(start().errors, IsEmpty());
}

}  // namespace
}  // namespace windlass::engine
