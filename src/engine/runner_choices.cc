#include "engine/runner_choices.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "base/text.h"

namespace windlass::engine {

namespace {

using std::chrono::steady_clock;

/// Questions that wait. An SDK asks one at a time a thread; what is more goes unanswered.
constexpr std::size_t kMostQuestions = 16;
constexpr std::size_t kLongestReason = 1000;

Error failed(std::string sentence) {
  return {"job.choices", std::move(sentence)};
}

Error stopped() {
  return failed("The choices could not be computed: the program is being stopped.");
}

Error busy(const std::string& name) {
  return failed(fmt::format(
      "The choices of {} could not be computed: too many are being computed at once; try again.",
      name));
}

double in_seconds(Micros time) {
  return static_cast<double>(time.count()) / 1e6;
}

/// "ValueError: no such region", of the result of a run that failed.
std::string exception_of(const json::value& frame, const Sanitiser& sanitiser) {
  const json::value* result = find(frame, "result");
  const std::string type = result != nullptr ? get_string(*result, "exc_type") : "";
  const std::string message = result != nullptr ? get_string(*result, "exc_message") : "";
  if (type.empty()) return "it failed";
  const std::string text = to_valid_utf8(type + (message.empty() ? "" : ": ") + message);
  return sanitiser.clean(utf8_prefix(text, kLongestReason));
}

/// Why the process had no result.
std::string trouble_of(const runner::RunEnd& end, const RunnerChoicesOptions& options) {
  using How = runner::RunEnd::How;
  using runner::StopReason;
  if (end.stopped && end.stop_reason == StopReason::kTimeLimit) {
    return fmt::format("it took longer than {:g} s and was ended", in_seconds(options.time_limit));
  }
  if (end.stopped && end.stop_reason == StopReason::kMemoryLimit) {
    return "it used more memory than a run may (setting memory_limit)";
  }
  if (end.stopped) return "the program is being stopped";
  if (end.out_of_memory) return "the machine ran out of memory";
  if (end.how == How::kStartFailed || end.how == How::kRunnerLost) {
    return end.message.empty() ? "no process could be had for it" : end.message;
  }
  return "its process ended without an answer";
}

}  // namespace

/// One call: a run, watched on the loop, and what passes between the loop and the waiting thread.
class RunnerChoices::Call final : public runner::RunObserver,
                                  public std::enable_shared_from_this<Call> {
 public:
  explicit Call(RunnerChoices& choices) : choices_(choices) {}

  // On the loop ---------------------------------------------------------------------------------

  void begin(runner::RunSpec spec, Micros time_left) {
    self_ = shared_from_this();
    run_ = choices_.runner_.start(std::move(spec), *this);
    timer_ = choices_.loop_.after(time_left, [this] { kill(runner::StopReason::kTimeLimit); });
    if (refused_) kill(*refused_);
  }
  void kill(runner::StopReason reason) {
    run_ != nullptr ? run_->kill(reason) : void(refused_ = reason);
  }
  void send(const json::object& frame) {
    if (run_ != nullptr) run_->send(frame);
  }

  void on_started(const std::string&, std::int64_t, const std::string&) override {}
  void on_console(bool, std::string_view) override {}
  void on_frame(json::object frame) override {
    const std::string type = get_string(frame, "type");
    if (type == "file") {
      send({{"type", "file_refused"},
            {"file", get_int(frame, "file")},
            {"message", "Code that computes choices creates no files."}});
    } else if (type == "ask") {
      const std::lock_guard lock(choices_.mutex_);
      if (questions_.size() < kMostQuestions) questions_.push_back(std::move(frame));
      choices_.changed_.notify_all();
    }
  }
  void on_ended(runner::RunEnd end) override {
    const auto keep = std::move(self_);  // until this returns
    timer_.reset();
    run_.reset();
    const std::lock_guard lock(choices_.mutex_);
    end_ = std::move(end);
    choices_.changed_.notify_all();
  }

  // Of the waiting thread -----------------------------------------------------------------------

  /// Answers questions until the end. The caller has begun it.
  runner::RunEnd wait() {
    std::unique_lock lock(choices_.mutex_);
    for (;;) {
      choices_.changed_.wait(lock, [&] { return end_.has_value() || !questions_.empty(); });
      if (end_) return *std::move(end_);
      const json::object ask = std::move(questions_.front());
      questions_.pop_front();
      lock.unlock();
      json::object frame = answer_frame(get_int(ask, "ask"), choices_.questions_.answer(ask));
      choices_.loop_.post(
          [self = shared_from_this(), frame = std::move(frame)] { self->send(frame); });
      lock.lock();
    }
  }

 private:
  RunnerChoices& choices_;
  std::unique_ptr<runner::Run> run_;
  std::unique_ptr<EventLoop::Timer> timer_;
  std::optional<runner::StopReason> refused_;  ///< it was to end before it began
  std::shared_ptr<Call> self_;  ///< from begin() to the end: the run's observer outlives it
  // Guarded by the mutex of `choices_`.
  std::deque<json::object> questions_;
  std::optional<runner::RunEnd> end_;
};

RunnerChoices::RunnerChoices(RunnerChoicesOptions options, EventLoop& loop, runner::Runner& runner,
                             Storage& storage, const Sanitiser& sanitiser)
    : options_(options),
      loop_(loop),
      runner_(runner),
      sanitiser_(sanitiser),
      questions_(storage, none_) {}

RunnerChoices::~RunnerChoices() {
  stop();
}

void RunnerChoices::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  for (const auto& call : calls_) {
    loop_.post([call] { call->kill(runner::StopReason::kDrain); });
  }
  changed_.wait(lock, [this] { return calls_.empty(); });
}

