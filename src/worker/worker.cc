#include "worker/worker.h"

#include <condition_variable>
#include <mutex>
#include <unordered_map>

#include "base/log.h"
#include "worker/active_run.h"
#include "worker/exchange.h"
#include "worker/questions.h"

namespace windlass::worker {

/// The table of runs under way, and the decisions. All but the public calls of JobWorker happens on
/// the event loop.
class JobWorker::Impl final : public ExchangeObserver {
 public:
  Impl(WorkerOptions options, EventLoop& loop, runner::Runner& runner, Storage& storage,
       const SealingKey& key, const Clock& clock)
      : options_(std::move(options)),
        loop_(loop),
        clock_(clock),
        exchange_(options_, storage, key, clock, loop, *this),
        questions_(options_.answer, loop,
                   [this](const QuestionAnswer& answer) { on_answer(answer); }),
        context_{options_, loop, runner, exchange_, questions_, clock} {}

  Result<void> start();
  void request_stop();
  void wait();
  void release() { exchange_.let_claim(); }
  std::size_t running() const { return running_; }
  void on_answers(Answers answers) override;

 private:
  enum class Stop { kNo, kDrain, kNow };

  void on_answer(const QuestionAnswer& answer);
  void begin(ClaimedWork work);
  void abandon(std::int64_t number);
  void ended(ActiveRun& run);
  void stop(Stop how);
  void count_runs();
  void watch_lease();
  template <class Call>
  void with(std::int64_t number, Call call);

  const WorkerOptions options_;
  EventLoop& loop_;
  const Clock& clock_;
  Exchange exchange_;
  Questions questions_;
  RunContext context_;
  std::atomic<std::size_t> running_{0};

  std::mutex life_;               ///< guards started_, requested_ and joined_
  std::condition_variable idle_;  ///< running_ became 0
  bool started_ = false;
  bool joined_ = false;
  int requested_ = 0;

