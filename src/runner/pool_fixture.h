#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/event_loop.h"
#include "base/files.h"
#include "runner/pool.h"

namespace windlass::runner {

/// Holds a run and writes down what it reports. Waiting is for test threads, never for the loop.
class Recorder final : public RunObserver {
 public:
  explicit Recorder(EventLoop& loop) : loop_(loop) {}
  ~Recorder() override;

  void on_started(const std::string& version, std::int64_t pid,
                  const std::string& warning) override;
  void on_frame(json::object frame) override;
  void on_console(bool is_stderr, std::string_view bytes) override;
  void on_ended(RunEnd end) override;

  /// Waits for the end of the run. A test failure and a default RunEnd when it does not come.
  RunEnd& wait_end(int seconds = 10);
  /// Waits for a log entry with this message.
  bool wait_log(const std::string& message, int seconds = 10);
  bool wait_for(const std::function<bool()>& condition, int seconds = 10);
  bool wait_started(int seconds = 10);
  /// Messages of log frames so far.
  std::vector<std::string> logs();
  std::string output(bool is_stderr = false);
  /// Calls something of the run, on the loop.
  void tell(const std::function<void(Run&)>& what);

  std::unique_ptr<Run> run;  ///< loop only
  // Guarded by `mutex`, but for reading after the end.
  std::mutex mutex;
  bool started = false;
  bool ended = false;
  int ends = 0;
  std::string version;
  std::int64_t pid = 0;
  std::string warning;
  std::vector<json::object> frames;
  std::string console[2];
  std::size_t console_bytes = 0;
  bool keep_console = true;
  RunEnd end;
  std::function<void(Recorder&)> when_ended;            ///< called on the loop, last
  std::function<void(const json::object&)> when_frame;  ///< called on the loop

 private:
  EventLoop& loop_;
  std::condition_variable changed_;
};

/// A Pool with the real Python SDK and job files that the test writes. Set options_ before anything
/// else is used.
class PoolHost {
 public:
  PoolHost();
  ~PoolHost();

  /// Writes a module of the job sources.
  void write_module(const std::string& name, const std::string& text);
  /// The modules written so far as a version.
  VersionSpec version(const std::string& id = "v1") const;
  Result<Manifest> load(const std::string& id = "v1", int seconds = 20);
  Result<Manifest> load(const VersionSpec& spec, int seconds = 20);
  /// load() and serve(); every module has to import.
  void serve(const std::string& id = "v1");
  Recorder& start(const std::string& class_path, json::object inputs = {},
                  const std::function<void(RunSpec&)>& change = nullptr);
  /// Runs one to its end.
  RunEnd& run(const std::string& class_path, json::object inputs = {});
  void on_loop(const std::function<void()>& what) { loop_.call(what); }
  std::size_t active();
  Pool& pool();
  /// The module of a manifest.
  static json::object module_of(const Manifest& manifest, const std::string& name);

  PoolOptions options_;
  EventLoop loop_{"test"};
  SystemClock clock_;
  TemporaryFolder jobs_ = TemporaryFolder::make().value();
  TemporaryFolder vendor_ = TemporaryFolder::make().value();
  std::vector<std::string> modules_;
  std::unique_ptr<Pool> pool_;
  std::vector<std::unique_ptr<Recorder>> recorders_;
};

class PoolTest : public ::testing::Test, protected PoolHost {};

/// Whether a process runs; one that is dead but not reaped does not.
bool is_alive(pid_t pid);
/// Waits until it is dead.
bool wait_dead(pid_t pid, int seconds = 5);
std::string result_status(const RunEnd& end);

}  // namespace windlass::runner
