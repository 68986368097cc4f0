#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "runner/base_process.h"
#include "runner/child.h"
#include "runner/frame.h"
#include "runner/load.h"
#include "runner/out_of_memory.h"
#include "runner/pool.h"
#include "runner/pooled_run.h"
#include "runner/spawn.h"
#include "runner/version.h"

namespace windlass::runner {

/// What a Pool does with one interpreter, on its event loop: which version serves, which run gets
/// which child, and when what is no longer needed ends. The processes and runs themselves are
/// classes of their own, which tell it what happens to them.
class PoolCore {
 public:
  PoolCore(PoolOptions options, EventLoop& loop, const Clock& clock, Spawner& spawner);
  ~PoolCore();

  // What Runner asks for.
  void load(const VersionSpec& version, Load::Done done);
  void serve(const std::string& version, const SourceVersions& sources);
  void expect_version(Micros at_most);
  std::unique_ptr<Run> start(RunSpec spec, RunObserver& observer);
  std::size_t active() const { return active_.size(); }
  /// Ends everything and calls back when nothing is left.
  void stop(std::function<void()> done);
  /// No run comes any more: does the same when the last one has ended.
  void end_when_idle(std::function<void()> done);

  // What the pools of several interpreters share out.
  /// Whether the version that serves has this class.
  bool serves(std::string_view class_path) const;
  /// Gives up the runs that have not begun; adopt() has another pool go on with each.
  std::vector<PooledRun*> take_waiting();
  void adopt(PooledRun& run);

  // What its parts share.
  const PoolOptions& options() const { return options_; }
  EventLoop& loop() { return loop_; }
  const Clock& clock() const { return clock_; }
  MessageBatch& run_batch() { return run_batch_; }
  MessageBatch& control_batch() { return control_batch_; }
  std::vector<char>& console_room() { return console_room_; }
  std::string next_name(char kind) { return kind + std::to_string(++names_); }
  /// Installed modules that the next base had better import before it forks.
  const json::array& preload() const { return preload_; }
  void forget_preload() { preload_.clear(); }

  // Told by the base and by loads.
  BaseProcess& base() { return *base_; }
  void base_ready();
  void base_failed(const Error& error);
  void base_lost();
  void begin_load(Load& load);
  void load_finished(Load& load, Result<Manifest> result, const Load::Done& done);

  // Told by parents of their children.
  void child_ready(Child& child);
  void child_failed(Child& child, const std::string& message);
  /// It has ended, or will with its parent.
  void child_gone(Child& child);
  void zygote_lost(Zygote& zygote);
  /// Something died: clear up behind it.
  void settle_soon();

  // Told and asked by runs.
  /// Calls the run's catch_up() with the next turn of the loop. A run that waits, waits no more.
  void put_off(PooledRun& run);
  /// `child` is alive and free again, or null.
  void run_ended(PooledRun& run, Child* child);
  bool may_reuse(const Child& child) const;
  /// Has check() called then, at the latest.
  void look_at_runs_by(Micros deadline);
  bool memory_ran_out() const { return out_of_memory_.rose(); }

 private:
  void need_base();
  void reload(const std::shared_ptr<Version>& version);
  void retire(const std::shared_ptr<Version>& version);
  void end_if_unused(Version& version);
  void end_child(Child& child);
  /// Gives waiting runs to idle children, and asks for children that are wanted.
  void assign();
  Child* take_idle(Version& version);
  void ask_for_children(std::size_t waiting);
  Result<Child*> fork_child(const std::shared_ptr<Version>& version);
  void refuse_waiting(const std::string& message);
  void work_soon();
  void do_put_off();
  void look_at_runs();
  void look_at_processes(Micros now);
  void settle();
  void advance_stop();
  void wait_for_child(PooledRun& run);

  const PoolOptions options_;
  EventLoop& loop_;
  const Clock& clock_;
  Spawner& spawner_;
  MessageBatch run_batch_;
  MessageBatch control_batch_;
  std::vector<char> console_room_;
  std::uint64_t names_ = 0;
  json::array preload_;
  OutOfMemoryWatch out_of_memory_;

  std::vector<std::unique_ptr<BaseProcess>> bases_;  ///< the one in use, and those being cleared up
  BaseProcess* base_ = nullptr;
  std::vector<std::unique_ptr<Load>> loads_;
  std::vector<std::shared_ptr<Version>> loaded_;  ///< could be served
  std::shared_ptr<Version> serving_;
  Micros expected_until_{0};

  std::unordered_set<PooledRun*> active_;
  std::deque<PooledRun*> waiting_;
  std::vector<PooledRun*> put_off_;
  bool work_posted_ = false;
  bool stopping_ = false;
  bool ends_when_idle_ = false;
  std::function<void()> stopped_;

  Micros look_at_{Micros::max()};
  Micros looked_at_processes_{0};
  std::unique_ptr<EventLoop::Timer> look_timer_;
  std::unique_ptr<EventLoop::Timer> hold_timer_;
  std::unique_ptr<EventLoop::Timer> reload_timer_;
  std::unique_ptr<EventLoop::Timer> settle_timer_;
  /// Callbacks that were posted hold this weakly, so that they find out that the pool is gone.
  std::shared_ptr<PoolCore*> alive_;
};

}  // namespace windlass::runner
