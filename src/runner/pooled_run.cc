#include "runner/pooled_run.h"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>

#include "base/log.h"
#include "runner/child.h"
#include "runner/pool_core.h"

namespace windlass::runner {

namespace {

constexpr Micros kNever = Micros::max();
/// A dying process closes its socket a little before its end is told.
constexpr Micros kExitGrace = std::chrono::seconds(1);
constexpr Micros kKillAgain = std::chrono::milliseconds(1);
constexpr Micros kInterruptAgain = std::chrono::milliseconds(50);

constexpr const char* kFreshWarning =
    "Importing this version of the job code starts threads, so each run gets a new interpreter "
    "that imports it again. "
    "Starts are quicker when modules start their threads in run().";

const char* frame_reason(StopReason reason) {
  switch (reason) {
    case StopReason::kDrain:
      return "drain";
    case StopReason::kSoftTimeLimit:
      return "soft_time_limit";
    default:
      return "cancelled";
  }
}

}  // namespace

PooledRun::PooledRun(PoolCore& core, RunSpec spec, RunObserver& observer)
    : core_(&core),
      spec_(std::move(spec)),
      observer_(observer),
      soft_at_(kNever),
      hard_at_(kNever),
      closed_at_(kNever) {}

PooledRun::~PooledRun() {
  WL_CHECK(state_ == State::kEnded, "a Run may be destroyed after on_ended only");
}

// ---------------------------------------------------------------- start

void PooledRun::begin(Child& child) {
  state_ = State::kRunning;
  child_ = &child;
  const bool first = child.runs_begun() == 0;
  if (!core_->may_reuse(child)) spec_.frame["last"] = true;
  child.begin(*this, spec_.frame, std::move(spec_.files));
  const Micros now = core_->clock().steady();
  if (spec_.soft_time_limit > Micros(0)) soft_at_ = now + spec_.soft_time_limit;
  if (spec_.time_limit > Micros(0)) hard_at_ = now + spec_.time_limit;
  if (!first) cpu_before_ = cpu_seconds(child.process().pid());
  child.set_paused(paused_);
  core_->put_off(*this);
}

void PooledRun::refuse(std::string message) {
  if (end_.message.empty()) end_.message = std::move(message);
  end_.how = end_.stopped ? RunEnd::How::kKilled : RunEnd::How::kStartFailed;
  core_->put_off(*this);
}

void PooledRun::catch_up() {
  if (state_ == State::kWaiting) {
    complete();
  } else {
    tell_started();
  }
}

void PooledRun::tell_started() {
  if (told_started_ || child_ == nullptr) return;
  told_started_ = true;
  const Version& version = *child_->version();
  observer_.on_started(source_version(version, get_string(spec_.frame, "class_path")),
                       child_->process().pid(), version.fresh() ? kFreshWarning : "");
}

// ---------------------------------------------------------------- what the job says

void PooledRun::frame(json::object frame) {
  tell_started();
  if (have_result_) return;
  const std::string_view type = to_view(frame.at("type").get_string());
  if (type == "result") {
    take_result(std::move(frame));
  } else if (type == "log" || type == "progress" || type == "file" || type == "ask") {
    observer_.on_frame(std::move(frame));
  } else {
    ++end_.unreadable_frames;
  }
}

void PooledRun::console(bool is_stderr, std::string_view bytes) {
  tell_started();
  observer_.on_console(is_stderr, bytes);
}

void PooledRun::take_result(json::object frame) {
  have_result_ = true;
  end_.how = RunEnd::How::kResult;
  const bool child_agrees = get_bool(frame, "reusable", true);
  end_.result = std::move(frame);
  if (state_ != State::kRunning) return;  // it is being ended, which goes on
  child_->read_waiting_console();
  if (state_ != State::kRunning) return;  // told so by the observer
  if (!may_be_reused(child_agrees)) {
    end_processes();
    return;
  }
  const pid_t pid = child_->process().pid();
  end_.cpu_seconds = std::max(0.0, cpu_seconds(pid) - cpu_before_);
  end_.peak_memory = std::max(end_.peak_memory, resident_memory(pid).bytes);
  complete();
}

bool PooledRun::may_be_reused(bool child_agrees) const {
  if (!core_->may_reuse(*child_) || !child_agrees || end_.stopped) return false;
  const Household household = look_at(child_->process().pid());
  return household.threads > 0 && household.threads <= child_->version()->threads &&
         !household.children;
}

void PooledRun::channel_closed() {
  if (state_ == State::kRunning && !have_result_) closed_at_ = core_->clock().steady();
}

// ---------------------------------------------------------------- what the host says

void PooledRun::stop(StopReason reason) {
  if (reason == StopReason::kTimeLimit || reason == StopReason::kMemoryLimit) {
    kill(reason);
    return;
  }
  if (state_ == State::kEnded) return;
  set_reason(reason);
  if (state_ == State::kWaiting) {
    refuse("The run was stopped before it began.");
  } else if (state_ == State::kRunning) {
    send_cancel(reason);
    const Micros latest = core_->clock().steady() + core_->options().cancel_grace;
    if (latest < hard_at_) {
      hard_at_ = latest;
      hard_reason_ = reason;
      core_->look_at_runs_by(latest);
    }
  }
}

void PooledRun::kill(StopReason reason) {
  if (state_ == State::kEnded) return;
  set_reason(reason);
  if (state_ == State::kWaiting) {
    refuse("The run was stopped before it began.");
  } else if (state_ == State::kRunning) {
    killed_ = true;
    if (!have_result_) end_.how = RunEnd::How::kKilled;
    end_processes();
  }
}

/// The first reason given wins; but a soft limit that the job lives through gives way to what ends
/// it.
void PooledRun::set_reason(StopReason reason) {
  if (end_.stopped && end_.stop_reason != StopReason::kSoftTimeLimit) return;
  end_.stopped = true;
  end_.stop_reason = reason;
}

void PooledRun::send_cancel(StopReason reason) {
  child_->send({{"type", "cancel"}, {"reason", frame_reason(reason)}});
  interrupt(kInterruptAgain);
}

/// A signal that comes just before a blocking system call does not interrupt it: a few more follow,
/// farther and farther apart.
void PooledRun::interrupt(Micros next) {
  child_->process().signal(SIGUSR1);
  if (next >= core_->options().cancel_grace) return;
  interrupt_again_ = core_->loop().after(next, [this, next] {
    const auto keep = std::move(interrupt_again_);
    if (state_ == State::kRunning && !have_result_) interrupt(next * 4);
  });
}

void PooledRun::send(const json::object& frame) {
  if (state_ != State::kRunning) return;
  if (!child_->send(frame)) channel_closed();  // it answers nothing that it is sent
}

void PooledRun::pause() {
  paused_ = true;
  if (child_ != nullptr) child_->set_paused(true);
}

void PooledRun::resume() {
  paused_ = false;
  if (child_ != nullptr) child_->set_paused(false);
}

// ---------------------------------------------------------------- limits

void PooledRun::check(Micros now) {
  if (state_ != State::kRunning) return;
  if (closed_at_ != kNever && now >= closed_at_ + kExitGrace) {
    if (!have_result_) end_.how = RunEnd::How::kChannelClosed;
    end_processes();
    return;
  }
  if (now >= hard_at_) {
    kill(hard_reason_);
    return;
  }
  if (now >= soft_at_) {
    soft_at_ = kNever;
    if (!end_.stopped) {
      set_reason(StopReason::kSoftTimeLimit);
      send_cancel(StopReason::kSoftTimeLimit);
    }
  }
  sample_memory();
}

Micros PooledRun::next_deadline() const {
  if (state_ != State::kRunning) return kNever;
  return std::min({soft_at_, hard_at_, closed_at_ == kNever ? kNever : closed_at_ + kExitGrace});
}

void PooledRun::sample_memory() {
  const pid_t pid = child_->process().pid();
  TreeMemory memory = resident_memory(pid);
  // Resident sizes count shared memory once a process: before they are believed of a tree, the
  // exact sum is taken.
  const bool tells = memory.bytes > end_.peak_memory ||
                     (spec_.memory_limit > 0 && memory.bytes > spec_.memory_limit);
  if (memory.processes > 1 && tells) memory = proportional_memory(pid);
  end_.peak_memory = std::max(end_.peak_memory, memory.bytes);
  if (spec_.memory_limit > 0 && memory.bytes > spec_.memory_limit) kill(StopReason::kMemoryLimit);
}

// ---------------------------------------------------------------- end

void PooledRun::end_processes() {
  if (state_ != State::kRunning) return;
  state_ = State::kClearing;
  child_->parent().expect_exit(*child_, core_->clock().steady());
  const pid_t pid = child_->process().pid();
  if (look_at(pid).children) {
    tree_.emplace(pid);
    clear_descendants();
    return;
  }
  // What it forks between this look and its death falls to its parent, which ends that before it
  // tells of the death.
  state_ = State::kDying;
  child_->process().signal(SIGKILL);
}

void PooledRun::clear_descendants() {
  if (tree_->step()) {
    again_ = core_->loop().after(kKillAgain, [this] { clear_descendants(); });
    return;
  }
  end_.leftovers = static_cast<int>(tree_->killed().size());
  state_ = State::kDying;
  child_->process().signal(SIGKILL);
}

void PooledRun::child_exited(const ChildExit& exit) {
  const bool unexpected = state_ == State::kRunning;
  state_ = State::kDying;
  again_.reset();
  if (tree_) end_.leftovers = static_cast<int>(tree_->killed().size());
  child_->drain();
  if (unexpected && !have_result_) {
    end_.how = RunEnd::How::kExited;
    end_.out_of_memory =
        WIFSIGNALED(exit.status) && WTERMSIG(exit.status) == SIGKILL && core_->memory_ran_out();
  }
  end_.wait_status = exit.status;
  end_.cpu_seconds = std::max(0.0, exit.cpu_seconds - cpu_before_);
  end_.peak_memory = std::max(end_.peak_memory, child_->runs_begun() == 1 ? exit.max_rss : 0);
  complete();
}

void PooledRun::runner_lost(std::string message) {
  const bool unexpected = state_ == State::kRunning;
  state_ = State::kDying;
  again_.reset();
  if (tree_) end_.leftovers = static_cast<int>(tree_->killed().size());
  child_->drain();
  if (unexpected && !have_result_) {
    end_.how = RunEnd::How::kRunnerLost;
    end_.out_of_memory = core_->memory_ran_out();
    end_.message = std::move(message);
  }
  complete();
}

void PooledRun::complete() {
  if (child_ != nullptr) {
    tell_started();
    end_.unreadable_frames += child_->unreadable_frames();
    if (end_.unreadable_frames > 0) {
      log::debug("a job sent frames that cannot be read",
                 {{"count", std::to_string(end_.unreadable_frames)}});
    }
    child_->end_run();
  }
  const bool child_lives = state_ == State::kRunning;
  interrupt_again_.reset();
  state_ = State::kEnded;
  core_->run_ended(*this, child_lives ? child_ : nullptr);
  child_ = nullptr;
  observer_.on_ended(std::move(end_));  // may destroy this
}

}  // namespace windlass::runner
