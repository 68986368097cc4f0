#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/event_loop.h"
#include "runner/runner.h"
#include "worker/exchange.h"
#include "worker/outcome.h"
#include "worker/questions.h"
#include "worker/recorder.h"
#include "worker/worker.h"

namespace windlass::worker {

/// What all runs of a worker share; outlives them.
struct RunContext {
  const WorkerOptions& options;
  EventLoop& loop;
  runner::Runner& runner;
  Exchange& exchange;
  Questions& questions;
  const Clock& clock;
};

/// One attempt of one run, from its claim to its outcome. Event loop only. Calls `ended` once, as
/// its last act; its owner destroys it later, not within the call.
class ActiveRun final : public runner::RunObserver {
 public:
  ActiveRun(RunContext& context, ClaimedRun claimed, std::function<void(ActiveRun&)> ended);
  /// Has the runner start; a run that cannot be started ends at once.
  void start(Result<RunInputs> inputs);
  std::int64_t number() const { return key_.number; }
  /// Ended, and another attempt is due.
  bool retries() const { return retries_; }

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
  void answer_question(const QuestionAnswer& answer);
  /// Ends a run that was never started.
  void refuse(std::string code, std::string sentence);

  void on_started(const std::string& version, std::int64_t pid,
                  const std::string& warning) override;
  void on_frame(json::object frame) override;
  void on_console(bool is_stderr, std::string_view bytes) override;
  void on_ended(runner::RunEnd end) override;

 private:
  /// Why a run is paused.
  enum Hold : unsigned { kLog = 1, kQuestions = 2 };

  void announce();
  void refuse_second();
  void refuse_inputs(const Error& error);
  void finish(Verdict verdict);
  bool take_file(json::object& frame);
  bool take_question(json::object frame);
  void hold_back(Hold why, bool crowded);
  void let_go(Hold why);
  void schedule_tick();

  RunContext& context_;
  const std::shared_ptr<const ClaimedRun> claimed_;
  const RunKey key_;
  const std::function<void(ActiveRun&)> tell_ended_;
  Sanitiser sanitiser_;  ///< knows the sensitive inputs once they are open
  Recorder recorder_;
  RunFacts facts_;
  std::unique_ptr<runner::Run> run_;
  std::unique_ptr<EventLoop::Timer> tick_;
  bool cancelled_ = false;
  bool abandoned_ = false;
  bool retries_ = false;
  unsigned held_ = 0;  ///< of Hold
  bool ended_ = false;
};

}  // namespace windlass::worker
