#include "worker/exchange.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace windlass::worker {

namespace {

using namespace std::chrono_literals;

constexpr Micros kFirstBackoff = 20ms;
constexpr Micros kLongestBackoff = 1s;
/// A long-lasting failure is told in our log once in so many tries.
constexpr std::int64_t kTellEvery = 30;

}  // namespace

Exchange::Exchange(const WorkerOptions& options, Storage& storage, const SealingKey& key,
                   const Clock& clock, EventLoop& loop, ExchangeObserver& observer)
    : options_(options),
      record_(options.record),
      storage_(storage),
      key_(key),
      clock_(clock),
      loop_(loop),
      observer_(observer),
      free_(options.record.slots),
      held_(options.hold) {
  WL_CHECK(options.record.queues.is_array(), "a worker's queues are a list of names");
  for (const json::value& queue : options.record.queues.as_array()) {
    queues_.emplace_back(to_view(queue.as_string()));
  }
}

Exchange::~Exchange() {
  drain();
  join();
}

Result<void> Exchange::start() {
  const Micros now = clock_.steady();
  WL_TRY_VOID(register_worker());
  renewed_at_ = now.count();
  renew_due_ = now + options_.lease / 4;
  poll_due_ = now + options_.poll;
  subscription_ =
      storage_.notifier().subscribe([this](const Notice& notice) { on_notice(notice); });
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "windlass-store");
    run();
  });
  if (!options_.once) stand_ = storage_.results().stand_by(*this);
  return ok();
}

Result<void> Exchange::register_worker() {
  record_.state = "ready";
  record_.started = clock_.now();
  return storage_.workers().add(record_);
}

void Exchange::join() {
  const std::lock_guard lock(joining_);
  subscription_.reset();
  if (thread_.joinable()) thread_.join();
  stand_.reset();
}

/// Holds the mutex, and wakes the thread after it: before, it would meet the mutex held.
class Exchange::WakingLock {
 public:
  explicit WakingLock(Exchange& exchange) : exchange_(exchange), lock_(exchange.mutex_) {}
  ~WakingLock() {
    const bool wake = std::exchange(exchange_.wake_, false);
    lock_.unlock();
    if (wake) exchange_.changed_.notify_one();
  }
  WakingLock(const WakingLock&) = delete;
  WakingLock& operator=(const WakingLock&) = delete;

 private:
  Exchange& exchange_;
  std::unique_lock<std::mutex> lock_;
};

std::optional<WorkRequest> Exchange::offer(const std::string& queue) {
  const WakingLock lock(*this);
  const bool serves = std::any_of(queues_.begin(), queues_.end(), [&](const std::string& name) {
    return name == queue || (name == "*" && !queue.starts_with(kLocalQueue));
  });
  if (!serves || !may_claim() || failures_ > 0) return std::nullopt;
  ++offers_;
  WorkRequest request;
  request.worker = record_.id;
  request.worker_name = record_.name;
  request.queues = queues_;
  take_room(request);
  return request;
}

void Exchange::settled(const WorkRequest& offered, Result<WorkReply> reply) {
  Answers answers;
  if (reply.ok()) answers.claimed = open_claimed(std::move(reply->claimed));
  const WakingLock lock(*this);
  --offers_;
  if (reply.ok()) {
    settle_claim(offered, *reply, clock_.steady(), answers);
  } else {
    free_ += offered.claim_limit;
    claim_wanted_ = true;
  }
  wake_ = draining_ || (claim_wanted_ && may_claim());
  post(std::move(answers));
}

void Exchange::on_notice(const Notice& notice) {
  if (notice.kind != Notice::Kind::kQueued && notice.kind != Notice::Kind::kCancel) return;
  const WakingLock lock(*this);
  if (notice.kind == Notice::Kind::kQueued) {
    claim_wanted_ = true;
    if (may_claim()) wake_ = true;
  } else {
    cancels_wanted_ = urgent_ = true;
    wake_ = true;
  }
}

