#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <mutex>

#include "storage/sqlite/readers.h"
#include "storage/sqlite/result_store.h"
#include "storage/sqlite/test_home.h"

namespace windlass::sqlite {
namespace {

/// A process of its own that does `body` and then ends; killed with the test.
class Child {
 public:
  explicit Child(const std::function<void(int pipe)>& body) {
    std::array<int, 2> ends{};
    WL_CHECK(::pipe(ends.data()) == 0, "no pipe");
    from_ = UniqueFd(ends[0]);
    UniqueFd to(ends[1]);
    pid_ = ::fork();
    if (pid_ == 0) {
      body(to.get());
      ::_exit(0);
    }
  }
  ~Child() {
    if (pid_ > 0) kill();
  }
  void kill() {
    ::kill(pid_, SIGKILL);
    wait();
  }
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return status;
  }
  /// The next thing that the child wrote, of this size; false at its end.
  bool read(void* out, std::size_t size) {
    return ::read(from_.get(), out, size) == static_cast<ssize_t>(size);
  }

 private:
  pid_t pid_ = -1;
  UniqueFd from_;
};

void tell(int pipe, const Uuid& id) {
  WL_CHECK(::write(pipe, id.bytes.data(), id.bytes.size()) == 16, "the test is gone");
}

TEST(Durability, WhatWasAcknowledgedSurvivesAKill) {
  const TestHome home;
  const SystemClock clock;
  std::vector<Uuid> acknowledged;
  for (int round = 0; round < 3; ++round) {
    Child child([&](int pipe) {
      const auto storage = home.open(clock);
      const Job job = round == 0 ? add_job(*storage) : storage->jobs().find_by_name("Job").value();
      while (true) tell(pipe, storage->results().enqueue(run_of(job, clock))->id);
    });
    Uuid id;
    for (int i = 0; i < 40 && child.read(id.bytes.data(), 16); ++i) acknowledged.push_back(id);
    child.kill();
    while (child.read(id.bytes.data(), 16)) acknowledged.push_back(id);
  }
  const auto storage = home.open(clock);
  ASSERT_GE(acknowledged.size(), 120u);
  for (const Uuid& id : acknowledged) EXPECT_TRUE(storage->results().get(id).ok());
  const std::int64_t count = storage->results().list({})->count;
  Query by_counting;
  by_counting.filters.push_back({"name", Filter::Is::kOneOf, {"Job"}});
  EXPECT_EQ(storage->results().list(by_counting)->count, count);
  EXPECT_EQ(home.connect().database().execAndGet("PRAGMA integrity_check").getString(), "ok");
}

TEST(Durability, AnotherProcessIsHeardOf) {
  const TestHome home;
  const SystemClock clock;
  Child child([&](int pipe) {
    const auto storage = home.open(clock);
    const Job job = add_job(*storage);
    std::mutex mutex;
    std::condition_variable changed;
    std::int64_t asked = 0;
    const auto subscription = storage->notifier().subscribe([&](const Notice& notice) {
      if (notice.kind != Notice::Kind::kCancel) return;
      const std::lock_guard lock(mutex);
      asked = notice.number;
      changed.notify_one();
    });
    tell(pipe, job.id);
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return asked == 42; });
    lock.unlock();
    tell(pipe, storage->results().enqueue(run_of(job, clock))->id);
  });
  Uuid id;
  ASSERT_TRUE(child.read(id.bytes.data(), 16));
  const auto storage = home.open(clock);
  std::mutex mutex;
  std::condition_variable changed;
  bool queued = false;
  const auto subscription = storage->notifier().subscribe([&](const Notice& notice) {
    const std::lock_guard lock(mutex);
    queued = queued || notice.kind == Notice::Kind::kQueued;
    changed.notify_one();
  });
  storage->notifier().notify({Notice::Kind::kCancel, 42});
  ASSERT_TRUE(child.read(id.bytes.data(), 16));
  std::unique_lock lock(mutex);
  EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(10), [&] { return queued; }));
  lock.unlock();
  EXPECT_TRUE(storage->results().get(id).ok());
  EXPECT_EQ(child.wait(), 0);
}

