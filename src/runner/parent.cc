#include "runner/parent.h"

#include <signal.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "runner/pool_core.h"
#include "runner/pooled_run.h"

namespace windlass::runner {

namespace {

constexpr Micros kForkTimeout = std::chrono::seconds(30);
constexpr Micros kExitTimeout = std::chrono::seconds(5);

}  // namespace

Parent::Parent(PoolCore& core, UniqueFd control)
    : core_(core), control_(core.loop(), std::move(control)) {
  watch_ = core_.loop().watch_readable(control_.descriptor(), [this] { read(); });
}

Parent::~Parent() = default;

Result<Child*> Parent::fork(std::shared_ptr<Version> version, json::object extra) {
  auto child = std::make_unique<Child>(core_, *this, std::move(version), core_.next_name('c'));
  WL_TRY(auto descriptors, child->open());
  child->asked_at = core_.clock().steady();
  extra["type"] = "fork";
  extra["child"] = child->name();
  WL_TRY_VOID(send_with(extra, std::move(descriptors)));
  Child* asked = child.get();
  children_.emplace(child->name(), std::move(child));
  return asked;
}

Result<void> Parent::send_with(const json::object& frame, std::vector<UniqueFd> descriptors) {
  if (control_.send(frame, std::move(descriptors))) return ok();
  return Error{"runner.too_large",
               "The list of job modules is too long to be sent to the interpreter. Put modules "
               "into packages: only their top level is listed."};
}

void Parent::kill() {
  process_.signal(SIGKILL);
}

bool Parent::is_stuck(Micros now) const {
  for (const auto& [name, child] : children_) {
    if (!child->is_forked() && now - child->asked_at > kForkTimeout) return true;
  }
  for (const auto& [name, since] : exits_due_) {
    const auto child = children_.find(name);
    if (child != children_.end() && now - since > kExitTimeout && child->second->process().ended())
      return true;
  }
  return false;
}

void Parent::read() {
  MessageBatch& batch = core_.control_batch();
  const int count = control_.receive(batch);
  if (count < 0) {
    lose();
    return;
  }
  for (int i = 0; i < count && !lost_; ++i) {
    auto frame = control_.decode(batch[i]);
    if (frame) take(std::move(*frame));
  }
}

void Parent::take(json::object frame) {
  const std::string type = get_string(frame, "type");
  const auto at = children_.find(get_string(frame, "child"));
  if (at == children_.end()) {
    on_frame(type, std::move(frame));
    return;
  }
  Child& child = *at->second;
  if (type == "forked") {
    child.forked(static_cast<pid_t>(get_int(frame, "pid", -1)));
    core_.child_ready(child);
  } else if (type == "fork_failed") {
    core_.child_failed(child, get_string(frame, "message"));
    children_.erase(child.name());
  } else if (type == "exited") {
    child_exited(child, frame);
  }
}

void Parent::child_exited(Child& child, const json::object& frame) {
  ChildExit exit;
  exit.status = static_cast<int>(get_int(frame, "status"));
  exit.cpu_seconds = get_double(frame, "user_seconds") + get_double(frame, "system_seconds");
  exit.max_rss = get_int(frame, "max_rss_kib") * 1024;
  const std::string name = child.name();
  exits_due_.erase(name);
  core_.child_gone(child);
  if (child.run() != nullptr) child.run()->child_exited(exit);
  children_.erase(name);
}

void Parent::lose() {
  if (std::exchange(lost_, true)) return;
  watch_.reset();
  kill();
  for (const auto& [name, child] : children_) {
    core_.child_gone(*child);
    child->process().signal(SIGKILL);
  }
  on_lost();
}

bool Parent::children_ended() const {
  return std::all_of(children_.begin(), children_.end(),
                     [](const auto& entry) { return entry.second->process().ended(); });
}

void Parent::settle_children(const std::string& message) {
  const auto children = std::exchange(children_, {});
  exits_due_.clear();
  for (const auto& [name, child] : children) {
    if (child->run() != nullptr) child->run()->runner_lost(message);
  }
}

}  // namespace windlass::runner
