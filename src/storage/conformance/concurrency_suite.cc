#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "storage/conformance/conformance.h"

namespace windlass::conformance {

/// Sixteen threads queue while two workers claim, each through a storage of its own, as two
/// processes would.
TEST_P(ConcurrencyConformance, NoRunIsClaimedTwiceAndNoneIsLost) {
  constexpr int kThreads = 16;
  constexpr int kEach = 25;
  const Job job = add_job();
  const std::unique_ptr<Storage> other = database().open(clock()).value();
  const Worker workers[] = {add_worker("one:1"), add_worker("two:1")};
  std::atomic<int> claimed_count = 0;
  std::mutex mutex;
  std::multiset<std::int64_t> claimed;

  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      Storage& mine = t % 2 == 0 ? storage() : *other;
      for (int i = 0; i < kEach; ++i) mine.results().enqueue(new_run(job)).value();
    });
  }
  for (int w = 0; w < 2; ++w) {
    threads.emplace_back([&, w] {
      Storage& mine = w == 0 ? storage() : *other;
      WorkRequest request;
      request.worker = workers[w].id;
      request.worker_name = workers[w].name;
      request.queues = {"default"};
      request.claim_limit = 7;
      while (claimed_count < kThreads * kEach) {
        const WorkReply reply = mine.results().exchange(request).value();
        EXPECT_TRUE(reply.lost.empty());
        request.writes.clear();
        for (const ClaimedRun& run : reply.claimed) {
          request.writes.push_back(write_of(run));
          request.writes.back().outcome = outcome_of(JobResultStatus::kSuccess);
          const std::lock_guard lock(mutex);
          claimed.insert(run.result.number);
        }
        claimed_count += static_cast<int>(reply.claimed.size());
      }
      request.claim_limit = 0;
      EXPECT_TRUE(mine.results().exchange(request)->lost.empty());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(claimed.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(std::set<std::int64_t>(claimed.begin(), claimed.end()).size(), claimed.size());
  Query query;
  query.filters.push_back({"status", Filter::Is::kOneOf, {"SUCCESS"}});
  EXPECT_EQ(storage().results().list(query)->count, kThreads * kEach);
}

TEST_P(ConcurrencyConformance, AFailingWriteDisturbsNoOther) {
  const Job job = add_job();
  const NewRun taken = new_run(job);
  enqueue(taken);
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        if (t % 4 == 0) {
          if (!storage().results().enqueue(taken).ok()) ++refused;
        } else {
          storage().results().enqueue(new_run(job)).value();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused, 4 * 20);
  EXPECT_EQ(storage().results().list({})->count, 1 + 12 * 20);
}

TEST_P(ConcurrencyConformance, SeveralProcessesMigrateAtOnce) {
  const auto fresh = GetParam()();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const auto storage = fresh->open(clock()).value();
      storage->migrate().value();
      storage->check().value();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto storage = fresh->open(clock()).value();
  storage->migrate().value();
  EXPECT_EQ(storage->jobs().list({})->count, 0);
}

TEST_P(ConcurrencyConformance, ADatabaseWithoutTablesSaysSo) {
  const auto fresh = GetParam()();
  const auto storage = fresh->open(clock()).value();
  EXPECT_EQ(storage->check().error().code, "storage.not_migrated");
  EXPECT_FALSE(storage->jobs().list({}).ok());
}

TEST_P(ConcurrencyConformance, ANewerDatabaseIsRefused) {
  database()
      .execute(
          "INSERT INTO schema_migration (version, name, applied) "
          "VALUES (999999, 'later', 0)")
      .value();
  EXPECT_EQ(storage().migrate().error().code, "storage.newer_schema");
  EXPECT_EQ(storage().check().error().code, "storage.newer_schema");
}

TEST_P(ConcurrencyConformance, EverythingIsThereAfterReopening) {
  const Job job = add_job();
  const JobResult result = enqueue(job);
  reopen();
  storage().migrate().value();
  EXPECT_EQ(reload(result).number, result.number);
  EXPECT_EQ(storage().jobs().get(job.id)->name, job.name);
}

}  // namespace windlass::conformance