Result<std::shared_ptr<RunnerChoices::Call>> RunnerChoices::admit(const std::string& name,
                                                                  Deadline deadline) {
  std::unique_lock lock(mutex_);
  const auto may_go_on = [this] {
    return stopping_ || calls_.size() < static_cast<std::size_t>(options_.at_once);
  };
  if (!may_go_on() && waiting_ >= options_.waiting) return busy(name);
  ++waiting_;
  const bool free = changed_.wait_until(lock, deadline, may_go_on);
  --waiting_;
  if (stopping_) return stopped();
  if (!free) return busy(name);
  return calls_.emplace_back(std::make_shared<Call>(*this));
}

void RunnerChoices::release(const std::shared_ptr<Call>& call) {
  const std::lock_guard lock(mutex_);
  std::erase(calls_, call);
  changed_.notify_all();
}

Result<json::array> RunnerChoices::compute(const Job& job, const std::string& method,
                                           const json::object& form) {
  WL_CHECK(!loop_.in_loop_thread(), "the loop cannot wait for itself");
  const std::string name = fmt::format("{}.{}()", job.class_path, method);
  const Deadline deadline = steady_clock::now() + options_.time_limit;
  WL_TRY(const std::shared_ptr<Call> call, admit(name, deadline));
  runner::RunSpec spec;
  spec.frame = {
      {"type", "choices"}, {"class_path", job.class_path}, {"method", method}, {"form", form}};
  spec.memory_limit = options_.memory_limit;
  const auto left = std::chrono::duration_cast<Micros>(deadline - steady_clock::now());
  loop_.call([&] { call->begin(std::move(spec), std::max(left, Micros(0))); });
  const runner::RunEnd end = call->wait();
  release(call);

  const bool answered = end.how == runner::RunEnd::How::kResult;
  const bool succeeded = answered && get_string(end.result, "status") == "SUCCESS";
  if (!succeeded) {
    return failed(fmt::format("The choices of {} could not be computed: {}.", name,
                              answered && !end.stopped ? exception_of(end.result, sanitiser_)
                                                       : trouble_of(end, options_)));
  }
  const json::value* list = find(end.result, "result");
  if (list != nullptr && list->is_array()) return list->get_array();
  return failed(fmt::format("What {} returned is no list of (value, label) pairs.", name));
}

}  // namespace windlass::engine
