#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/event_loop.h"
#include "runner/child.h"
#include "runner/frame.h"
#include "runner/process.h"

namespace windlass::runner {

class PoolCore;

/// A process that forks children when asked: a zygote, or the base for fresh ones. Its control
/// socket and those children. Event loop only.
class Parent {
 public:
  Parent(PoolCore& core, UniqueFd control);
  virtual ~Parent();
  Parent(const Parent&) = delete;
  Parent& operator=(const Parent&) = delete;

  /// Asks for a child; PoolCore hears when it is there. `extra`: more members of the `fork` frame.
  /// Errors `runner.io`, `runner.too_large`.
  Result<Child*> fork(std::shared_ptr<Version> version, json::object extra = {});
  /// Kills it, with everything below.
  void kill();
  const Process& process() const { return process_; }
  bool is_lost() const { return lost_; }
  /// Whether some child has kept it waiting too long at `now`: it was asked for, or it is dead, and
  /// nothing was said.
  bool is_stuck(Micros now) const;
  /// Notes that this child is being killed: its end is to be told soon.
  void expect_exit(const Child& child, Micros now) { exits_due_.emplace(child.name(), now); }

 protected:
  /// A frame that is not about one of its children.
  virtual void on_frame(std::string_view type, json::object frame) = 0;
  /// The control socket has closed, or the process has ended.
  virtual void on_lost() = 0;

  /// Error `runner.too_large`: a frame with descriptors has to fit one message.
  Result<void> send_with(const json::object& frame, std::vector<UniqueFd> descriptors);
  /// on_lost(), once; its children are killed.
  void lose();
  bool children_ended() const;
  /// Ends what its children ran: they are dead with it.
  void settle_children(const std::string& message);

  PoolCore& core_;
  FrameSocket control_;
  Process process_;

 private:
  void read();
  void take(json::object frame);
  void child_exited(Child& child, const json::object& frame);

  std::unique_ptr<EventLoop::Watch> watch_;
  std::map<std::string, std::unique_ptr<Child>> children_;
  std::map<std::string, Micros> exits_due_;
  bool lost_ = false;
};

}  // namespace windlass::runner
