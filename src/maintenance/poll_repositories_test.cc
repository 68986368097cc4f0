#include "maintenance/poll_repositories.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/sealing_key.h"
#include "engine/git_repositories.h"
#include "model/job_source.h"
#include "storage/sqlite/open.h"

namespace windlass::maintenance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

/// Nothing here computes choices.
class NoChoices final : public engine::ChoiceSource {
 public:
  Result<json::array> compute(const Job&, const std::string&, const json::object&) override {
    return json::array{};
  }
};

class PollRepositoriesTest : public testing::Test {
 protected:
  PollRepositoriesTest() {
    storage->migrate().value();
    Job job;
    job.id = new_id(clock.now());
    job.class_path = job.name = std::string(kSyncJob);
    job.source = std::string(kSystemSource);
    job.installed = job.enabled = true;
    job.has_sensitive_variables = false;
    job.variables = json::array{json::object{{"name", "repository"},
                                             {"type", "ObjectVar"},
                                             {"required", true},
                                             {"model", "extras.gitrepository"}}};
    storage->jobs()
        .update_all(
            [&](const std::vector<Job>&) -> Result<std::vector<Job>> { return std::vector{job}; })
        .value();
  }
  void add_worker() {
    worker.id = new_id(clock.now());
    worker.name = "host:1";
    worker.hostname = "host";
    worker.queues = json::array{"default"};
    worker.slots = 1;
    worker.state = "ready";
    worker.started = clock.now();
    storage->workers().add(worker).value();
  }
  GitRepository add(const std::string& slug, double interval) {
    GitRepository repository;
    repository.id = new_id(clock.now());
    repository.name = repository.slug = slug;
    repository.remote_url = "https://git.example.com/" + slug;
    repository.poll_interval = interval;
    return storage->git_repositories().add(repository).value();
  }
  Polled poll() { return poll_repositories(*storage, submitter, clock.now()).value(); }
  /// Runs what waits to its end.
  void run_what_waits() {
    WorkRequest request;
    request.worker = worker.id;
    request.worker_name = worker.name;
    request.claim_limit = 10;
    request.queues = {"default"};
    request.renew = true;
    const WorkReply reply = storage->results().exchange(request).value();
    WorkRequest end;
    end.worker = worker.id;
    for (const ClaimedRun& run : reply.claimed) {
      RunWrite& write = end.writes.emplace_back();
      write.number = run.result.number;
      write.lease_token = run.lease_token;
      write.outcome.emplace().status = JobResultStatus::kFailure;
    }
    storage->results().exchange(end).value();
  }

  TemporaryFolder folder = TemporaryFolder::make().value();
  FakeClock clock;
  std::unique_ptr<Storage> storage =
      open_sqlite({folder.path() / "db", folder.path() / "files", folder.path() / "wake"}, clock)
          .value();
  SealingKey key = SealingKey::load_or_create(folder.path() / "key").value();
  NoChoices choices;
  engine::Submitter submitter{*storage, clock, key, choices, {}};
  Worker worker;
};

TEST_F(PollRepositoriesTest, QueuesASyncWhenTheIntervalHasGoneByAndNoneIsUnderWay) {
  add_worker();
  const GitRepository repository = add("net", 5);
  add("still", 0);
  EXPECT_THAT(poll().queued, IsEmpty());
  clock.advance(std::chrono::seconds(5));
  EXPECT_THAT(poll().queued, ElementsAre("net"));
  clock.advance(std::chrono::seconds(5));
  EXPECT_THAT(poll().queued, IsEmpty()) << "one waits";
  const auto sync = engine::newest_sync(*storage, repository.id).value();
  ASSERT_TRUE(sync.has_value());
  EXPECT_EQ(sync->task_name, kSyncJob);
  EXPECT_FALSE(sync->user.has_value());
  run_what_waits();
  EXPECT_THAT(poll().queued, ElementsAre("net")) << "a failed sync is tried again in time";
  run_what_waits();
  clock.advance(std::chrono::seconds(4));
  EXPECT_THAT(poll().queued, IsEmpty());
}

TEST_F(PollRepositoriesTest, SaysWhyNothingCanBeQueued) {
  add("net", 5);
  clock.advance(std::chrono::seconds(6));
  EXPECT_THAT(poll().refused, ElementsAre(Pair("net", HasSubstr("worker"))));
}

TEST_F(PollRepositoriesTest, SyncsThatBroughtNothingAreKeptUpToANumber) {
  add_worker();
  const GitRepository repository = add("net", 1);
  Query all;
  all.filters.push_back(
      {"git_repository", Filter::Is::kOneOf, {DbValue(repository.id.to_string())}});
  const auto count = [&] { return storage->results().list(all).value().count; };
  for (int i = 0; i < 202; ++i) {
    clock.advance(std::chrono::seconds(1));
    ASSERT_THAT(poll().queued, ElementsAre("net"));
    run_what_waits();
  }
  EXPECT_EQ(count(), 202);
  prune_syncs(*storage).value();
  EXPECT_EQ(count(), 200);
  prune_syncs(*storage).value();
  EXPECT_EQ(count(), 200);
}

TEST_F(PollRepositoriesTest, OneProcessOfManyPolls) {
  add_worker();
  const GitRepository repository = add("net", 0.001);
  clock.advance(std::chrono::seconds(1));
  std::mutex mutex;
  std::condition_variable changed;
  int queued = 0;
  const auto subscription = storage->notifier().subscribe([&](const Notice& notice) {
    const std::lock_guard lock(mutex);
    if (notice.kind == Notice::Kind::kQueued) ++queued;
    changed.notify_all();
  });
  PollRepositories first(*storage, submitter, clock, folder.path() / "poll.lock",
                         std::chrono::milliseconds(1));
  PollRepositories second(*storage, submitter, clock, folder.path() / "poll.lock",
                          std::chrono::milliseconds(1));
  ASSERT_TRUE(first.start().ok());
  ASSERT_TRUE(first.start().ok());
  {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(30), [&] { return queued == 1; }));
  }
  ASSERT_TRUE(second.start().ok());
  first.stop();
  first.stop();
  run_what_waits();
  clock.advance(std::chrono::seconds(1));
  std::unique_lock lock(mutex);
  EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(30), [&] { return queued == 2; }))
      << "the other takes over";
}

}  // namespace
}  // namespace windlass::maintenance