  // The event loop's.
  std::unordered_map<std::int64_t, std::unique_ptr<ActiveRun>> runs_;
  std::vector<std::unique_ptr<ActiveRun>> abandoned_;  ///< lost to others, and not dead yet
  Stop stop_ = Stop::kNo;
  bool drain_expired_ = false;
  bool lease_overdue_ = false;
  std::unique_ptr<EventLoop::Timer> drain_timer_;
  std::unique_ptr<EventLoop::Timer> lease_timer_;
};

Result<void> JobWorker::Impl::start() {
  const std::lock_guard lock(life_);
  if (started_ || requested_ > 0) return ok();
  WL_TRY_VOID(exchange_.start());
  started_ = true;
  log::info("The worker is ready.", {{"worker", options_.record.name},
                                     {"queues", to_text(options_.record.queues)},
                                     {"slots", std::to_string(options_.record.slots)}});
  return ok();
}

void JobWorker::Impl::request_stop() {
  const std::lock_guard lock(life_);
  ++requested_;
  if (!started_ || joined_) return;
  loop_.post([this, how = requested_ > 1 ? Stop::kNow : Stop::kDrain] { stop(how); });
}

void JobWorker::Impl::wait() {
  {
    const std::lock_guard lock(life_);
    if (!started_ || joined_) return;
  }
  exchange_.join();
  // What the thread posted last runs first; a run that was lost may still be ending.
  loop_.call([] {});
  std::unique_lock lock(life_);
  idle_.wait(lock, [this] { return running_ == 0; });
  if (std::exchange(joined_, true)) return;
  questions_.stop();
  // Runs after the answers that were posted last, which nobody waits for.
  loop_.call([this] {
    drain_timer_.reset();
    lease_timer_.reset();
  });
}

template <class Call>
void JobWorker::Impl::with(std::int64_t number, Call call) {
  if (const auto found = runs_.find(number); found != runs_.end()) call(*found->second);
}

void JobWorker::Impl::on_answers(Answers answers) {
  for (ClaimedWork& work : answers.claimed) begin(std::move(work));
  for (const std::int64_t number : answers.lost) {
    log::warning("A run is no longer this worker's and is dropped.",
                 {{"number", std::to_string(number)}});
    abandon(number);
  }
  for (const CancelRequest& cancel : answers.cancels) {
    with(cancel.number, [&](ActiveRun& run) { run.cancel(cancel.by); });
  }
  for (const std::int64_t number : answers.relieved)
    with(number, [](ActiveRun& run) { run.relieve(); });
  if (answers.file) {
    with(answers.file->run.number, [&](ActiveRun& run) { run.answer_file(*answers.file); });
  }
  if (answers.only_is_gone) stop(Stop::kDrain);
}

void JobWorker::Impl::on_answer(const QuestionAnswer& answer) {
  with(answer.run.number, [&](ActiveRun& run) { run.answer_question(answer); });
}

void JobWorker::Impl::begin(ClaimedWork work) {
  const std::int64_t number = work.run.result.number;
  auto run = std::make_unique<ActiveRun>(context_, std::move(work.run),
                                         [this](ActiveRun& it) { ended(it); });
  ActiveRun& active = *run;
  WL_CHECK(runs_.emplace(number, std::move(run)).second, "a run was claimed twice at once");
  count_runs();
  watch_lease();
  if (options_.once && number != options_.only) {
    active.refuse("worker_lost", "The command that queued this run is gone.");
    return;
  }
  active.start(std::move(work.inputs));
  if (stop_ == Stop::kNow || drain_expired_) active.drain(stop_ == Stop::kNow);
}

/// Makes room for another attempt of the run, which may be this worker's too, before this one has
/// died.
void JobWorker::Impl::abandon(std::int64_t number) {
  const auto found = runs_.find(number);
  if (found == runs_.end()) return;
  ActiveRun& lost = *abandoned_.emplace_back(std::move(found->second));
  runs_.erase(found);
  lost.abandon();
}

void JobWorker::Impl::ended(ActiveRun& run) {
  // The caller is still within the run.
  loop_.post([this, ended = &run, number = run.number(), over = !run.retries()] {
    const auto found = runs_.find(number);
    if (found != runs_.end() && found->second.get() == ended) {
      runs_.erase(found);
    } else {
      std::erase_if(abandoned_, [&](const auto& one) { return one.get() == ended; });
    }
    if (options_.once && number == options_.only && over) stop(Stop::kDrain);
    count_runs();
  });
}

void JobWorker::Impl::stop(Stop how) {
  if (how <= stop_) return;
  stop_ = how;
  exchange_.drain();
  if (how == Stop::kNow) {
    for (auto& [number, run] : runs_) run->drain(true);
  } else {
    drain_timer_ = loop_.after(options_.drain_timeout, [this] {
      drain_expired_ = true;
      for (auto& [number, run] : runs_) run->drain(false);
    });
  }
}

void JobWorker::Impl::count_runs() {
  const std::lock_guard lock(life_);
  running_ = runs_.size() + abandoned_.size();
  if (running_ == 0) idle_.notify_all();
}

/// Ends the runs when the lease could not be renewed for most of its time: others may settle them
/// soon. Looks twice, so that a process that was stopped for a while (SIGSTOP, a suspended machine)
/// has a moment to renew.
void JobWorker::Impl::watch_lease() {
  if (lease_timer_) return;
  lease_timer_ = loop_.after(options_.lease / 20, [this] {
    const auto keep = std::move(lease_timer_);
    const bool overdue = clock_.steady() - exchange_.renewed_at() > options_.lease * 8 / 10;
    if (runs_.empty()) {
      lease_overdue_ = false;
      return;
    }
    if (overdue && lease_overdue_) {
      for (auto& [number, run] : runs_) run->lose_lease();
    }
    lease_overdue_ = overdue;
    watch_lease();
  });
}

JobWorker::JobWorker(WorkerOptions options, EventLoop& loop, runner::Runner& runner,
                     Storage& storage, const SealingKey& key, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), loop, runner, storage, key, clock)) {}

JobWorker::~JobWorker() {
  request_stop();
  request_stop();
  wait();
}

Result<void> JobWorker::start() {
  return impl_->start();
}
void JobWorker::request_stop() {
  impl_->request_stop();
}
void JobWorker::wait() {
  impl_->wait();
}
void JobWorker::release() {
  impl_->release();
}
std::size_t JobWorker::running() const {
  return impl_->running();
}

}  // namespace windlass::worker
