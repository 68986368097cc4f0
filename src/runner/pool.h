#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/event_loop.h"
#include "runner/runner.h"

namespace windlass::runner {

struct PoolOptions {
  std::string python = "python3";  ///< interpreter of sources that name none: a name on PATH or a
                                   ///< path
  std::filesystem::path sdk;       ///< unpacked Python package: holds windlass/
  std::filesystem::path vendor;    ///< netaddr and PyYAML; last on sys.path
  std::filesystem::path native_runner = {};  ///< program that loads modules in C++
  std::string instance;  ///< put into the environment of every process below as WL_RUNNER_INSTANCE,
                         ///< to find leftovers
  int spares = 2;        ///< children forked ahead
  bool reuse = false;    ///< a child serves several runs
  int runs_per_child = 100;                          ///< with reuse
  Micros import_timeout = std::chrono::seconds(30);  ///< a module
  Micros cancel_grace = std::chrono::seconds(10);    ///< between soft and hard stop
  Micros memory_sample = std::chrono::milliseconds(100);
  std::string job_user;                             ///< account that runs job code; "" for our own
  std::vector<std::string> environment;             ///< names passed on besides the built-in list
  Micros start_timeout = std::chrono::seconds(30);  ///< of an interpreter
  /// Between tries to start an interpreter that failed while others serve.
  Micros interpreter_retry = std::chrono::seconds(10);
  /// Called on the loop when such an interpreter can be used again: load() once more.
  std::function<void()> on_recovered = {};
};

/// Runs job code in processes of their own (spec/runner-protocol.md): base, zygotes, spare
/// children; a set of them for each interpreter that sources name, as long as a version needs it.
/// An interpreter that cannot be used disturbs no other. `loop` outlives the pool. stop() ends
/// every process and on_ended of each run before it returns.
class Pool final : public Runner {
 public:
  Pool(PoolOptions options, EventLoop& loop, const Clock& clock);
  ~Pool() override;
  /// Ends all runs (kDrain) and processes. Any thread but the loop's. Safe to call twice.
  void stop();

  void load(const VersionSpec& version, std::function<void(Result<Manifest>)> done) override;
  void serve(const std::string& version, const SourceVersions& sources = {}) override;
  void expect_version(Micros at_most) override;
  std::unique_ptr<Run> start(RunSpec spec, RunObserver& observer) override;
  std::size_t active() const override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Ends every process whose environment carries this instance marker, with all their descendants;
/// for what a killed worker of this machine left behind. Returns how many. Any thread.
int end_leftovers(const std::string& instance);

}  // namespace windlass::runner
