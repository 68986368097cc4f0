#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/event_loop.h"
#include "runner/runner.h"

namespace windlass::runner {

/// The test's side of a run of a FakeRunner: says what the job does, and tells what it was told.
/// Owned by the FakeRunner. Callable from any thread; what the job does has reached the observer
/// when the call returns (or, while the run is paused, waits for resume()).
class FakeRun {
 public:
  // What the job does.
  void start(const std::string& version = "v1", std::int64_t pid = 4711,
             const std::string& warning = "");
  void frame(json::object frame);
  /// A `log` frame.
  void log(const std::string& level, const std::string& message);
  void console(bool is_stderr, const std::string& bytes);
  /// The end, whatever it is; paused or not.
  void end(RunEnd end);
  /// Ends with a `result` frame; start() is called first when it was not.
  void succeed(json::value result = nullptr);
  /// Ends with a `result` frame of status FAILURE.
  void fail(const std::string& reason, json::value result = nullptr,
            const std::string& traceback = "");
  /// Ends as a run does that was killed for the first reason that stop() or kill() gave.
  void be_killed();

  // What it was told.
  const RunSpec& spec() const { return spec_; }
  std::vector<StopReason> stops() const;
  std::vector<StopReason> kills() const;
  std::vector<json::object> sent() const;
  bool is_paused() const;
  bool has_ended() const;

 private:
  friend class FakeRunner;
  class Handle;
  FakeRun(class FakeRunner& runner, RunSpec spec, RunObserver& observer);
  /// On the loop, in order; put off while paused.
  void act(std::function<void()> action);
  void flush();

  FakeRunner& runner_;
  const RunSpec spec_;
  RunObserver* observer_;
  bool started_ = false;
  bool paused_ = false;
  bool ended_ = false;
  std::deque<std::function<void()>> put_off_;
  std::vector<StopReason> stops_;
  std::vector<StopReason> kills_;
  std::vector<json::object> sent_;
};

/// A Runner without processes: the test decides what each run does, by a script for all of them
/// (on_start) or one by one (wait_for_run). Methods that Runner does not declare may be called from
/// any thread. Outlives its runs.
class FakeRunner final : public Runner {
 public:
  using Script = std::function<void(FakeRun&)>;
  explicit FakeRunner(EventLoop& loop);
  ~FakeRunner() override;

  void load(const VersionSpec& version, std::function<void(Result<Manifest>)> done) override;
  void serve(const std::string& version, const SourceVersions& sources = {}) override;
  void expect_version(Micros at_most) override;
  std::unique_ptr<Run> start(RunSpec spec, RunObserver& observer) override;
  std::size_t active() const override;

  /// Called on the loop, soon after each start(); from then on, for runs that start later.
  void on_start(Script script);
  /// Called on the loop after each stop() or kill() of a run.
  void on_stop(Script script);
  /// What load() answers; without it, a manifest without modules.
  void on_load(std::function<Result<Manifest>(const VersionSpec&)> answer);

  /// The run that was started as the `index`-th, from 0. Waits for it; ends the program when it
  /// does not come in time.
  FakeRun& wait_for_run(std::size_t index, Micros at_most = std::chrono::seconds(10));
  /// Waits until the condition holds; looks at it whenever something was asked of the runner. False
  /// when it did not in time.
  bool wait_until(const std::function<bool()>& condition,
                  Micros at_most = std::chrono::seconds(10));
  std::size_t started() const;
  std::vector<VersionSpec> loaded() const;
  /// Versions that serve() named, in order.
  std::vector<std::string> served() const;
  /// What the last serve() said of sources.
  SourceVersions served_sources() const;
  std::vector<Micros> expected() const;

 private:
  friend class FakeRun;
  void changed();
  void run_stop_script(FakeRun& run);

  EventLoop& loop_;
  mutable std::recursive_mutex
      mutex_;  ///< conditions of wait_until() look at runs, which lock it again
  std::condition_variable_any changed_;
  Script script_;
  Script stop_script_;
  std::function<Result<Manifest>(const VersionSpec&)> load_answer_;
  std::vector<std::unique_ptr<FakeRun>> runs_;
  std::size_t active_ = 0;
  std::vector<VersionSpec> loaded_;
  std::vector<std::string> served_;
  SourceVersions served_sources_;
  std::vector<Micros> expected_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace windlass::runner
