#include "runner/load.h"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/log.h"
#include "runner/base_process.h"
#include "runner/pool_core.h"
#include "runner/zygote.h"

namespace windlass::runner {

namespace {

/// Ends of a zygote that no module can be blamed for, before it is given up.
constexpr int kMaxDeathsOutsideModules = 3;

}  // namespace

std::string status_text(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  }
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

Load::Load(PoolCore& core, std::shared_ptr<Version> version, Done done)
    : core_(core), version_(std::move(version)), done_(std::move(done)) {
  version_->loading = true;
}

void Load::begin() {
  module_.clear();
  timed_out_ = false;
  auto asked = core_.base().describe(version_, *this);
  if (!asked) {
    fail(std::move(asked).error());
    return;
  }
  zygote_ = *asked;
  watch_time();
}

void Load::importing(std::string module) {
  module_ = std::move(module);
  watch_time();
}

void Load::watch_time() {
  timer_ = core_.loop().after(core_.options().import_timeout, [this] { time_out(); });
}

void Load::time_out() {
  timed_out_ = true;
  if (zygote_->process().pid() > 0) {
    zygote_->kill();
    return;
  }
  // A zygote that has not been announced yet hangs with its base, which imports for it what is
  // installed.
  core_.forget_preload();
  core_.base().kill();
}

void Load::manifest(Zygote& zygote, json::object frame) {
  timer_.reset();
  take_manifest(*version_, std::move(frame));
  if (version_->fresh()) {
    zygote_ = nullptr;
    zygote.kill();  // it must not be forked, so nobody needs it any more
  } else {
    version_->zygote = &zygote;
  }
  finish(version_->manifest);
}

void Load::zygote_ended(std::optional<int> status) {
  zygote_ = nullptr;
  timer_.reset();
  if (status && !module_.empty() && !version_->skipped.contains(module_)) {
    const double seconds = std::chrono::duration<double>(core_.options().import_timeout).count();
    ModuleFailure skipped =
        timed_out_
            ? ModuleFailure{"ImportTimeout",
                            fmt::format("The import took longer than {:g} seconds and was ended. A "
                                        "module should "
                                        "declare jobs and leave the work to run().",
                                        seconds)}
            : ModuleFailure{"InterpreterExited",
                            fmt::format("The interpreter ended while it imported the module: {}.",
                                        status_text(*status))};
    log::warning("a module of job code ended its interpreter and is left out",
                 {{"module", module_}, {"reason", skipped.message}});
    version_->skipped.emplace(module_, std::move(skipped));
  } else if (++deaths_outside_modules_ >= kMaxDeathsOutsideModules) {
    finish(Error{"runner.protocol", "The interpreter ended before it could import the job code" +
                                        (status ? ": " + status_text(*status) : std::string()) +
                                        ". Its output is in the log at level debug."});
    return;
  }
  core_.begin_load(*this);
}

void Load::fail(Error error) {
  finish(std::move(error));
}

void Load::finish(Result<Manifest> result) {
  timer_.reset();
  if (zygote_ != nullptr && !result.ok()) {
    zygote_->forget_load();
    zygote_->kill();
  }
  version_->loading = false;
  core_.load_finished(*this, std::move(result), done_);
}

}  // namespace windlass::runner
