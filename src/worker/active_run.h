#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/crypto.h"
#include "base/event_loop.h"
#include "runner/runner.h"
#include "worker/exchange.h"
#include "worker/outcome.h"
#include "worker/recorder.h"
#include "worker/worker.h"

namespace windlass::worker {

/// What all runs of a worker share; outlives them.
struct RunContext {
  const WorkerOptions& options;
  EventLoop& loop;
  runner::Runner& runner;
  Exchange& exchange;
  const SealingKey& key;
  const Clock& clock;
  const Sanitiser& sanitiser;
};

/// One attempt of one run, from its claim to its outcome. Event loop only. Calls `ended` once, as
/// its last act; its owner destroys it later, not within the call.
class ActiveRun final : public runner::RunObserver {
 public:
  ActiveRun(RunContext& context, ClaimedRun claimed, std::function<void(ActiveRun&)> ended);
  /// Opens the inputs and has the runner start; a run that cannot be started ends at once.
  void start();
  std::int64_t number() const { return key_.number; }

  /// Soft, then hard. The first call counts.
  void cancel(const std::string& by);
  /// The worker stops: soft, then hard; `now` kills at once.
  void drain(bool now);
  /// The worker cannot hold its lease: kills; the outcome is `lease_lost`, if it can be written at
  /// all.
  void lose_lease();
  /// The run is no longer ours: kills, and nothing more is stored.
  void abandon();
  /// There is room again for what it reports.
  void relieve();
  void answer_file(const FileAnswer& answer);
  /// Ends a run that was never started.
  void refuse(std::string code, std::string sentence);

  void on_started(const std::string& version, std::int64_t pid,
                  const std::string& warning) override;
  void on_frame(json::object frame) override;
  void on_console(bool is_stderr, std::string_view bytes) override;
  void on_ended(runner::RunEnd end) override;

 private:
  Result<json::object> inputs() const;
  void announce();
  void finish(Verdict verdict);
  bool take_file(json::object& frame);
  void hold_back(bool crowded);
  void schedule_tick();

  RunContext& context_;
  const ClaimedRun claimed_;
  const RunKey key_;
  const std::function<void(ActiveRun&)> tell_ended_;
  Recorder recorder_;
  RunFacts facts_;
  std::unique_ptr<runner::Run> run_;
  std::unique_ptr<EventLoop::Timer> tick_;
  bool cancelled_ = false;
  bool abandoned_ = false;
  bool held_back_ = false;
  bool ended_ = false;
};

}  // namespace windlass::worker
