#include "worker/active_run.h"

#include <fmt/format.h>

#include <cmath>

#include "base/log.h"
#include "base/text.h"

namespace windlass::worker {

namespace {

using runner::StopReason;

/// A limit in seconds as jobs declare it; 0, or nonsense, means the setting's.
Micros limit_of(double seconds, Micros setting) {
  constexpr double kLongest = 10.0 * 365 * 24 * 3600;
  if (!(seconds > 0)) return setting;
  return Micros(std::llround(std::min(seconds, kLongest) * 1e6));
}

json::object run_frame(const ClaimedRun& claimed, json::object inputs, std::int64_t file_limit) {
  const JobResult& result = claimed.result;
  json::value user;
  if (result.user) user = {{"id", result.user->to_string()}, {"username", claimed.username}};
  json::value job_id;
  if (result.job_model) job_id = result.job_model->to_string();
  return {{"type", "run"},
          {"task_id", result.id.to_string()},
          {"class_path", result.task_name},
          {"inputs", std::move(inputs)},
          {"attempt", result.attempt},
          {"user", std::move(user)},
          {"job", {{"id", std::move(job_id)}, {"name", result.name}}},
          {"queue", result.queue},
          {"create_file_max_size", file_limit}};
}

/// A name that is no path: what a person may call a file that is kept among others.
bool is_plain_name(std::string_view name) {
  constexpr std::size_t kLongest = 255;
  if (name.empty() || name.size() > kLongest || name == "." || name == ".." || !is_valid_utf8(name))
    return false;
  return std::none_of(name.begin(), name.end(), [](char c) {
    return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
}

}  // namespace

ActiveRun::ActiveRun(RunContext& context, ClaimedRun claimed, std::function<void(ActiveRun&)> ended)
    : context_(context),
      claimed_(std::make_shared<const ClaimedRun>(std::move(claimed))),
      key_{claimed_->result.number, claimed_->lease_token},
      tell_ended_(std::move(ended)),
      sanitiser_(context.options.sanitiser),
      recorder_(key_, claimed_->result.attempt,
                {context.options.log_entry_limit, context.options.log_byte_limit}, context.exchange,
                context.clock, sanitiser_) {
  const WorkerOptions& options = context.options;
  facts_.class_path = claimed_->result.task_name;
  facts_.soft_time_limit = limit_of(claimed_->soft_time_limit, options.soft_time_limit);
  facts_.time_limit = limit_of(claimed_->time_limit, options.time_limit);
  facts_.memory_limit = options.memory_limit;
  facts_.lease = options.lease;
  facts_.drain_timeout = options.drain_timeout;
  facts_.retry = {claimed_->max_retries, claimed_->retry_delay, claimed_->retry_backoff};
  facts_.attempt = claimed_->result.attempt;
}

/// The first entries of the log.
void ActiveRun::announce() {
  const JobResult& result = claimed_->result;
  recorder_.note("info", "initialization", "Running job", result.name,
                 result.job_model ? "/extras/jobs/" + result.job_model->to_string() + "/" : "");
  if (facts_.time_limit > Micros(0) && facts_.soft_time_limit >= facts_.time_limit) {
    const auto in_seconds = [](Micros time) { return static_cast<double>(time.count()) / 1e6; };
    recorder_.note(
        "warning", "initialization",
        fmt::format("The hard time limit of {0:g} s is not above the soft time limit of {1:g} s: "
                    "the job will be killed after {0:g} s without a warning.",
                    in_seconds(facts_.time_limit), in_seconds(facts_.soft_time_limit)));
  }
}

void ActiveRun::start(Result<RunInputs> inputs) {
  if (claimed_->singleton_holder) return refuse_second();
  announce();
  if (!inputs.ok()) return refuse_inputs(inputs.error());
  if (!inputs->secrets.empty()) sanitiser_ = sanitiser_.with_secrets(std::move(inputs->secrets));
  runner::RunSpec spec;
  spec.frame =
      run_frame(*claimed_, std::move(inputs->values), context_.options.create_file_max_size);
  spec.files = std::move(inputs->files);
  spec.soft_time_limit = facts_.soft_time_limit;
  spec.time_limit = facts_.time_limit;
  spec.memory_limit = facts_.memory_limit;
  run_ = context_.runner.start(std::move(spec), *this);
}

void ActiveRun::refuse_inputs(const Error& error) {
  log::error("The inputs of a run could not be opened.", error);
  refuse("inputs_unreadable", "The inputs could not be opened: " + error.message);
}

/// The singleton lock is another run's.
void ActiveRun::refuse_second() {
  refuse("singleton",
         fmt::format("Another run of this job is under way, the result {}, and it runs one at a "
                     "time. Run it again afterwards, or override the lock with "
                     "ignore_singleton_lock.",
                     claimed_->singleton_holder->to_string()));
}

void ActiveRun::refuse(std::string code, std::string sentence) {
  Verdict verdict;
  verdict.outcome.status = JobResultStatus::kFailure;
  verdict.outcome.reason_code = std::move(code);
  verdict.outcome.reason = sentence;
  verdict.entry_level = "failure";
  verdict.entry_message = std::move(sentence);
  finish(std::move(verdict));
}

void ActiveRun::cancel(const std::string& by) {
  if (ended_ || cancelled_ || abandoned_) return;
  cancelled_ = true;
  facts_.cancelled_by = by;
  run_->stop(StopReason::kCancelled);
}

void ActiveRun::drain(bool now) {
  if (ended_ || abandoned_) return;
  facts_.stopped_at_once = now;
  now ? run_->kill(StopReason::kDrain) : run_->stop(StopReason::kDrain);
}

void ActiveRun::lose_lease() {
  if (ended_ || abandoned_ || facts_.lease_lost) return;
  facts_.lease_lost = true;
  run_->kill(StopReason::kDrain);
}

void ActiveRun::abandon() {
  if (ended_ || abandoned_) return;
  abandoned_ = true;
  context_.questions.forget(key_.number);
  run_->kill(StopReason::kDrain);
}

void ActiveRun::hold_back(Hold why, bool crowded) {
  if (!crowded || ended_ || !run_) return;
  if (held_ == 0) run_->pause();
  held_ |= why;
}

void ActiveRun::let_go(Hold why) {
  if ((held_ & why) == 0 || ended_) return;
  held_ &= ~static_cast<unsigned>(why);
  if (held_ == 0) run_->resume();
}

void ActiveRun::relieve() {
  let_go(kLog);
}

void ActiveRun::on_started(const std::string& version, std::int64_t pid,
                           const std::string& warning) {
  log::debug("A run has started.",
             {{"result", claimed_->result.id.to_string()}, {"pid", std::to_string(pid)}});
  context_.exchange.set_version(key_, version);
  if (!warning.empty()) recorder_.note("warning", "initialization", warning);
}

void ActiveRun::on_frame(json::object frame) {
  const json::value* type = frame.if_contains("type");
  const std::string_view name =
      type && type->is_string() ? to_view(type->as_string()) : std::string_view();
  if (name == "log") {
    hold_back(kLog, recorder_.log(frame));
  } else if (name == "progress") {
    hold_back(kLog, recorder_.progress(frame));
    schedule_tick();
  } else if (name == "file") {
    hold_back(kLog, take_file(frame));
  } else if (name == "ask") {
    hold_back(kQuestions, take_question(std::move(frame)));
  } else {
    recorder_.unreadable();
  }
}

void ActiveRun::on_console(bool is_stderr, std::string_view bytes) {
  hold_back(kLog, recorder_.console(is_stderr, bytes));
  schedule_tick();
}

/// Checks a `file` frame and sends it on to storage; the answer comes through answer_file.
bool ActiveRun::take_file(json::object& frame) {
  json::value* file = frame.if_contains("file");
  json::value* name = frame.if_contains("name");
  json::value* data = frame.if_contains("data");
  if (!file || !file->is_int64() || !name || !name->is_string() || !data || !data->is_string()) {
    recorder_.unreadable();
    return false;
  }
  const std::int64_t number = file->as_int64();
  const auto refuse = [&](std::string message) {
    run_->send({{"type", "file_refused"}, {"file", number}, {"message", std::move(message)}});
    return false;
  };
  if (!is_plain_name(to_view(name->as_string()))) {
    return refuse("A file needs a plain name: no path, no control characters, at most 255 bytes.");
  }
  std::string_view base64 = to_view(data->as_string());
  std::size_t size = base64.size() / 4 * 3;
  for (const std::string_view padding : {"==", "="}) {
    if (!base64.ends_with(padding)) continue;
    size -= padding.size();
    break;
  }
  const auto limit = static_cast<std::size_t>(context_.options.create_file_max_size);
  if (size > limit) {
    return refuse(fmt::format(
        "The file has {} bytes; {} are allowed (setting job_create_file_max_size).", size, limit));
  }
  return context_.exchange.add_file(
      {key_, number, sanitiser_.hide(to_view(name->as_string())), std::string(base64)});
}

/// Checks an `ask` frame and has it answered; the answer comes through answer_question.
bool ActiveRun::take_question(json::object frame) {
  const json::value* ask = frame.if_contains("ask");
  const json::value* question = frame.if_contains("question");
  if (!ask || !ask->is_int64() || !question || !question->is_string()) {
    recorder_.unreadable();
    return false;
  }
  return context_.questions.add(key_, claimed_, std::move(frame));
}

void ActiveRun::answer_question(const QuestionAnswer& answer) {
  if (ended_ || abandoned_ || answer.run.lease_token != key_.lease_token) return;
  run_->send(answer.frame);
  if (answer.relieved) let_go(kQuestions);
}

void ActiveRun::answer_file(const FileAnswer& answer) {
  if (ended_ || abandoned_ || answer.run.lease_token != key_.lease_token) return;
  if (answer.stored.ok()) {
    const std::string id = answer.stored->id.to_string();
    run_->send({{"type", "file_created"},
                {"file", answer.file},
                {"id", id},
                {"url", "/api/extras/file-proxies/" + id + "/download/"}});
  } else {
    run_->send({{"type", "file_refused"},
                {"file", answer.file},
                {"message", answer.stored.error().message}});
  }
}

void ActiveRun::schedule_tick() {
  if (tick_ || ended_ || !recorder_.wants_tick()) return;
  tick_ = context_.loop.after(Recorder::kTick, [this] {
    // The timer's callback, and with it this capture, may die with the timer.
    const auto keep = std::move(tick_);
    recorder_.tick();
    schedule_tick();
  });
}

void ActiveRun::on_ended(runner::RunEnd end) {
  recorder_.finish(end.unreadable_frames);
  if (end.leftovers > 0) {
    recorder_.note("warning", "post_run",
                   fmt::format("The job left {} {} behind, which {} ended.", end.leftovers,
                               end.leftovers == 1 ? "process" : "processes",
                               end.leftovers == 1 ? "was" : "were"));
  }
  finish(judge(end, facts_, sanitiser_));
}

void ActiveRun::finish(Verdict verdict) {
  ended_ = true;
  tick_.reset();
  retries_ = !abandoned_ && verdict.outcome.status == JobResultStatus::kRetry;
  // Before the outcome is stored: the run may be claimed anew then.
  tell_ended_(*this);
  if (abandoned_) {
    context_.exchange.release();
  } else {
    context_.questions.forget(key_.number);
    if (!verdict.entry_level.empty()) {
      recorder_.note(verdict.entry_level, "post_run", std::move(verdict.entry_message));
    }
    context_.exchange.finish(key_, std::move(verdict.outcome), recorder_.dropped());
  }
}

}  // namespace windlass::worker
