#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "base/files.h"
#include "base/sealing_key.h"
#include "runner/fake_runner.h"
#include "storage/sqlite/open.h"
#include "worker/questions.h"
#include "worker/worker.h"

namespace windlass::worker {

/// Lets a test wait for anything that several threads bring about: they poke, the test looks again.
class Changes {
 public:
  void poke() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  /// Looks after every poke until `condition` holds; false after half a minute.
  bool wait(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    std::unique_lock lock(mutex_);
    while (true) {
      const std::uint64_t seen = count_;
      lock.unlock();
      if (condition()) return true;
      lock.lock();
      if (!changed_.wait_until(lock, deadline, [&] { return count_ != seen; })) return false;
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t count_ = 0;
};

/// Results that fail, wait or are watched as the test wishes, before the real ones. Thread-safe.
class TroubledResults final : public ResultStore {
 public:
  TroubledResults(ResultStore& real, Changes& changes) : real_(real), changes_(changes) {}

  /// Whether the worker that starts next may claim without an exchange.
  bool stands_by = false;
  StandingClaim* standing = nullptr;  ///< that worker

  /// Every exchange fails with this code, until "".
  void fail(const std::string& code) {
    const std::lock_guard lock(mutex_);
    failing_ = code;
  }
  /// Exchanges wait until let_go().
  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    released_.notify_all();
  }
  std::vector<WorkRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  Result<WorkReply> exchange(const WorkRequest& request) override {
    {
      std::unique_lock lock(mutex_);
      requests_.push_back(request);
      changes_.poke();
      released_.wait(lock, [this] { return !held_; });
      if (!failing_.empty()) return Error{failing_, "The database does not answer."};
    }
    return real_.exchange(request);
  }
  Result<JobResult> enqueue(const NewRun& run) override { return real_.enqueue(run); }
  std::unique_ptr<StandingClaim::Stand> stand_by(StandingClaim& claim) override {
    if (!stands_by) return nullptr;
    standing = &claim;
    return real_.stand_by(claim);
  }
  Result<JobResult> get(const Uuid& id) override { return real_.get(id); }
  Result<JobResult> get_by_number(std::int64_t number) override {
    return real_.get_by_number(number);
  }
  Result<std::vector<InputFile>> input_files(std::int64_t number,
                                             std::int64_t lease_token) override {
    return real_.input_files(number, lease_token);
  }
  Result<std::int64_t> reseal(
      const std::function<Result<std::string>(const std::string& sealed)>& change) override {
    return real_.reseal(change);
  }
  Result<Page<JobResult>> list(const Query& query) override { return real_.list(query); }
  Result<std::optional<JobResult>> newest_of(const Uuid& git_repository,
                                             std::string_view task_name) override {
    return real_.newest_of(git_repository, task_name);
  }
  Result<std::vector<Uuid>> idle_of_repositories(std::string_view task_name, std::int64_t keep,
                                                 std::int64_t limit) override {
    return real_.idle_of_repositories(task_name, keep, limit);
  }
  Result<JobResult> request_cancel(const Uuid& id, const std::string& by) override {
    return real_.request_cancel(id, by);
  }
  Result<void> remove(const Uuid& id) override { return real_.remove(id); }
  Result<std::vector<SettledRun>> settle_expired() override { return real_.settle_expired(); }
  Result<std::vector<SettledRun>> settle_worker(const Uuid& worker,
                                                const std::string& reason) override {
    return real_.settle_worker(worker, reason);
  }
  Result<Counts> counts() override { return real_.counts(); }
  Result<std::vector<EndedRuns>> ended(TimePoint from, TimePoint to) override {
    return real_.ended(from, to);
  }
  Result<std::vector<JobLoad>> busiest_jobs(TimePoint from, std::int64_t limit) override {
    return real_.busiest_jobs(from, limit);
  }
  Result<std::vector<JobResult>> newest_failures(TimePoint from, std::int64_t limit) override {
    return real_.newest_failures(from, limit);
  }
  Result<std::vector<JobResult>> ended_between(TimePoint from, TimePoint to,
                                               std::int64_t limit) override {
    return real_.ended_between(from, to, limit);
  }

 private:
  ResultStore& real_;
  Changes& changes_;
  mutable std::mutex mutex_;
  std::condition_variable released_;
  std::string failing_;
  bool held_ = false;
  std::vector<WorkRequest> requests_;
};

class TroubledStorage final : public Storage {
 public:
  TroubledStorage(Storage& real, Changes& changes)
      : real_(real), troubled(real.results(), changes) {}
  JobStore& jobs() override { return real_.jobs(); }
  ResultStore& results() override { return troubled; }
  EventStore& events() override { return real_.events(); }
  AccountStore& accounts() override { return real_.accounts(); }
  WorkerStore& workers() override { return real_.workers(); }
  QueueStore& queues() override { return real_.queues(); }
  FileStore& files() override { return real_.files(); }
  GitRepositoryStore& git_repositories() override { return real_.git_repositories(); }
  Notifier& notifier() override { return real_.notifier(); }
  Result<void> migrate() override { return real_.migrate(); }
  Result<void> check() override { return real_.check(); }

