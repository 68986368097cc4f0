#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "base/event_loop.h"
#include "engine/choices.h"
#include "engine/questions.h"
#include "model/sanitiser.h"
#include "runner/runner.h"

namespace windlass::engine {

struct RunnerChoicesOptions {
  Micros time_limit = std::chrono::seconds(2);  ///< from the call to its end
  std::int64_t memory_limit = 0;  ///< bytes of the process and all it started; 0: none
  int at_once = 4;                ///< calls under way; others wait within their time
  int waiting = 8;                ///< of them; more are refused at once
};

/// Choices computed by a process that a runner starts for the call. What it logs, prints or tells
/// of its progress is dropped, a file that it creates is refused, and what it asks for objects is
/// answered. Loop, runner, storage and sanitiser outlive it; stop() comes before the loop's end.
/// Any thread but the loop's; each call blocks its own. Errors: `job.choices`.
class RunnerChoices final : public ChoiceSource {
 public:
  RunnerChoices(RunnerChoicesOptions options, EventLoop& loop, runner::Runner& runner,
                Storage& storage, const Sanitiser& sanitiser);
  ~RunnerChoices() override;
  Result<json::array> compute(const Job& job, const std::string& method,
                              const json::object& form) override;
  /// Ends the calls under way, waits for their ends, and refuses later ones. Safe to call twice.
  void stop();

 private:
  class Call;
  using Deadline = std::chrono::steady_clock::time_point;
  Result<std::shared_ptr<Call>> admit(const std::string& name, Deadline deadline);
  void release(const std::shared_ptr<Call>& call);

  const RunnerChoicesOptions options_;
  EventLoop& loop_;
  runner::Runner& runner_;
  const Sanitiser& sanitiser_;
  NoChoices none_;
  Questions questions_;  ///< of the code that computes: it may not have others compute in turn

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Call>> calls_;  ///< under way
  int waiting_ = 0;                           ///< for a place among them
  bool stopping_ = false;
};

}  // namespace windlass::engine