/// Has `fill` add to what waits of a run, with the mutex held; wakes the thread where it must know,
/// and says whether the run is crowded.
template <class Fill>
bool Exchange::note(const RunKey& run, std::size_t bytes, Fill fill) {
  const std::size_t before = outbox_.pending_bytes();
  if (!outbox_.put(run, bytes, clock_.steady(), fill)) return false;
  if (outbox_.first_pending() + options_.flush_after < sleeps_until_) wake_ = true;
  if (before < options_.flush_bytes && outbox_.pending_bytes() >= options_.flush_bytes)
    wake_ = true;
  return outbox_.crowded(run);
}

bool Exchange::add(const RunKey& run, Event event) {
  const WakingLock lock(*this);
  return note(run, weight(event),
              [&](RunWrite& pending) { pending.events.push_back(std::move(event)); });
}

bool Exchange::add_progress(const RunKey& run, Event event, json::value progress) {
  const WakingLock lock(*this);
  return note(run, weight(event), [&](RunWrite& pending) {
    pending.events.push_back(std::move(event));
    pending.progress = std::move(progress);
  });
}

void Exchange::set_version(const RunKey& run, const std::string& version) {
  const WakingLock lock(*this);
  note(run, 0, [&](RunWrite& pending) { pending.source_version = version; });
}

bool Exchange::add_file(FileToKeep file) {
  const WakingLock lock(*this);
  const RunKey run = file.run;
  if (!outbox_.add_file(std::move(file))) return false;
  wake_ = true;
  return outbox_.crowded(run);
}

void Exchange::finish(const RunKey& run, RunOutcome outcome, std::int64_t dropped) {
  const WakingLock lock(*this);
  ++free_;
  note(run, 0, [&](RunWrite& pending) {
    pending.dropped_log_count += dropped;
    pending.outcome = std::move(outcome);
  });
  urgent_ = true;
  wake_ = true;
}

void Exchange::release() {
  const WakingLock lock(*this);
  ++free_;
  wake_ = true;
}

void Exchange::let_claim() {
  const WakingLock lock(*this);
  held_ = false;
  wake_ = true;
}

void Exchange::drain() {
  const WakingLock lock(*this);
  draining_ = true;
  wake_ = true;
}

bool Exchange::due(Micros now) const {
  if (now < retry_due_) return false;
  if (urgent_ || outbox_.has_files() || (draining_ && !draining_told_)) return true;
  if (claim_wanted_ && may_claim()) return true;
  if (outbox_.any_pending() && outbox_.pending_bytes() >= options_.flush_bytes) return true;
  return now >= deadline(now);
}

Micros Exchange::deadline(Micros now) const {
  if (now < retry_due_) return retry_due_;
  Micros until = std::min(renew_due_, poll_due_);
  if (may_claim()) until = std::min(until, claim_due_);
  if (outbox_.any_pending()) {
    until = std::min(until, outbox_.first_pending() + options_.flush_after);
  }
  return until;
}

bool Exchange::claims_now(Micros now) const {
  return may_claim() && (claim_wanted_ || now >= poll_due_ || now >= claim_due_);
}

bool Exchange::finished(Micros now) const {
  if (!draining_) return false;
  return (outbox_.empty() && offers_ == 0) ||
         (failures_ > 0 && now - renewed_at() > options_.lease);
}

void Exchange::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    const Micros now = clock_.steady();
    if (finished(now)) break;
    if (due(now)) {
      turn(lock);
      linger_ = true;
      continue;
    }
    sleeps_until_ = deadline(now);
    if (linger_) sleeps_until_ = std::min(sleeps_until_, now + options_.flush_after);
    linger_ = false;
    changed_.wait_for(lock, sleeps_until_ - now);
    sleeps_until_ = Micros(0);
  }
  if (!outbox_.empty()) {
    log::error("The worker ends with runs that it could not record; they end as lost.",
               {{"runs", std::to_string(outbox_.numbers().size())}});
  }
  tell_state(lock, "stopped");
}

