#include "engine/waiting.h"

#include <gtest/gtest.h>

namespace windlass::engine {
namespace {

class WaitingTest : public testing::Test {
 protected:
  Worker worker(std::string state, json::array queues, std::int64_t slots) {
    Worker worker;
    worker.id = new_id(clock_.now());
    worker.state = std::move(state);
    worker.queues = std::move(queues);
    worker.slots = slots;
    return worker;
  }
  std::string reason(std::vector<Worker> alive, std::map<Uuid, std::int64_t> running = {}) {
    return Waiting(std::move(alive), std::move(running), clock_.now()).reason(run_);
  }
  FakeClock clock_;
  JobResult run_ = [] {
    JobResult run;
    run.queue = "default";
    return run;
  }();
};

TEST_F(WaitingTest, NobodyServesTheQueue) {
  EXPECT_EQ(reason({}), "No worker serves the queue \"default\". Start one with `windlass start`.");
  run_.queue = "slow";
  EXPECT_EQ(reason({worker("ready", {"default"}, 1)}),
            "No worker serves the queue \"slow\". Start one with `windlass worker --queue slow`.");
}

TEST_F(WaitingTest, AllSlotsAreTaken) {
  const Worker one = worker("ready", {"default"}, 2);
  const Worker other = worker("ready", {"*"}, 1);
  const Worker elsewhere = worker("ready", {"slow"}, 5);
  EXPECT_EQ(reason({one, other, elsewhere}, {{one.id, 2}, {other.id, 1}}),
            "All workers of its queue are busy (3 of 3 slots).");
  EXPECT_EQ(reason({one, other, elsewhere}, {{one.id, 2}}), "A worker is about to take it.");
}

TEST_F(WaitingTest, WorkersThatStopTakeNothing) {
  EXPECT_EQ(reason({worker("draining", {"default"}, 2)}),
            "The workers of its queue are stopping and take nothing new.");
}

TEST_F(WaitingTest, ARetryIsDueLater) {
  run_.status = JobResultStatus::kRetry;
  run_.attempt = 1;
  run_.retry_at = clock_.now() + std::chrono::seconds(10);
  EXPECT_EQ(reason({}), "Attempt 2 is due at 2023-11-14T22:13:30.000000Z.");
  clock_.advance(std::chrono::seconds(10));
  EXPECT_EQ(reason({worker("ready", {"default"}, 1)}), "A worker is about to take it.");
}

}  // namespace
}  // namespace windlass::engine
