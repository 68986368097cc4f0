#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/event_loop.h"
#include "base/files.h"
#include "base/json.h"
#include "base/result.h"
#include "runner/frame.h"
#include "runner/process.h"
#include "runner/version.h"

namespace windlass::runner {

class Parent;
class PoolCore;
class PooledRun;

/// What a parent tells of a child that ended: the `exited` frame.
struct ChildExit {
  int status = 0;  ///< as wait4 gives it
  double cpu_seconds = 0;
  std::int64_t max_rss = 0;  ///< bytes
};

/// A process that runs jobs, from the moment that it is asked for: its run socket and its two
/// pipes. Owned by the Parent that forked it. Event loop only.
class Child {
 public:
  Child(PoolCore& core, Parent& parent, std::shared_ptr<Version> version, std::string name);

  /// Makes socket and pipes; gives the ends that go to the child: run socket, stdout, stderr. Error
  /// `runner.io`.
  Result<std::vector<UniqueFd>> open();
  /// The parent forked it.
  void forked(pid_t pid);

  /// Sends the files and the frame, and reports to `run` from now on.
  void begin(PooledRun& run, const json::object& frame, std::vector<UniqueFd> files);
  /// What comes from now on belongs to nobody and is dropped.
  void end_run() { run_ = nullptr; }
  bool send(const json::object& frame) { return socket_->send(frame); }
  /// While paused nothing is read.
  void set_paused(bool paused);
  /// Reads what the pipes hold at this moment.
  void read_waiting_console();
  /// Reads all that is left after the process has ended, paused or not.
  void drain();

  const std::string& name() const { return name_; }
  const Process& process() const { return process_; }
  bool is_forked() const { return process_.pid() > 0; }
  const std::shared_ptr<Version>& version() const { return version_; }
  Parent& parent() const { return parent_; }
  PooledRun* run() const { return run_; }
  int runs_begun() const { return runs_begun_; }
  int unreadable_frames() { return socket_->reader().unreadable(); }
  Micros asked_at{0};  ///< when the parent was asked for it
  Micros idle_since{0};

 private:
  struct Pipe {
    UniqueFd end;
    std::unique_ptr<EventLoop::Watch> watch;
  };
  void watch();
  /// False when nothing was there or the socket is at its end.
  bool read_frames();
  /// The number of bytes read, at most `most`; 0 when nothing is there now or ever.
  std::size_t read_console(int which, std::size_t most);

  PoolCore& core_;
  Parent& parent_;
  std::shared_ptr<Version> version_;
  std::string name_;
  Process process_;
  std::unique_ptr<FrameSocket> socket_;
  std::unique_ptr<EventLoop::Watch> socket_watch_;
  std::array<Pipe, 2> pipes_;
  bool socket_closed_ = false;
  PooledRun* run_ = nullptr;
  int runs_begun_ = 0;
};

}  // namespace windlass::runner
