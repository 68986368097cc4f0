// The part of PoolCore that brings runs and children together, and looks after both.
#include <signal.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "runner/pool_core.h"

namespace windlass::runner {

namespace {

constexpr Micros kProcessInterval = std::chrono::seconds(1);
/// Reused children beyond the spares are kept so long for the next burst of runs.
constexpr Micros kIdleLife = std::chrono::seconds(10);
/// Spares that die one after another are no longer replaced ahead of runs.
constexpr int kMaxIdleDeaths = 3;

}  // namespace

std::unique_ptr<Run> PoolCore::start(RunSpec spec, RunObserver& observer) {
  spec.frame.emplace("type", "run");
  auto run = std::make_unique<PooledRun>(*this, std::move(spec), observer);
  if (expected_until_ > clock_.steady()) run->held_until = expected_until_;
  wait_for_child(*run);
  return run;
}

void PoolCore::wait_for_child(PooledRun& run) {
  active_.insert(&run);
  if (stopping_) {
    run.refuse("The program is being stopped.");
    return;
  }
  waiting_.push_back(&run);
  assign();
}

std::vector<PooledRun*> PoolCore::take_waiting() {
  std::vector<PooledRun*> taken(waiting_.begin(), waiting_.end());
  waiting_.clear();
  for (PooledRun* run : taken) active_.erase(run);
  return taken;
}

void PoolCore::adopt(PooledRun& run) {
  run.move_to(*this);
  run.held_until = Micros(0);
  wait_for_child(run);
}

// ---------------------------------------------------------------- children and runs

void PoolCore::assign() {
  std::deque<PooledRun*> left;
  std::size_t wanted = 0;
  for (PooledRun* run : std::exchange(waiting_, {})) {
    const bool held = run->held_until > Micros(0);
    if (!held && serving_ == nullptr) {
      run->refuse("No version of the job code has been loaded yet.");
      continue;
    }
    Child* child = held || wanted > 0 ? nullptr : take_idle(*serving_);
    if (child == nullptr) {
      left.push_back(run);
      if (!held) ++wanted;
      continue;
    }
    ++serving_->running;
    run->begin(*child);
    look_at_runs_by(std::min(clock_.steady() + options_.memory_sample, run->next_deadline()));
  }
  waiting_.insert(waiting_.begin(), left.begin(), left.end());
  if (!waiting_.empty()) look_at_runs_by(clock_.steady() + kProcessInterval);
  if (serving_ != nullptr && !stopping_) ask_for_children(wanted);
}

Child* PoolCore::take_idle(Version& version) {
  while (!version.idle.empty()) {
    Child* child = version.idle.back();
    version.idle.pop_back();
    version.idle_deaths = 0;
    // One that has died meanwhile is only waiting for its parent to say so.
    if (!child->process().ended()) return child;
  }
  return nullptr;
}

void PoolCore::ask_for_children(std::size_t waiting) {
  Version& version = *serving_;
  const bool can_fork =
      version.fresh() ? base_ != nullptr && base_->is_ready() : version.zygote != nullptr;
  const std::size_t spares =
      version.idle_deaths < kMaxIdleDeaths ? static_cast<std::size_t>(options_.spares) : 0;
  if (!can_fork) {
    if (version.fresh()) {
      need_base();
    } else {
      reload(serving_);
    }
    return;
  }
  while (version.idle.size() + static_cast<std::size_t>(version.forking) < waiting + spares) {
    auto asked = fork_child(serving_);
    if (!asked) {
      log::error("a process for a run cannot be asked for", asked.error());
      refuse_waiting(asked.error().message);
      return;
    }
    ++version.forking;
  }
}

Result<Child*> PoolCore::fork_child(const std::shared_ptr<Version>& version) {
  if (!version->fresh()) return version->zygote->fork(version);
  return base_->fork(version, {{"version", describe(*version)}});
}

void PoolCore::child_ready(Child& child) {
  Version& version = *child.version();
  --version.forking;
  if (version.retired || stopping_) {
    end_child(child);
    return;
  }
  child.idle_since = clock_.steady();
  version.idle.push_back(&child);
  assign();
}

void PoolCore::child_failed(Child& child, const std::string& message) {
  Version& version = *child.version();
  --version.forking;
  ++version.idle_deaths;
  log::warning("a process for a run could not be forked", {{"reason", message}});
  const auto first = std::find_if(waiting_.begin(), waiting_.end(), [](const PooledRun* run) {
    return run->held_until == Micros(0);
  });
  if (first != waiting_.end())
    (*first)->refuse("No process could be had for the run: " + message + ".");
}

void PoolCore::child_gone(Child& child) {
  Version& version = *child.version();
  if (!child.is_forked()) --version.forking;
  if (std::erase(version.idle, &child) > 0) {
    ++version.idle_deaths;
    work_soon();
  }
}

void PoolCore::end_child(Child& child) {
  child.parent().expect_exit(child, clock_.steady());
  child.process().signal(SIGKILL);
}

bool PoolCore::may_reuse(const Child& child) const {
  return options_.reuse && child.runs_begun() < options_.runs_per_child &&
         !child.version()->retired && !stopping_;
}

void PoolCore::run_ended(PooledRun& run, Child* child) {
  active_.erase(&run);
  std::erase(waiting_, &run);
  std::erase(put_off_, &run);
  if (Child* used = run.child(); used != nullptr) {
    Version& version = *used->version();
    --version.running;
    if (child != nullptr && version.retired) {
      end_child(*child);
    } else if (child != nullptr) {
      child->idle_since = clock_.steady();
      version.idle.push_back(child);
    }
    end_if_unused(version);
  }
  if (!waiting_.empty()) assign();
  if (stopping_ || ends_when_idle_) work_soon();
}

void PoolCore::refuse_waiting(const std::string& message) {
  for (PooledRun* run : std::exchange(waiting_, {})) run->refuse(message);
}

// ---------------------------------------------------------------- with the next turn of the loop

void PoolCore::put_off(PooledRun& run) {
  std::erase(waiting_, &run);
  if (std::find(put_off_.begin(), put_off_.end(), &run) == put_off_.end()) put_off_.push_back(&run);
  work_soon();
}

void PoolCore::work_soon() {
  if (std::exchange(work_posted_, true)) return;
  loop_.post([weak = std::weak_ptr(alive_)] {
    if (const auto core = weak.lock()) (*core)->do_put_off();
  });
}

void PoolCore::do_put_off() {
  work_posted_ = false;
  // Those that are put off by the calls wait for another turn.
  for (std::size_t count = put_off_.size(); count > 0 && !put_off_.empty(); --count) {
    PooledRun* run = put_off_.front();
    put_off_.erase(put_off_.begin());
    run->catch_up();
  }
  if (!put_off_.empty()) work_soon();
  if (!active_.empty()) out_of_memory_.sample(clock_.steady());
  assign();
  advance_stop();
}

// ---------------------------------------------------------------- now and then

void PoolCore::look_at_runs_by(Micros deadline) {
  if (look_timer_ != nullptr && look_at_ <= deadline) return;
  look_at_ = deadline;
  look_timer_ =
      loop_.after(std::max(Micros(0), deadline - clock_.steady()), [this] { look_at_runs(); });
}

void PoolCore::look_at_runs() {
  look_timer_.reset();
  const Micros now = clock_.steady();
  Micros next = now + options_.memory_sample;
  for (PooledRun* run : std::vector(active_.begin(), active_.end())) {
    run->check(now);
    next = std::min(next, run->next_deadline());
  }
  if (now - looked_at_processes_ >= kProcessInterval) look_at_processes(now);
  const bool too_many_idle =
      serving_ != nullptr && serving_->idle.size() > static_cast<std::size_t>(options_.spares);
  if (!active_.empty()) {
    look_at_runs_by(next);
  } else if (too_many_idle) {
    look_at_runs_by(now + kProcessInterval);
  }
}

void PoolCore::look_at_processes(Micros now) {
  looked_at_processes_ = now;
  out_of_memory_.sample(now);
  for (std::size_t i = 0; i < bases_.size(); ++i) bases_[i]->end_what_is_stuck(now);
  if (serving_ == nullptr) return;
  std::deque<Child*>& idle = serving_->idle;
  while (idle.size() > static_cast<std::size_t>(options_.spares) &&
         now - idle.front()->idle_since > kIdleLife) {
    end_child(*idle.front());
    idle.pop_front();
  }
}

}  // namespace windlass::runner
