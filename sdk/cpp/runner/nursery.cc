#include "nursery.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "exits.h"
#include "process.h"
#include "signals.h"
#include "streams.h"

namespace windlass::runner {
namespace {

constexpr int kFarewellRounds = 50;
constexpr int kFarewellMilliseconds = 100;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

Nursery::Nursery(Channel& control) : control_(control), left_alone_(children_of(::getpid())) {}

void Nursery::serve(const Obey& obey) {
  for (;;) {
    if (wait_for_input(control_.descriptor(), -1)) obey_next(obey);
    reap();
  }
}

void Nursery::fork(std::string_view kind, const std::string& name, Descriptors& descriptors,
                   const Role& role) {
  flush_streams();
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return refuse(kind, name, std::string("fork: ") + std::strerror(errno));
  if (pid == 0) {
    control_.close();
    role(parent, descriptors.take());
    end_process(kSoftwareError);
  }
  descriptors.close();
  children_.emplace(pid, Child{std::string(kind), name});
  tell(Json::object({{"type", "forked"}, {kind, name}, {"pid", pid}}));
}

void Nursery::refuse(std::string_view kind, const std::string& name, std::string_view message) {
  tell(Json::object({{"type", "fork_failed"}, {kind, name}, {"message", message}}));
}

void Nursery::tell(const Json& frame) {
  if (!control_.send(frame.dump())) end();
}

void Nursery::obey_next(const Obey& obey) {
  Channel::Message message = control_.receive();
  switch (message.what) {
    case Received::kFrame:
      break;
    case Received::kBad:
      return tell(Json::object({{"type", "error"}, {"message", message.problem}}));
    case Received::kPart:
    case Received::kNothing:
      return;
    case Received::kEnd:
    case Received::kLost:
      end();
  }
  const std::string type = text_of(message.frame, "type");
  if (type == "exit") end();
  if (!obey(message.frame, message.descriptors)) {
    const std::string problem = "unknown frame type \"" + type.substr(0, 100) + '"';
    tell(Json::object({{"type", "error"}, {"message", problem}}));
  }
}

void Nursery::reap() {
  const bool has_processes = wait_for_ended();
  if (ended_.empty() || (has_processes && end_strays())) return;
  for (const Json& frame : ended_) tell(frame);
  ended_.clear();
}

bool Nursery::wait_for_ended() {
  for (;;) {
    int status = 0;
    rusage usage{};
    const pid_t pid = ::wait4(-1, &status, WNOHANG, &usage);
    if (pid < 0 && errno == EINTR) continue;
    if (pid <= 0) return pid == 0;
    left_alone_.erase(std::remove(left_alone_.begin(), left_alone_.end(), pid), left_alone_.end());
    const auto child = children_.find(pid);
    if (child == children_.end()) continue;
    ended_.push_back(Json::object({{"type", "exited"},
                                   {child->second.kind, child->second.name},
                                   {"pid", pid},
                                   {"status", status},
                                   {"user_seconds", seconds(usage.ru_utime)},
                                   {"system_seconds", seconds(usage.ru_stime)},
                                   {"max_rss_kib", usage.ru_maxrss}}));
    children_.erase(child);
  }
}

bool Nursery::is_stray(pid_t pid) const {
  return children_.find(pid) == children_.end() &&
         std::find(left_alone_.begin(), left_alone_.end(), pid) == left_alone_.end();
}

bool Nursery::end_strays() {
  std::vector<pid_t> strays = children_of(::getpid());
  strays.erase(
      std::remove_if(strays.begin(), strays.end(), [this](pid_t pid) { return !is_stray(pid); }),
      strays.end());
  if (strays.empty()) return false;
  const std::vector<pid_t> denied = end_trees(std::move(strays));
  left_alone_.insert(left_alone_.end(), denied.begin(), denied.end());
  return true;
}

void Nursery::end() {
  for (int round = 0; round < kFarewellRounds; ++round) {
    std::vector<pid_t> children = children_of(::getpid());
    if (children.empty()) break;
    end_trees(std::move(children));
    if (!wait_for_ended()) break;
    wait_for_input(-1, kFarewellMilliseconds);
  }
  end_process(0);
}

}  // namespace windlass::runner
