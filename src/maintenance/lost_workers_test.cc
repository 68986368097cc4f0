#include "maintenance/lost_workers.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.h"
#include "base/process.h"
#include "storage/sqlite/open.h"

namespace windlass::maintenance {
namespace {

class LostWorkersTest : public ::testing::Test {
 protected:
  LostWorkersTest() {
    storage->migrate().value();
    job.id = new_id(clock.now());
    job.class_path = job.name = "group.Work";
    job.created = job.last_updated = clock.now();
    storage->jobs()
        .update_all([&](const std::vector<Job>&) -> Result<std::vector<Job>> {
          return std::vector<Job>{job};
        })
        .value();
  }

  /// A marker of a process of this machine that has ended.
  static std::string gone_marker() {
    const std::string own = instance_marker(new_id(from_micros(1)));
    const auto pid = own.find(':') + 1;
    const auto ticks = own.find(':', pid) + 1;
    return own.substr(0, ticks) + "1" + own.substr(own.find(':', ticks));
  }
  static std::string restarted_marker() { return "other-" + instance_marker(Uuid{}); }

  JobResult enqueue(const std::string& queue) {
    NewRun run;
    run.id = new_id(clock.now());
    run.job = job.id;
    run.name = run.task_name = "group.Work";
    run.queue = queue;
    return storage->results().enqueue(run).value();
  }
  /// A run that a worker with this marker has claimed.
  JobResult running_on(const std::string& marker, const std::string& host = "host") {
    JobResult run = enqueue("default");
    claim(marker, host, "default");
    return run;
  }
  /// Claims the one run that waits in the queue.
  std::pair<Worker, ClaimedRun> claim(const std::string& marker, const std::string& host,
                                      const std::string& queue) {
    Worker worker;
    worker.id = new_id(clock.now());
    worker.name = host + ":77";
    worker.hostname = host;
    worker.instance = marker;
    worker.queues = json::array{queue};
    worker.slots = 1;
    worker.state = "ready";
    worker.started = clock.now();
    storage->workers().add(worker).value();
    WorkRequest request;
    request.worker = worker.id;
    request.worker_name = worker.name;
    request.claim_limit = 1;
    request.queues = {queue};
    const WorkReply reply = storage->results().exchange(request).value();
    return {worker, reply.claimed.at(0)};
  }
  JobResult read(const JobResult& run) { return storage->results().get(run.id).value(); }
  EndLeftovers recorder() {
    return [this](const std::string& instance) {
      for (const JobResult& run : watched) statuses.push_back(read(run).status);
      ended.push_back(instance);
      return 1;
    };
  }
  int look(bool alone = false) {
    return settle_lost_workers(*storage, "host", alone, recorder()).value();
  }

  TemporaryFolder folder = TemporaryFolder::make().value();
  FakeClock clock;
  std::unique_ptr<Storage> storage =
      open_sqlite({folder.path() / "db", folder.path() / "files", folder.path() / "wake"}, clock)
          .value();
  Job job;
  std::vector<std::string> ended;
  std::vector<JobResult> watched;  ///< looked at while leftovers are ended
  std::vector<JobResultStatus> statuses;
};

TEST_F(LostWorkersTest, AWorkerThatWasKilledHereIsSettledAtOnce) {
  const std::string marker = gone_marker();
  const JobResult run = running_on(marker);
  watched = {run};
  EXPECT_EQ(look(), 1);
  const JobResult result = read(run);
  EXPECT_EQ(result.status, JobResultStatus::kFailure);
  EXPECT_EQ(result.reason_code, "worker_lost");
  EXPECT_EQ(result.reason, "Its worker host:77 is gone (killed or crashed).");
  EXPECT_EQ(ended, std::vector{marker});
  EXPECT_EQ(statuses, std::vector{JobResultStatus::kStarted})
      << "its processes are dead before its end is recorded";
  EXPECT_EQ(look(), 0);
  EXPECT_EQ(ended.size(), 1U);
}

TEST_F(LostWorkersTest, LivingWorkersAndThoseOfOtherMachinesAreLeftAlone) {
  const std::vector<JobResult> runs{running_on(instance_marker(Uuid{})),
                                    running_on(restarted_marker()),
                                    running_on(gone_marker(), "elsewhere")};
  EXPECT_EQ(look(), 0);
  EXPECT_TRUE(ended.empty());
  for (const JobResult& run : runs) EXPECT_EQ(read(run).status, JobResultStatus::kStarted);
}

TEST_F(LostWorkersTest, ALeaseThatRanOutIsSettledWherever) {
  const JobResult run = running_on(gone_marker(), "elsewhere");
  clock.advance(kDefaultLease + Micros(1));
  EXPECT_EQ(look(), 1);
  EXPECT_EQ(read(run).reason_code, "worker_lost");
  EXPECT_EQ(ended.size(), 1U) << "its process was of this machine under another name";
}

TEST_F(LostWorkersTest, TheServiceLooksByItselfAndStops) {
  const JobResult run = running_on(gone_marker());
  std::mutex mutex;
  std::condition_variable changed;
  bool settled = false;
  const auto subscription = storage->notifier().subscribe([&](const Notice&) {
    const std::lock_guard lock(mutex);
    settled = true;
    changed.notify_all();
  });
  LostWorkers duty(*storage, "host", std::chrono::hours(1), [](const std::string&) { return 0; });
  duty.wait();
  ASSERT_TRUE(duty.start().ok());
  ASSERT_TRUE(duty.start().ok());
  {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(30), [&] { return settled; }));
  }
  duty.stop();
  duty.stop();
  EXPECT_EQ(read(run).status, JobResultStatus::kFailure);
  LostWorkers unstarted(*storage, "host");
  unstarted.stop();
  EXPECT_TRUE(unstarted.start().ok());
  unstarted.wait();
}

TEST_F(LostWorkersTest, TheHolderOfTheHomeSettlesEarlierBootsToo) {
  const JobResult rebooted = running_on(restarted_marker());
  const JobResult killed = running_on(gone_marker());
  const JobResult alive = running_on(instance_marker(Uuid{}));
  EXPECT_EQ(look(true), 2);
  EXPECT_EQ(read(rebooted).reason_code, "worker_lost");
  EXPECT_EQ(read(killed).reason_code, "worker_lost");
  EXPECT_EQ(read(alive).status, JobResultStatus::kStarted);
}

TEST_F(LostWorkersTest, RunsOfKilledLocalCommandsAreEnded) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  const std::string queue = "local:" + std::to_string(child);
  const JobResult between_attempts = enqueue(queue);
  const auto [worker, claimed] = claim(instance_marker(Uuid{}), "host", queue);
  WorkRequest request;
  request.worker = worker.id;
  RunWrite& write = request.writes.emplace_back();
  write.number = claimed.result.number;
  write.lease_token = claimed.lease_token;
  write.outcome.emplace().status = JobResultStatus::kRetry;
  storage->results().exchange(request).value();
  const JobResult orphan = enqueue(queue);
  const JobResult own = enqueue("local:" + std::to_string(getpid()));
  const JobResult other = enqueue("local:x");
  const JobResult waiting = enqueue("default");
  EXPECT_EQ(look(true), 2);
  EXPECT_EQ(read(orphan).status, JobResultStatus::kRevoked);
  EXPECT_EQ(read(between_attempts).status, JobResultStatus::kRevoked);
  for (const JobResult& run : {own, other, waiting})
    EXPECT_EQ(read(run).status, JobResultStatus::kPending);
}

}  // namespace
}  // namespace windlass::maintenance
