#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/event_loop.h"
#include "runner/process_tree.h"
#include "runner/runner.h"

namespace windlass::runner {

class Child;
class PoolCore;
struct ChildExit;

/// A run in a process of a pool.
///
///   waiting → running → clearing (descendants are killed) → dying (the child is killed) → ended
///
/// A reused child skips the last two when its run left nothing behind. Event loop only.
class PooledRun final : public Run {
 public:
  PooledRun(PoolCore& core, RunSpec spec, RunObserver& observer);
  ~PooledRun() override;

  void stop(StopReason reason) override;
  void kill(StopReason reason) override;
  void send(const json::object& frame) override;
  void pause() override;
  void resume() override;

  // Told by the pool.
  /// It waits in another pool from now on.
  void move_to(PoolCore& core) { core_ = &core; }
  std::string class_path() const { return get_string(spec_.frame, "class_path"); }
  /// Sends the run frame to a child.
  void begin(Child& child);
  /// It will not start; on_ended comes with the next turn of the loop.
  void refuse(std::string message);
  /// What was put off to the next turn of the loop: on_started, or on_ended of a run that never
  /// started.
  void catch_up();
  /// Limits, grace times, a closed channel, a memory sample.
  void check(Micros now);
  /// The child that it has had, or null.
  Child* child() const { return child_; }
  /// When check() is next due, but for sampling.
  Micros next_deadline() const;
  Micros held_until{0};  ///< a newer version is awaited at most until then

  // Told by the child.
  void frame(json::object frame);
  void console(bool is_stderr, std::string_view bytes);
  void channel_closed();
  void child_exited(const ChildExit& exit);
  /// The child is dead because its parent ended.
  void runner_lost(std::string message);

 private:
  enum class State { kWaiting, kRunning, kClearing, kDying, kEnded };

  void set_reason(StopReason reason);
  void send_cancel(StopReason reason);
  void interrupt(Micros next);
  void take_result(json::object frame);
  bool may_be_reused(bool child_agrees) const;
  void end_processes();
  void clear_descendants();
  void sample_memory();
  void complete();
  void tell_started();

  PoolCore* core_;
  RunSpec spec_;
  RunObserver& observer_;
  State state_ = State::kWaiting;
  Child* child_ = nullptr;
  bool told_started_ = false;
  bool paused_ = false;
  bool killed_ = false;
  bool have_result_ = false;
  RunEnd end_;

  Micros soft_at_;
  Micros hard_at_;
  StopReason hard_reason_ = StopReason::kTimeLimit;
  Micros closed_at_;
  double cpu_before_ = 0;
  std::optional<TreeEnd> tree_;
  std::unique_ptr<EventLoop::Timer> again_;
  std::unique_ptr<EventLoop::Timer> interrupt_again_;
};

}  // namespace windlass::runner