TEST(Durability, AFullDatabaseSaysSoAndKeepsNothingHalfWritten) {
  const TestHome home;
  const FakeClock clock;
  const auto storage = home.open(clock);
  const Job job = add_job(*storage);
  auto connection = std::make_unique<Connection>(home.options().database, Connection::Mode::kWrite);
  connection->execute("PRAGMA max_page_count = 120");
  Writer writer(std::move(connection), [](const std::vector<Notice>&) {});
  Readers readers(home.options().database, 1);
  SqliteResultStore results(writer, readers, clock, kDefaultLease,
                            [](const Uuid&) { return ok(); });
  std::int64_t stored = 0;
  Result<JobResult> last = results.enqueue(run_of(job, clock));
  for (; last.ok(); last = results.enqueue(run_of(job, clock))) ++stored;
  EXPECT_EQ(last.error().code, "storage.full");
  EXPECT_GT(stored, 0);
  EXPECT_EQ(storage->results().list({})->count, stored);
  EXPECT_EQ(home.connect().database().execAndGet("SELECT count(*) FROM event").getInt64(), stored);
  EXPECT_EQ(home.connect().database().execAndGet("SELECT max(number) FROM event").getInt64(),
            stored);
  EXPECT_TRUE(storage->results().enqueue(run_of(job, clock)).ok()) << "another writer has room";
}

