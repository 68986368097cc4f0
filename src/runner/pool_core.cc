#include "runner/pool_core.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "runner/environment.h"

namespace windlass::runner {

namespace {

constexpr std::size_t kConsoleRoom = 64 << 10;
/// A zygote that lives shorter than this is not replaced at once, so that one that dies again and
/// again costs little.
constexpr Micros kShortLife = std::chrono::seconds(1);
constexpr Micros kSettleInterval = std::chrono::milliseconds(2);

/// Error when the interpreter or the account does not exist.
Result<SpawnPlan> plan_base(const PoolOptions& options) {
  SpawnPlan plan;
  plan.environment = runner_environment(environ, options.environment, options.instance);
  WL_TRY(const std::string program,
         find_program(options.python, value_of(plan.environment, "PATH")));
  plan.command = {program};
  if (options.python != options.native_runner) {
    plan.command.push_back((options.sdk / "windlass" / "_start.py").string());
    plan.command.push_back(options.vendor.string());
  }
  if (!options.job_user.empty()) {
    WL_TRY(Account account, find_account(options.job_user));
    set_value(plan.environment, "HOME", account.home);
    set_value(plan.environment, "USER", options.job_user);
    set_value(plan.environment, "LOGNAME", options.job_user);
    if (account.user != ::geteuid()) plan.account = std::move(account);
  }
  return plan;
}

void name_versions(VersionSpec& spec, const SourceVersions& sources) {
  for (SourceSpec& source : spec.sources) {
    const auto named = sources.find(source.name);
    if (named != sources.end()) source.version = named->second;
  }
}

Error stopped_error() {
  return {"runner.stopped", "The program is being stopped."};
}

}  // namespace

PoolCore::PoolCore(PoolOptions options, EventLoop& loop, const Clock& clock, Spawner& spawner)
    : options_(std::move(options)),
      loop_(loop),
      clock_(clock),
      spawner_(spawner),
      console_room_(kConsoleRoom),
      alive_(std::make_shared<PoolCore*>(this)) {}

PoolCore::~PoolCore() = default;

// ---------------------------------------------------------------- versions

void PoolCore::load(const VersionSpec& spec, Load::Done done) {
  auto version = std::make_shared<Version>();
  version->spec = spec;
  loads_.push_back(std::make_unique<Load>(*this, std::move(version), std::move(done)));
  begin_load(*loads_.back());
}

void PoolCore::begin_load(Load& load) {
  if (stopping_) {
    load.fail(stopped_error());
    return;
  }
  need_base();
  if (base_ != nullptr && base_->is_ready()) load.begin();
}

void PoolCore::load_finished(Load& load, Result<Manifest> result, const Load::Done& done) {
  const auto at = std::find_if(loads_.begin(), loads_.end(),
                               [&](const auto& each) { return each.get() == &load; });
  const std::unique_ptr<Load> finished = std::move(*at);
  loads_.erase(at);
  const std::shared_ptr<Version> version = finished->version();
  version->loaded_at = clock_.steady();
  if (result) {
    if (const json::value* modules = find(result->frame, "installed_modules");
        modules != nullptr && modules->is_array()) {
      preload_ = modules->get_array();
    }
  }
  if (version->retired) {
    end_if_unused(*version);
  } else if (version == serving_) {
    if (!result) {
      log::error("the job code's process cannot be started again", result.error());
      refuse_waiting(result.error().message);
    }
    work_soon();
  } else if (result) {
    loaded_.push_back(version);
  }
  if (done) done(std::move(result));
}

void PoolCore::serve(const std::string& id, const SourceVersions& sources) {
  expected_until_ = Micros(0);
  hold_timer_.reset();
  for (PooledRun* run : waiting_) run->held_until = Micros(0);
  const auto newest = std::find_if(loaded_.rbegin(), loaded_.rend(),
                                   [&](const auto& version) { return version->spec.id == id; });
  if (newest != loaded_.rend()) {
    const std::shared_ptr<Version> before = std::exchange(serving_, *newest);
    loaded_.erase(std::next(newest).base());
    if (before != nullptr) retire(before);
  } else if (serving_ == nullptr || serving_->spec.id != id) {
    log::error("a version of job code that is not loaded was to be served", {{"version", id}});
    assign();
    return;
  }
  name_versions(serving_->spec, sources);
  for (const auto& version : std::exchange(loaded_, {})) retire(version);
  assign();
}

void PoolCore::expect_version(Micros at_most) {
  expected_until_ = clock_.steady() + at_most;
  hold_timer_ = loop_.after(at_most, [this] {
    expected_until_ = Micros(0);
    for (PooledRun* run : waiting_) run->held_until = Micros(0);
    assign();
  });
}

bool PoolCore::serves(std::string_view class_path) const {
  return serving_ != nullptr && serving_->source_of.contains(class_path);
}

void PoolCore::retire(const std::shared_ptr<Version>& version) {
  version->retired = true;
  for (Child* child : std::exchange(version->idle, {})) end_child(*child);
  end_if_unused(*version);
}

void PoolCore::end_if_unused(Version& version) {
  if (version.retired && version.running == 0 && version.zygote != nullptr) {
    std::exchange(version.zygote, nullptr)->kill();
  }
}

void PoolCore::reload(const std::shared_ptr<Version>& version) {
  if (version->loading || stopping_) return;
  const Micros life = clock_.steady() - version->loaded_at;
  if (life < kShortLife) {
    if (reload_timer_ != nullptr) return;
    reload_timer_ = loop_.after(kShortLife - life, [this] {
      reload_timer_.reset();
      assign();
    });
    return;
  }
  loads_.push_back(std::make_unique<Load>(*this, version, nullptr));
  begin_load(*loads_.back());
}

// ---------------------------------------------------------------- the base

void PoolCore::need_base() {
  if (base_ != nullptr || stopping_) return;
  auto plan = plan_base(options_);
  auto control = make_socket_pair();
  auto output = make_pipe();
  if (!plan || !control || !output) {
    Error error = !plan ? plan.error() : !control ? control.error() : output.error();
    loop_.post([weak = std::weak_ptr(alive_), error = std::move(error)] {
      if (const auto core = weak.lock()) (*core)->base_failed(error);
    });
    return;
  }
  plan->control = std::move(control->second);
  plan->output = std::move(output->second);
  bases_.push_back(
      std::make_unique<BaseProcess>(*this, std::move(control->first), std::move(output->first)));
  base_ = bases_.back().get();
  // The base lives until it has been told.
  spawner_.spawn(std::move(*plan), [&loop = loop_, base = base_](Result<pid_t> pid) {
    loop.post([base, pid = std::move(pid)] { base->spawned(pid); });
  });
}

void PoolCore::base_ready() {
  std::vector<Load*> waiting;
  for (const auto& load : loads_) {
    if (!load->has_begun()) waiting.push_back(load.get());
  }
  for (Load* load : waiting) load->begin();
  work_soon();
}

void PoolCore::base_failed(const Error& error) {
  std::vector<Load*> waiting;
  for (const auto& load : loads_) {
    if (!load->has_begun()) waiting.push_back(load.get());
  }
  for (Load* load : waiting) load->fail(error);
  if (waiting.empty() && !stopping_) {
    log::error("the interpreter for job code cannot be started", error);
    refuse_waiting(error.message);
  }
}

void PoolCore::base_lost() {
  base_ = nullptr;
}

void PoolCore::zygote_lost(Zygote& zygote) {
  Version& version = *zygote.version();
  if (version.zygote == &zygote) {
    version.zygote = nullptr;
    if (!stopping_ && version.running > 0)
      log::warning("a zygote has ended; its runs end with it", {{"version", version.spec.id}});
  }
  settle_soon();
  work_soon();
}

// ---------------------------------------------------------------- the end of processes

void PoolCore::settle_soon() {
  if (settle_timer_ == nullptr) settle_timer_ = loop_.after(kSettleInterval, [this] { settle(); });
}

void PoolCore::settle() {
  settle_timer_.reset();
  const Micros now = clock_.steady();
  bool again = false;
  for (std::size_t i = 0; i < bases_.size(); ++i) again = bases_[i]->settle(now) || again;
  std::erase_if(bases_, [](const auto& base) { return base->is_settled(); });
  if (again) settle_soon();
  work_soon();
}

void PoolCore::stop(std::function<void()> done) {
  stopped_ = std::move(done);
  if (std::exchange(stopping_, true)) {
    work_soon();
    return;
  }
  expected_until_ = Micros(0);
  while (!loads_.empty()) loads_.front()->fail(stopped_error());
  for (PooledRun* run : std::vector(active_.begin(), active_.end())) run->kill(StopReason::kDrain);
  work_soon();
}

void PoolCore::end_when_idle(std::function<void()> done) {
  ends_when_idle_ = true;
  stopped_ = std::move(done);
  if (const auto served = std::exchange(serving_, nullptr)) retire(served);
  for (const auto& version : std::exchange(loaded_, {})) retire(version);
  work_soon();
}

void PoolCore::advance_stop() {
  if (ends_when_idle_ && !stopping_ && active_.empty()) stop(std::move(stopped_));
  if (!stopping_ || !active_.empty()) return;
  if (base_ != nullptr) base_->lose();
  if (!bases_.empty()) {
    settle_soon();
    return;
  }
  if (stopped_) std::exchange(stopped_, nullptr)();
}

}  // namespace windlass::runner
