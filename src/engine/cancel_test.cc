#include "engine/cancel.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "engine/test_home.h"

namespace windlass::engine {
namespace {

class CancelTest : public testing::Test {
 protected:
  CancelTest() {
    NewRun run;
    run.id = new_id(clock_.now());
    run.job = job_.id;
    run.name = run.task_name = "Plain";
    run.user = owner_.id;
    run.queue = "default";
    queued_ = *home_.storage().results().enqueue(run);
  }
  static Job plain() {
    Job job;
    job.name = "Plain";
    return job;
  }
  WorkReply exchange(WorkRequest work) {
    work.worker = worker_.id;
    work.worker_name = worker_.name;
    work.queues = {"default"};
    auto reply = home_.storage().results().exchange(work);
    EXPECT_TRUE(reply.ok());
    return *reply;
  }
  /// A worker takes the run.
  ClaimedRun start() {
    WorkRequest work;
    work.claim_limit = 1;
    return exchange(work).claimed.at(0);
  }
  void finish(const ClaimedRun& run) {
    WorkRequest work;
    RunWrite write;
    write.number = run.result.number;
    write.lease_token = run.lease_token;
    write.outcome = RunOutcome{.status = JobResultStatus::kRevoked,
                               .result = {},
                               .traceback = {},
                               .reason_code = "cancelled",
                               .reason = "Cancelled by owner."};
    work.writes.push_back(write);
    EXPECT_TRUE(exchange(work).lost.empty());
  }

  SystemClock clock_;
  TestHome home_{clock_};
  User owner_ = home_.add_user("owner", false);
  User other_ = home_.add_user("other", false);
  User admin_ = home_.add_user("admin", true);
  Job job_ = home_.add_job(plain());
  Worker worker_ = home_.add_worker({"default"});
  JobResult queued_;
};

TEST_F(CancelTest, IsForOwnerAndSuperuserOnly) {
  const auto refused = cancel_result(home_.storage(), queued_.id, other_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "job_result.forbidden");
  EXPECT_EQ(delete_result(home_.storage(), queued_.id, other_, {}).error().code,
            "job_result.forbidden");
  const auto cancelled = cancel_result(home_.storage(), queued_.id, owner_);
  ASSERT_TRUE(cancelled.ok());
  EXPECT_EQ(cancelled->status, JobResultStatus::kRevoked);
  EXPECT_EQ(cancelled->reason, "Cancelled by owner.");
  EXPECT_EQ(cancel_result(home_.storage(), queued_.id, admin_)->reason, "Cancelled by owner.");
}

TEST_F(CancelTest, NamesAResultThatIsNotThere) {
  const Uuid unknown = new_id(clock_.now());
  EXPECT_EQ(cancel_result(home_.storage(), unknown, admin_).error().code, "job_result.not_found");
  EXPECT_EQ(delete_result(home_.storage(), unknown, admin_, {}).error().code,
            "job_result.not_found");
}

TEST_F(CancelTest, DeletesAQueuedRunAtOnce) {
  ASSERT_TRUE(delete_result(home_.storage(), queued_.id, admin_, {}).ok());
  EXPECT_EQ(home_.storage().results().get(queued_.id).error().code, "job_result.not_found");
}

TEST_F(CancelTest, WaitsForTheEndOfARunningRunBeforeItDeletes) {
  const ClaimedRun run = start();
  // The worker's part: it is told of the cancel, and ends the run.
  std::thread worker([&] {
    WorkRequest look;
    look.look_for_cancels = true;
    while (exchange(look).cancels.empty()) std::this_thread::yield();
    finish(run);
  });
  const auto deleted = delete_result(home_.storage(), queued_.id, owner_, std::chrono::seconds(20));
  worker.join();
  ASSERT_TRUE(deleted.ok()) << deleted.error().message;
  EXPECT_EQ(home_.storage().results().get(queued_.id).error().code, "job_result.not_found");
}

TEST_F(CancelTest, OfManyThatWaitForAnEndOneTooManyIsRefusedAtOnce) {
  const ClaimedRun run = start();
  std::promise<std::string> refusal;
  std::vector<std::thread> callers;
  for (int i = 0; i <= kMostWaitingDeletes; ++i) {
    callers.emplace_back([&] {
      const auto deleted =
          delete_result(home_.storage(), queued_.id, owner_, std::chrono::minutes(5));
      if (deleted.ok() || deleted.error().code != "job_result.still_running") return;
      refusal.set_value(deleted.error().message);
    });
  }
  EXPECT_NE(refusal.get_future().get().find("too many requests"), std::string::npos);
  finish(run);
  for (std::thread& caller : callers) caller.join();
}

TEST_F(CancelTest, SaysThatARunHasNotEndedInTime) {
  start();
  const auto deleted =
      delete_result(home_.storage(), queued_.id, owner_, std::chrono::milliseconds(5));
  ASSERT_FALSE(deleted.ok());
  EXPECT_EQ(deleted.error().code, "job_result.still_running");
  const auto result = home_.storage().results().get(queued_.id);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->cancel_requested_at.has_value());
}

}  // namespace
}  // namespace windlass::engine
