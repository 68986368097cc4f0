#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "runner/output_log.h"
#include "runner/parent.h"
#include "runner/zygote.h"

namespace windlass::runner {

/// The interpreter that everything else is forked from: its start, its zygotes, and the fresh
/// children that it forks itself. Owned by PoolCore; event loop only.
class BaseProcess final : public Parent {
 public:
  /// Begins the start; PoolCore hears base_ready() or base_failed(). `control` and `output` are our
  /// ends.
  BaseProcess(PoolCore& core, UniqueFd control, UniqueFd output);
  ~BaseProcess() override;

  bool is_ready() const { return ready_ && !is_lost(); }
  /// What the spawner did. `keep`: a base that is lost by now still has to be reaped.
  void spawned(Result<pid_t> pid);
  /// Asks for a zygote that imports `version`. Errors `runner.io`, `runner.too_large`.
  Result<Zygote*> describe(std::shared_ptr<Version> version, Load& load);
  using Parent::lose;
  /// Goes on with the clearing-up after dead zygotes, or after this base. True while something is
  /// left to do.
  bool settle(Micros now);
  /// Everything below it is dead and told; it can be destroyed.
  bool is_settled() const { return settled_; }
  /// Zygotes that keep us waiting are killed, and this base when it does.
  void end_what_is_stuck(Micros now);

 private:
  void on_frame(std::string_view type, json::object frame) override;
  void on_lost() override;
  void take_hello(const json::object& frame);
  void fail(Error error);
  void settle_zygotes(Micros now);
  bool everything_ended();

  OutputLog output_;
  bool spawning_ = true;
  bool ready_ = false;
  bool failed_ = false;
  bool reaped_ = false;
  bool settled_ = false;
  int status_ = 0;
  std::map<std::string, std::unique_ptr<Zygote>> zygotes_;
  std::unique_ptr<EventLoop::Watch> end_watch_;
  std::unique_ptr<EventLoop::Timer> hello_timer_;
};

}  // namespace windlass::runner