 private:
  Storage& real_;

 public:
  TroubledResults troubled;
};

/// A worker over the real embedded database and a runner without processes. Runs succeed at once
/// unless the test says otherwise. The clock stands still unless a test moves it.
class WorkerTest : public ::testing::Test {
 protected:
  WorkerTest() {
    storage->migrate().value();
    subscription = storage->notifier().subscribe([this](const Notice&) { changes.poke(); });
    job.id = new_id(clock.now());
    job.class_path = "group.Work";
    job.module_name = "group";
    job.job_class_name = job.name = "Work";
    job.created = job.last_updated = clock.now();
    storage->jobs()
        .update_all([&](const std::vector<Job>&) -> Result<std::vector<Job>> {
          return std::vector<Job>{job};
        })
        .value();
    user.id = new_id(clock.now());
    user.username = "admin";
    storage->accounts().add_user(user).value();
    options.record.id = new_id(clock.now());
    options.record.name = "host:1";
    options.record.hostname = "host";
    options.record.queues = json::array{"default"};
    options.record.slots = 2;
    options.flush_after = Micros(0);
    runner.on_start([](runner::FakeRun& run) { run.succeed(); });
    runner.on_stop([](runner::FakeRun& run) { run.be_killed(); });
  }
  ~WorkerTest() override {
    troubled.troubled.fail("");
    troubled.troubled.let_go();
    worker.reset();
    subscription.reset();
  }

  void start_worker() {
    worker = std::make_unique<JobWorker>(options, loop, runner, troubled, key, clock);
    const Result<void> started = worker->start();
    ASSERT_TRUE(started.ok()) << started.error().message;
  }
  JobResult enqueue(json::value kwargs = json::object{}, const std::string& sealed = "") {
    NewRun run;
    run.id = new_id(clock.now());
    run.job = job.id;
    run.name = job.name;
    run.task_name = job.class_path;
    run.user = user.id;
    run.queue = queue;
    run.task_kwargs = std::move(kwargs);
    run.sealed_inputs = sealed;
    return storage->results().enqueue(run).value();
  }
  JobResult read(const JobResult& run) { return storage->results().get(run.id).value(); }
  /// Waits for the run's end.
  JobResult finished(const JobResult& run) {
    EXPECT_TRUE(changes.wait([&] { return is_final(read(run).status); }));
    return read(run);
  }
  std::vector<Event> events(const JobResult& run, std::vector<EventKind> kinds = {}) {
    EventQuery query;
    query.number = run.number;
    query.kinds = std::move(kinds);
    query.limit = 100'000;
    return storage->events().list(query).value();
  }
  /// "level grouping: message" of each log entry.
  std::vector<std::string> log_of(const JobResult& run) {
    std::vector<std::string> lines;
    for (const Event& event : events(run, {EventKind::kLog})) {
      lines.push_back(event.level + " " + event.grouping + ": " + event.message);
    }
    return lines;
  }
  std::vector<std::string> console_of(const JobResult& run) {
    std::vector<std::string> lines;
    for (const Event& event : events(run, {EventKind::kConsole}))
      lines.push_back(event.level + ": " + event.message);
    return lines;
  }
  /// Runs do what the test says, one by one.
  void runs_wait() { runner.on_start(nullptr); }
  bool wait_started(std::size_t count) {
    return runner.wait_until([&] { return runner.started() >= count; });
  }
  runner::FakeRun& the_run() { return runner.wait_for_run(0); }
  /// Makes the worker's thread look at the clock again.
  void nudge() { storage->notifier().notify({Notice::Kind::kCancel, 0}); }

  TemporaryFolder folder = TemporaryFolder::make().value();
  Changes changes;
  FakeClock clock;
  std::unique_ptr<Storage> storage =
      open_sqlite({folder.path() / "db.sqlite3", folder.path() / "files", folder.path() / "wake"},
                  clock)
          .value();
  TroubledStorage troubled{*storage, changes};
  SealingKey key = SealingKey::load_or_create(folder.path() / "key").value();
  EventLoop loop{"test-loop"};
  runner::FakeRunner runner{loop};
  std::unique_ptr<Notifier::Subscription> subscription;
  WorkerOptions options;
  Job job;
  User user;
  std::string queue = "default";
  std::unique_ptr<JobWorker> worker;
};

}  // namespace windlass::worker
