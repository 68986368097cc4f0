#include "engine/system_runner.h"

#include <fmt/format.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

namespace windlass::engine {

namespace {

using runner::StopReason;

double thread_cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

json::object inputs_of(const json::object& frame) {
  const json::value* inputs = frame.if_contains("inputs");
  return inputs != nullptr && inputs->is_object() ? inputs->get_object() : json::object();
}

/// As a child that runs a job would send it.
json::object result_frame(SystemEnd end, const std::optional<StopReason>& stopped) {
  json::object frame{{"type", "result"},
                     {"status", end.succeeded ? "SUCCESS" : "FAILURE"},
                     {"result", std::move(end.result)},
                     {"reason", nullptr},
                     {"traceback", nullptr}};
  if (!end.traceback.empty()) frame["traceback"] = end.traceback;
  if (end.succeeded) return frame;
  const bool by_limit = stopped == StopReason::kSoftTimeLimit;
  frame["reason"] = by_limit ? "soft_time_limit" : stopped ? "cancelled" : "sync_failed";
  frame["message"] = end.sentence;
  return frame;
}

}  // namespace

/// One run. Of the loop, but for what its thread calls.
class SystemRunner::Task final : public Progress, public std::enable_shared_from_this<Task> {
 public:
  Task(SystemRunner& runner, runner::RunSpec spec, runner::RunObserver& observer, SystemJob work)
      : runner_(runner), spec_(std::move(spec)), observer_(observer), work_(std::move(work)) {}

  // On the loop ---------------------------------------------------------------------------------

  void begin() {
    observer_.on_started(runner_.version_, ::getpid(), "");
    limit(spec_.soft_time_limit, soft_limit_, StopReason::kSoftTimeLimit);
    limit(spec_.time_limit, hard_limit_, StopReason::kTimeLimit);
    try {
      thread_ = std::thread([self = shared_from_this()] { self->work(); });
    } catch (const std::exception& failure) {
      SystemEnd end;
      end.sentence = fmt::format("The run could not begin: {}.", failure.what());
      finish(std::move(end), 0);
    }
  }

  /// The first reason counts, but that a soft limit gives way.
  void stop(StopReason reason) {
    if (!stop_reason_ || *stop_reason_ == StopReason::kSoftTimeLimit) stop_reason_ = reason;
    stopped_ = true;
  }

  void set_paused(bool paused) {
    paused_ = paused;
    while (!paused_ && !held_back_.empty()) {
      json::object frame = std::move(held_back_.front());
      held_back_.pop_front();
      observer_.on_frame(std::move(frame));
    }
  }

  // Of the thread -------------------------------------------------------------------------------

  void log(std::string_view level, std::string message) override {
    tell({{"type", "log"},
          {"level", level},
          {"message", std::move(message)},
          {"grouping", "sync"},
          {"time", to_micros(runner_.clock_.now())}});
  }
  void status(std::string_view text) override {
    tell({{"type", "progress"}, {"done", 0}, {"total", nullptr}, {"message", text}});
  }
  std::string run() const override { return get_string(spec_.frame, "task_id"); }
  bool stopped() const override { return stopped_; }

 private:
  void limit(Micros after, std::unique_ptr<EventLoop::Timer>& timer, StopReason reason) {
    if (after > Micros(0)) timer = runner_.loop_.after(after, [this, reason] { stop(reason); });
  }

  void work() {
    pthread_setname_np(pthread_self(), "windlass-system");
    SystemEnd end;
    if (stopped_) {
      end.sentence = "The run was stopped before it began.";
    } else {
      try {
        end = work_(inputs_of(spec_.frame), *this);
      } catch (const std::exception& failure) {
        end = {};
        end.sentence = fmt::format("The run was ended by an error: {}.", failure.what());
      }
    }
    runner_.loop_.post([self = shared_from_this(), end = std::move(end),
                        cpu = thread_cpu_seconds()] { self->finish(end, cpu); });
  }

  void tell(json::object frame) {
    runner_.loop_.post([self = shared_from_this(), frame = std::move(frame)] {
      self->held_back_.push_back(frame);
      self->set_paused(self->paused_);
    });
  }

  void finish(SystemEnd work, double cpu) {
    if (thread_.joinable()) thread_.join();
    set_paused(false);
    soft_limit_.reset();
    hard_limit_.reset();
    runner::RunEnd end;
    end.how = runner::RunEnd::How::kResult;
    end.result = result_frame(std::move(work), stop_reason_);
    end.stopped = stop_reason_.has_value();
    end.stop_reason = stop_reason_.value_or(StopReason::kCancelled);
    end.cpu_seconds = cpu;
    --runner_.active_;
    observer_.on_ended(std::move(end));
  }

  SystemRunner& runner_;
  const runner::RunSpec spec_;
  runner::RunObserver& observer_;
  const SystemJob work_;
  std::atomic<bool> stopped_ = false;
  std::optional<StopReason> stop_reason_;
  bool paused_ = false;
  std::deque<json::object> held_back_;
  std::unique_ptr<EventLoop::Timer> soft_limit_;
  std::unique_ptr<EventLoop::Timer> hard_limit_;
  std::thread thread_;
};

/// What the worker holds.
class SystemRunner::Handle final : public runner::Run {
 public:
  explicit Handle(std::shared_ptr<Task> task) : task_(std::move(task)) {}
  void stop(StopReason reason) override { task_->stop(reason); }
  void kill(StopReason reason) override { task_->stop(reason); }
  void send(const json::object&) override {}  // it asks nothing
  void pause() override { task_->set_paused(true); }
  void resume() override { task_->set_paused(false); }

 private:
  const std::shared_ptr<Task> task_;
};

SystemRunner::SystemRunner(EventLoop& loop, runner::Runner& others, const Clock& clock,
                           std::string version, std::map<std::string, SystemJob> jobs)
    : loop_(loop),
      others_(others),
      clock_(clock),
      version_(std::move(version)),
      jobs_(std::move(jobs)) {}

SystemRunner::~SystemRunner() {
  WL_CHECK(active_ == 0, "runs outlive their SystemRunner");
}

void SystemRunner::load(const runner::VersionSpec& version,
                        std::function<void(Result<runner::Manifest>)> done) {
  others_.load(version, std::move(done));
}

void SystemRunner::serve(const std::string& version, const runner::SourceVersions& sources) {
  others_.serve(version, sources);
}

void SystemRunner::expect_version(Micros at_most) {
  others_.expect_version(at_most);
}

std::unique_ptr<runner::Run> SystemRunner::start(runner::RunSpec spec,
                                                 runner::RunObserver& observer) {
  const auto job = jobs_.find(get_string(spec.frame, "class_path"));
  if (job == jobs_.end() || get_string(spec.frame, "type", "run") != "run")
    return others_.start(std::move(spec), observer);
  auto task = std::make_shared<Task>(*this, std::move(spec), observer, job->second);
  ++active_;
  loop_.post([task] { task->begin(); });
  return std::make_unique<Handle>(std::move(task));
}

std::size_t SystemRunner::active() const {
  return others_.active() + active_;
}

}  // namespace windlass::engine