/// One exchange with storage: take → exchange → settle → tell the loop.
void Exchange::turn(std::unique_lock<std::mutex>& lock) {
  if (draining_ && !draining_told_) {
    draining_told_ = true;
    tell_state(lock, "draining");
  }
  const Micros began = clock_.steady();
  Answers answers;
  WorkRequest request = take(began);
  const bool registered = registered_;
  lock.unlock();
  const Result<void> ready = registered ? ok() : register_worker();
  Result<WorkReply> reply =
      ready.ok() ? storage_.results().exchange(request) : Result<WorkReply>(ready.error());
  if (reply.ok()) answers.claimed = open_claimed(std::move(reply->claimed));
  lock.lock();
  if (reply.ok()) {
    registered_ = true;
    settle(request, std::move(*reply), began, answers);
    look_for_only(lock, answers);
  } else {
    put_back(request);
    if (reply.error().code == "worker.not_found") {
      lose_all(answers);
      retry_due_ = began + kFirstBackoff;
    } else {
      retry_later(reply.error(), began);
    }
  }
  answers.relieved = outbox_.relieve();
  post(std::move(answers));
  if (reply.ok() && outbox_.has_files()) keep_file(lock);
}

/// Makes a request claim as much as it may.
void Exchange::take_room(WorkRequest& request) {
  request.claim_limit = std::exchange(free_, 0);
  claim_wanted_ = false;
  claim_due_ = Micros::max();
}

WorkRequest Exchange::take(Micros now) {
  WorkRequest request;
  request.worker = record_.id;
  request.worker_name = record_.name;
  request.renew = now >= renew_due_;
  request.queues = queues_;
  const bool poll = now >= poll_due_;
  if (claims_now(now)) take_room(request);
  if (poll) poll_due_ = now + options_.poll;
  request.look_for_cancels = (cancels_wanted_ || poll) && !outbox_.empty();
  cancels_wanted_ = false;
  // An empty write tells whether a silent run is still ours.
  request.writes = outbox_.take(request.renew, now);
  urgent_ = outbox_.any_pending();
  return request;
}

/// Storage has taken the request: what it says about our runs becomes ours.
void Exchange::settle(WorkRequest& request, WorkReply reply, Micros began, Answers& answers) {
  if (failures_ > 0) log::info("The worker reaches the database again.");
  failures_ = 0;
  backoff_ = retry_due_ = Micros(0);
  if (request.renew) {
    renewed_at_ = began.count();
    renew_due_ = began + options_.lease / 4;
  }
  outbox_.stored(request.writes);
  for (const RunWrite& write : request.writes) {
    if (write.outcome && write.outcome->status == JobResultStatus::kRetry) only_settled_ = false;
  }
  for (const std::int64_t number : reply.lost) outbox_.forget(number);
  settle_claim(request, reply, began, answers);
  answers.lost = std::move(reply.lost);
  answers.cancels = std::move(reply.cancels);
}

/// The claimed runs, opened already, become ours. `began` is when they were asked for or later: a
/// claim that comes too early is told what is left.
void Exchange::settle_claim(const WorkRequest& request, const WorkReply& reply, Micros began,
                            const Answers& answers) {
  const auto claimed = static_cast<std::int64_t>(answers.claimed.size());
  free_ += request.claim_limit - claimed;
  if (claimed > 0 && claimed == request.claim_limit) claim_wanted_ = true;
  for (const ClaimedWork& work : answers.claimed) {
    outbox_.open({work.run.result.number, work.run.lease_token});
  }
  if (reply.next_retry) claim_due_ = began + *reply.next_retry;
}

/// Storage has not taken the request: everything waits in its old order for the next try.
void Exchange::put_back(WorkRequest& request) {
  free_ += request.claim_limit;
  claim_wanted_ = claim_wanted_ || request.claim_limit > 0;
  cancels_wanted_ = cancels_wanted_ || request.look_for_cancels;
  if (outbox_.put_back(request.writes)) urgent_ = true;
}

