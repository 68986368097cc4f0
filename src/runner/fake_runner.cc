#include "runner/fake_runner.h"

#include <utility>

namespace windlass::runner {

/// What the code under test holds.
class FakeRun::Handle final : public Run {
 public:
  explicit Handle(FakeRun& run) : run_(run) {}
  void stop(StopReason reason) override { note(run_.stops_, reason); }
  void kill(StopReason reason) override { note(run_.kills_, reason); }
  void send(const json::object& frame) override {
    const std::lock_guard lock(run_.runner_.mutex_);
    run_.sent_.push_back(frame);
    run_.runner_.changed();
  }
  void pause() override { set_paused(true); }
  void resume() override {
    set_paused(false);
    run_.flush();
  }

 private:
  void note(std::vector<StopReason>& list, StopReason reason) {
    {
      const std::lock_guard lock(run_.runner_.mutex_);
      list.push_back(reason);
      run_.runner_.changed();
    }
    run_.runner_.run_stop_script(run_);
  }
  void set_paused(bool paused) {
    const std::lock_guard lock(run_.runner_.mutex_);
    run_.paused_ = paused;
    run_.runner_.changed();
  }
  FakeRun& run_;
};

FakeRun::FakeRun(FakeRunner& runner, RunSpec spec, RunObserver& observer)
    : runner_(runner), spec_(std::move(spec)), observer_(&observer) {}

void FakeRun::act(std::function<void()> action) {
  runner_.loop_.call([&] {
    {
      const std::lock_guard lock(runner_.mutex_);
      WL_CHECK(!ended_, "a run that has ended does nothing more");
      put_off_.push_back(std::move(action));
    }
    flush();
  });
}

void FakeRun::flush() {
  for (;;) {
    std::function<void()> next;
    {
      const std::lock_guard lock(runner_.mutex_);
      if (paused_ || put_off_.empty()) return;
      next = std::move(put_off_.front());
      put_off_.pop_front();
    }
    next();
  }
}

void FakeRun::start(const std::string& version, std::int64_t pid, const std::string& warning) {
  act([this, version, pid, warning] {
    started_ = true;
    observer_->on_started(version, pid, warning);
  });
}

void FakeRun::frame(json::object frame) {
  act([this, frame = std::move(frame)] { observer_->on_frame(frame); });
}

void FakeRun::log(const std::string& level, const std::string& message) {
  frame({{"type", "log"},
         {"level", level},
         {"message", message},
         {"grouping", "run"},
         {"time", 1'700'000'000'000'000}});
}

void FakeRun::console(bool is_stderr, const std::string& bytes) {
  act([this, is_stderr, bytes] { observer_->on_console(is_stderr, bytes); });
}

void FakeRun::end(RunEnd end) {
  runner_.loop_.call([&] {
    {
      const std::lock_guard lock(runner_.mutex_);
      WL_CHECK(!ended_, "a run ends once");
      paused_ = false;
    }
    flush();
    RunObserver* observer;
    {
      const std::lock_guard lock(runner_.mutex_);
      ended_ = true;
      --runner_.active_;
      observer = observer_;
    }
    observer->on_ended(std::move(end));
    const std::lock_guard lock(runner_.mutex_);
    runner_.changed();
  });
}

void FakeRun::succeed(json::value result) {
  if (!started_) start();
  RunEnd ending;
  ending.how = RunEnd::How::kResult;
  ending.result = json::object{{"type", "result"},
                               {"status", "SUCCESS"},
                               {"result", std::move(result)},
                               {"traceback", nullptr},
                               {"reason", nullptr}};
  end(std::move(ending));
}

void FakeRun::fail(const std::string& reason, json::value result, const std::string& traceback) {
  if (!started_) start();
  RunEnd ending;
  ending.how = RunEnd::How::kResult;
  ending.result = json::object{
      {"type", "result"}, {"status", "FAILURE"}, {"result", std::move(result)}, {"reason", reason}};
  ending.result.get_object()["traceback"] =
      traceback.empty() ? json::value(nullptr) : json::value(traceback);
  const std::vector<StopReason> asked = stops();
  ending.stopped = !asked.empty();
  if (ending.stopped) ending.stop_reason = asked.front();
  end(std::move(ending));
}

void FakeRun::be_killed() {
  std::vector<StopReason> reasons = stops();
  for (const StopReason reason : kills()) reasons.push_back(reason);
  WL_CHECK(!reasons.empty(), "the run was not asked to stop");
  RunEnd ending;
  ending.how = RunEnd::How::kKilled;
  ending.wait_status = 9;
  ending.stopped = true;
  ending.stop_reason = reasons.front();
  end(std::move(ending));
}

std::vector<StopReason> FakeRun::stops() const {
  const std::lock_guard lock(runner_.mutex_);
  return stops_;
}

std::vector<StopReason> FakeRun::kills() const {
  const std::lock_guard lock(runner_.mutex_);
  return kills_;
}

std::vector<json::object> FakeRun::sent() const {
  const std::lock_guard lock(runner_.mutex_);
  return sent_;
}

bool FakeRun::is_paused() const {
  const std::lock_guard lock(runner_.mutex_);
  return paused_;
}

bool FakeRun::has_ended() const {
  const std::lock_guard lock(runner_.mutex_);
  return ended_;
}

FakeRunner::FakeRunner(EventLoop& loop) : loop_(loop) {}
FakeRunner::~FakeRunner() {
  WL_CHECK(active() == 0, "runs outlive their FakeRunner");
}

void FakeRunner::load(const VersionSpec& version, std::function<void(Result<Manifest>)> done) {
  std::function<Result<Manifest>(const VersionSpec&)> answer;
  {
    const std::lock_guard lock(mutex_);
    loaded_.push_back(version);
    answer = load_answer_;
    changed();
  }
  loop_.post([version, answer = std::move(answer), done = std::move(done)] {
    if (answer) {
      done(answer(version));
    } else {
      done(Manifest{
          version.id,
          json::object{{"type", "manifest"}, {"version", version.id}, {"modules", json::array()}}});
    }
  });
}

void FakeRunner::serve(const std::string& version, const SourceVersions& sources) {
  const std::lock_guard lock(mutex_);
  served_.push_back(version);
  served_sources_ = sources;
  // As a pool that has no runs: older versions are gone.
  for (VersionSpec& spec : loaded_) {
    if (spec.id != version) spec.holds.clear();
  }
  changed();
}

void FakeRunner::expect_version(Micros at_most) {
  const std::lock_guard lock(mutex_);
  expected_.push_back(at_most);
  changed();
}

std::unique_ptr<Run> FakeRunner::start(RunSpec spec, RunObserver& observer) {
  FakeRun* run;
  Script script;
  {
    const std::lock_guard lock(mutex_);
    runs_.push_back(std::unique_ptr<FakeRun>(new FakeRun(*this, std::move(spec), observer)));
    run = runs_.back().get();
    ++active_;
    script = script_;
    changed();
  }
  if (script) {
    loop_.post([run, script = std::move(script), alive = std::weak_ptr(alive_)] {
      if (!alive.expired()) script(*run);
    });
  }
  return std::make_unique<FakeRun::Handle>(*run);
}

std::size_t FakeRunner::active() const {
  const std::lock_guard lock(mutex_);
  return active_;
}

void FakeRunner::on_start(Script script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
}

void FakeRunner::on_stop(Script script) {
  const std::lock_guard lock(mutex_);
  stop_script_ = std::move(script);
}

void FakeRunner::on_load(std::function<Result<Manifest>(const VersionSpec&)> answer) {
  const std::lock_guard lock(mutex_);
  load_answer_ = std::move(answer);
}

void FakeRunner::run_stop_script(FakeRun& run) {
  const std::lock_guard lock(mutex_);
  if (!stop_script_) return;
  loop_.post([&run, script = stop_script_, alive = std::weak_ptr(alive_)] {
    if (!alive.expired() && !run.has_ended()) script(run);
  });
}

FakeRun& FakeRunner::wait_for_run(std::size_t index, Micros at_most) {
  WL_CHECK(wait_until([&] { return runs_.size() > index; }, at_most),
           "the run was not started in time");
  const std::lock_guard lock(mutex_);
  return *runs_[index];
}

bool FakeRunner::wait_until(const std::function<bool()>& condition, Micros at_most) {
  WL_CHECK(!loop_.in_loop_thread(), "the loop cannot wait for itself");
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, at_most, condition);
}

std::size_t FakeRunner::started() const {
  const std::lock_guard lock(mutex_);
  return runs_.size();
}

std::vector<VersionSpec> FakeRunner::loaded() const {
  const std::lock_guard lock(mutex_);
  return loaded_;
}

std::vector<std::string> FakeRunner::served() const {
  const std::lock_guard lock(mutex_);
  return served_;
}

SourceVersions FakeRunner::served_sources() const {
  const std::lock_guard lock(mutex_);
  return served_sources_;
}

std::vector<Micros> FakeRunner::expected() const {
  const std::lock_guard lock(mutex_);
  return expected_;
}

void FakeRunner::changed() {
  changed_.notify_all();
}

}  // namespace windlass::runner