TEST(Durability, AFailedCommitKeepsNothingHalfWritten) {
  const TestHome home;
  const SystemClock clock;
  Child child([&](int pipe) {
    const auto storage = home.open(clock);
    const Job job = add_job(*storage);
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{600'000, 600'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    char seen = 'x';
    for (int i = 0; i < 1000 && seen == 'x'; ++i) {
      const auto result = storage->results().enqueue(run_of(job, clock));
      if (!result.ok()) seen = result.error().code == "storage.failed" ? 'f' : '?';
    }
    WL_CHECK(::write(pipe, &seen, 1) == 1, "the test is gone");
  });
  char seen = 0;
  ASSERT_TRUE(child.read(&seen, 1));
  EXPECT_EQ(seen, 'f');
  child.wait();
  const auto storage = home.open(clock);
  EXPECT_EQ(home.connect().database().execAndGet("PRAGMA integrity_check").getString(), "ok");
  EXPECT_EQ(home.connect().database().execAndGet("SELECT count(*) FROM event").getInt64(),
            storage->results().list({})->count);
}

TEST(Durability, ALockedDatabaseIsBusyAndRecovers) {
  const TestHome home;
  const FakeClock clock;
  const auto first = home.open(clock);
  SqliteOptions options = home.options();
  options.patience = std::chrono::milliseconds(20);
  const auto storage = open_sqlite(options, clock).value();
  const Job job = add_job(*storage);
  Connection other = home.connect();
  {
    const Transaction transaction(other, kBeginImmediate);
    EXPECT_EQ(storage->results().enqueue(run_of(job, clock)).error().code, "storage.busy");
    EXPECT_EQ(storage->results().list({})->count, 0) << "reading goes on";
  }
  EXPECT_TRUE(storage->results().enqueue(run_of(job, clock)).ok());
}

TEST(Durability, ADamagedFileSaysSo) {
  const TestHome home;
  const FakeClock clock;
  write_new_file(home.options().database, std::string(8192, 'x'), 0600).value();
  EXPECT_EQ(open_sqlite(home.options(), clock).error().code, "storage.damaged");
}

TEST(Durability, ADamagedValueHidesNoOtherRecord) {
  const TestHome home;
  const FakeClock clock;
  const auto storage = home.open(clock);
  const Job job = add_job(*storage);
  const JobResult result = storage->results().enqueue(run_of(job, clock)).value();
  storage->results().enqueue(run_of(job, clock)).value();
  home.connect().execute("UPDATE job SET task_queues = '[not json', variables = 'x'");
  home.connect().execute("UPDATE job_result SET task_kwargs = '{' WHERE number = 1");
  const Job read = storage->jobs().get(job.id).value();
  EXPECT_EQ(read.name, job.name);
  EXPECT_EQ(to_text(read.task_queues) + to_text(read.variables), "[][]");
  EXPECT_EQ(storage->jobs().list({})->items.size(), 1u);
  EXPECT_EQ(storage->results().list({})->items.size(), 2u);
  EXPECT_EQ(storage->results().get(result.id)->name, job.name);
  EXPECT_TRUE(storage->jobs().modify(job.id, [](Job&) { return ok(); }).ok());
  EXPECT_EQ(storage->results().get(result.id)->status, JobResultStatus::kPending);
}

TEST(Durability, ADamagedIdIsAnError) {
  const TestHome home;
  const FakeClock clock;
  const auto storage = home.open(clock);
  add_job(*storage);
  home.connect().execute("UPDATE job SET id = 'x'");
  EXPECT_EQ(storage->jobs().list({}).error().code, "storage.damaged");
  EXPECT_TRUE(storage->check().ok()) << "the connections go on serving";
}

Worker add_worker(Storage& storage, const Clock& clock) {
  Worker worker;
  worker.id = new_id(clock.now());
  worker.name = "host:1";
  worker.state = "ready";
  worker.queues = json::array{"default"};
  storage.workers().add(worker).value();
  return worker;
}

/// Claims one run at once.
class Eager final : public StandingClaim {
 public:
  explicit Eager(const Worker& worker) {
    request_.worker = worker.id;
    request_.worker_name = worker.name;
    request_.claim_limit = 1;
    request_.queues = {"default"};
  }
  std::optional<WorkRequest> offer(const std::string&) override { return request_; }
  void settled(const WorkRequest&, Result<WorkReply> reply) override {
    replies.push_back(std::move(reply));
  }
  std::vector<Result<WorkReply>> replies;

 private:
  WorkRequest request_;
};

TEST(Durability, AClaimThatFailsRefusesNoRun) {
  const TestHome home;
  const FakeClock clock;
  const auto storage = home.open(clock);
  const Job job = add_job(*storage);
  const Worker worker = add_worker(*storage, clock);
  Eager eager(worker);
  const auto stand = storage->results().stand_by(eager);
  home.connect().execute(
      "CREATE TRIGGER no_leases BEFORE INSERT ON job_lease BEGIN SELECT RAISE(ABORT, 'no'); END");
  const JobResult result = storage->results().enqueue(run_of(job, clock)).value();
  ASSERT_EQ(eager.replies.size(), 1u);
  EXPECT_EQ(eager.replies[0].error().code, "storage.failed");
  EXPECT_EQ(storage->results().get(result.id)->status, JobResultStatus::kPending);
  home.connect().execute("DROP TRIGGER no_leases");
  NewRun large = run_of(job, clock);
  large.files = {{"file", "a.txt", false, "content"}};
  storage->results().enqueue(large).value();
  EXPECT_EQ(eager.replies.size(), 1u) << "who opens files takes the time for it, not who submits";
  storage->results().enqueue(run_of(job, clock)).value();
  ASSERT_EQ(eager.replies.size(), 2u);
  EXPECT_EQ(eager.replies[1]->claimed.at(0).result.number, result.number);
}

TEST(Durability, ADamagedRunEndsAndHoldsUpNoOther) {
  const TestHome home;
  const FakeClock clock;
  const auto storage = home.open(clock);
  const Job job = add_job(*storage);
  const JobResult damaged = storage->results().enqueue(run_of(job, clock)).value();
  const JobResult sound = storage->results().enqueue(run_of(job, clock)).value();
  home.connect().execute("UPDATE job_result SET task_kwargs = '{' WHERE number = 1");
  const Worker worker = add_worker(*storage, clock);
  WorkRequest request;
  request.worker = worker.id;
  request.worker_name = worker.name;
  request.claim_limit = 5;
  request.queues = {"default"};
  const WorkReply reply = storage->results().exchange(request).value();
  ASSERT_EQ(reply.claimed.size(), 1u);
  EXPECT_EQ(reply.claimed[0].result.id, sound.id);
  const JobResult ended = storage->results().get(damaged.id).value();
  EXPECT_EQ(ended.status, JobResultStatus::kFailure);
  EXPECT_EQ(ended.reason_code, "damaged");
  EXPECT_EQ(ended.error_log_count, 1);
  EventQuery events;
  events.number = damaged.number;
  const auto history = storage->events().list(events).value();
  EXPECT_EQ(static_cast<std::int64_t>(history.size()), ended.last_sequence) << "no gap";
  EXPECT_EQ(history.back().level, "FAILURE");
}

}  // namespace
}  // namespace windlass::sqlite