void Exchange::retry_later(const Error& error, Micros now) {
  backoff_ = std::clamp(backoff_ * 2, kFirstBackoff, kLongestBackoff);
  retry_due_ = now + backoff_;
  if (failures_++ % kTellEvery == 0) {
    log::error("The worker cannot exchange with the database and tries again.", error);
  }
}

/// The worker was taken for lost: none of its runs is its own any more. The next turn records it
/// anew, under another id.
void Exchange::lose_all(Answers& answers) {
  log::warning(
      "This worker was taken for lost by another process; it ends its runs and registers again.");
  answers.lost = outbox_.numbers();
  for (const std::int64_t number : answers.lost) outbox_.forget(number);
  registered_ = draining_told_ = false;
  record_.id = new_id(clock_.now());
}

/// Stores one file; the next turns take the others, so that leases and outcomes come between.
void Exchange::keep_file(std::unique_lock<std::mutex>& lock) {
  const FileToKeep file = outbox_.take_file();
  lock.unlock();
  std::string content;
  FileAnswer answer{file.run, file.file};
  if (base64_decode(file.base64, &content)) {
    answer.stored = storage_.files().add(file.run.number, file.run.lease_token, file.name, content);
  } else {
    answer.stored = Error{"file.damaged", "The file's content did not arrive whole."};
  }
  Answers answers;
  lock.lock();
  if (!answer.stored.ok())
    log::warning("A job's file was not kept.", {{"code", answer.stored.error().code}});
  outbox_.file_done(file);
  answers.file = std::move(answer);
  answers.relieved = outbox_.relieve();
  post(std::move(answers));
}

Result<RunInputs> Exchange::inputs_of(const ClaimedRun& run) {
  std::vector<OpenedFile> opened;
  if (run.has_files) {
    WL_TRY(auto files, storage_.results().input_files(run.result.number, run.lease_token));
    WL_TRY(opened, open_files(std::move(files), key_));
  }
  return open_inputs(run, std::move(opened), key_);
}

/// Not on the event loop, because reading and unsealing large inputs takes long, and so does
/// getting many secrets ready to be looked for.
std::vector<ClaimedWork> Exchange::open_claimed(std::vector<ClaimedRun> claimed) {
  std::vector<ClaimedWork> opened;
  for (ClaimedRun& run : claimed) {
    ClaimedWork& work = opened.emplace_back(ClaimedWork{std::move(run)});
    if (!work.run.singleton_holder) work.inputs = inputs_of(work.run);
  }
  return opened;
}

/// Whether the one run that this worker is for can still be claimed.
void Exchange::look_for_only(std::unique_lock<std::mutex>& lock, Answers& answers) {
  if (!options_.once || only_settled_) return;
  for (const ClaimedWork& work : answers.claimed) {
    if (work.run.result.number == options_.only) only_settled_ = true;
  }
  if (only_settled_) return;
  lock.unlock();
  const Result<JobResult> result = storage_.results().get_by_number(options_.only);
  lock.lock();
  const bool waits = result.ok()
                         ? !is_final(result->status) && result->status != JobResultStatus::kStarted
                         : result.error().code != "job_result.not_found";
  only_settled_ = answers.only_is_gone = !waits;
}

void Exchange::tell_state(std::unique_lock<std::mutex>& lock, const std::string& state) {
  lock.unlock();
  const Result<void> told = storage_.workers().set_state(record_.id, state);
  lock.lock();
  if (!told.ok()) log::error("The worker could not record that it is " + state + ".", told.error());
}

void Exchange::post(Answers answers) {
  if (answers.empty()) return;
  loop_.post([this, shared = std::make_shared<Answers>(std::move(answers))] {
    observer_.on_answers(std::move(*shared));
  });
}

}  // namespace windlass::worker
