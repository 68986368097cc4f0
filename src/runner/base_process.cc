#include "runner/base_process.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "runner/load.h"
#include "runner/pool_core.h"
#include "runner/process_tree.h"
#include "runner/spawn.h"

namespace windlass::runner {

namespace {

constexpr std::int64_t kProtocol = 1;
/// The base tells of a dead zygote when all that it left behind is dead.
constexpr Micros kReapTimeout = std::chrono::seconds(10);

Error ended_early() {
  return {"runner.interpreter", "The interpreter ended before it was ready."};
}

}  // namespace

BaseProcess::BaseProcess(PoolCore& core, UniqueFd control, UniqueFd output)
    : Parent(core, std::move(control)), output_(core.loop(), core.clock(), std::move(output)) {
  const Micros patience = core.options().start_timeout;
  hello_timer_ = core.loop().after(patience, [this, patience] {
    fail({"runner.interpreter", fmt::format("The interpreter did not answer within {:g} seconds.",
                                            std::chrono::duration<double>(patience).count())});
  });
}

BaseProcess::~BaseProcess() {
  WL_CHECK(settled_, "a base outlived its owner");
}

void BaseProcess::spawned(Result<pid_t> pid) {
  spawning_ = false;
  if (!pid) {
    reaped_ = true;
    fail(std::move(pid).error());
    return;
  }
  process_ = Process(*pid);
  if (is_lost()) {
    kill();
    fail(ended_early());
    core_.settle_soon();
  } else if (process_.descriptor() >= 0) {
    end_watch_ = core_.loop().watch_readable(process_.descriptor(), [this] { lose(); });
  }
}

Result<Zygote*> BaseProcess::describe(std::shared_ptr<Version> version, Load& load) {
  WL_TRY(auto sockets, make_socket_pair());
  const std::string name = core_.next_name('z');
  json::object frame{{"type", "describe"},
                     {"zygote", name},
                     {"version", runner::describe(*version)},
                     {"preload", core_.preload()}};
  std::vector<UniqueFd> descriptors;
  descriptors.push_back(std::move(sockets.second));
  if (json::serialize(frame).size() > kMaxMessage) frame["preload"] = json::array();
  WL_TRY_VOID(send_with(frame, std::move(descriptors)));
  auto zygote =
      std::make_unique<Zygote>(core_, std::move(sockets.first), name, std::move(version), load);
  Zygote* made = zygote.get();
  zygotes_.emplace(name, std::move(zygote));
  return made;
}

void BaseProcess::on_frame(std::string_view type, json::object frame) {
  if (type == "hello") {
    take_hello(frame);
    return;
  }
  const auto at = zygotes_.find(get_string(frame, "zygote"));
  if (at == zygotes_.end()) {
    const std::string message = get_string(frame, "message");
    if (type == "error" && !ready_) {
      fail({"runner.interpreter", message});
    } else {
      log::warning("the base process sent what was not expected",
                   {{"type", std::string(type)}, {"message", message}});
    }
    return;
  }
  Zygote& zygote = *at->second;
  if (type == "forked") {
    zygote.forked(static_cast<pid_t>(get_int(frame, "pid", -1)));
    if (zygote.is_lost() || zygote.load() == nullptr) zygote.kill();
  } else if (type == "exited") {
    zygote.reaped(static_cast<int>(get_int(frame, "status")));
  } else if (type == "fork_failed") {
    log::warning("a zygote could not be forked", {{"message", get_string(frame, "message")}});
    zygote.reaped(std::nullopt);
  }
}

void BaseProcess::take_hello(const json::object& frame) {
  const std::int64_t protocol = get_int(frame, "protocol");
  if (protocol != kProtocol) {
    fail({"runner.protocol",
          fmt::format(
              "The runner speaks protocol {} and this program protocol {}. Install parts of the "
              "same release.",
              protocol, kProtocol)});
    return;
  }
  hello_timer_.reset();
  ready_ = true;
  log::debug("runner is ready", {{"language", get_string(frame, "language") + " " +
                                                  get_string(frame, "language_version")},
                                 {"pid", std::to_string(process_.pid())}});
  core_.base_ready();
}

void BaseProcess::fail(Error error) {
  if (std::exchange(failed_, true)) return;
  const std::string printed(strip(output_.tail()));
  if (!printed.empty()) {
    error.detail = to_valid_utf8(printed);
    const auto last_line = printed.rfind('\n');
    if (error.code == "runner.interpreter") {
      error.message +=
          " It said: " +
          to_valid_utf8(printed.substr(last_line == std::string::npos ? 0 : last_line + 1));
    }
  }
  lose();
  core_.base_failed(error);
}

void BaseProcess::on_lost() {
  hello_timer_.reset();
  end_watch_.reset();
  for (const auto& [name, zygote] : zygotes_) zygote->lose();
  core_.base_lost();
  core_.settle_soon();
  // While it is being started, the spawner knows better why it ended.
  if (!ready_ && !spawning_) fail(ended_early());
}

bool BaseProcess::settle(Micros now) {
  if (!is_lost()) {
    settle_zygotes(now);
    for (const auto& [name, zygote] : zygotes_) {
      if (zygote->is_lost()) return true;
    }
    return false;
  }
  if (settled_) return false;
  if (!everything_ended()) return true;
  settled_ = true;
  const std::string message =
      "The interpreter that runs were forked from ended (" + status_text(status_) + ").";
  const auto zygotes = std::exchange(zygotes_, {});
  for (const auto& [name, zygote] : zygotes) zygote->settle(message);
  settle_children(message);
  return false;
}

void BaseProcess::settle_zygotes(Micros now) {
  for (auto at = zygotes_.begin(); at != zygotes_.end();) {
    Zygote& zygote = *at->second;
    if (zygote.is_lost() && zygote.was_reaped() && zygote.all_ended()) {
      const auto dead = std::move(at->second);
      at = zygotes_.erase(at);
      dead->settle(
          "The process that the run was forked from ended" +
          (dead->status() ? " (" + status_text(*dead->status()) + ")." : std::string(".")));
    } else if (zygote.is_lost() && now - zygote.lost_at > kReapTimeout) {
      log::error("the base process does not clear up after a zygote; it is ended", {});
      lose();
      return;
    } else {
      ++at;
    }
  }
}

/// Whatever was below this base has fallen to this process, being the nearest sub-reaper.
bool BaseProcess::everything_ended() {
  if (spawning_ || !process_.ended()) return false;
  if (!reaped_) {
    ::waitpid(process_.pid(), &status_, WNOHANG);
    forget_program(process_.pid());
    reaped_ = true;
  }
  bool all_ended = children_ended();
  for (const auto& [name, zygote] : zygotes_) all_ended = zygote->all_ended() && all_ended;
  // Looked for after that: what a process leaves falls to us before its end can be seen.
  return !end_orphans(is_our_program) && all_ended;
}

void BaseProcess::end_what_is_stuck(Micros now) {
  for (const auto& [name, zygote] : zygotes_) {
    if (zygote->is_lost() || !zygote->is_stuck(now)) continue;
    log::error("a zygote does not answer; it is ended", {{"zygote", name}});
    zygote->lose();
  }
  if (!is_lost() && is_stuck(now)) {
    log::error("the base process does not answer; it is ended");
    lose();
  }
}

}  // namespace windlass::runner
