#include "engine/catalog.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "base/log.h"
#include "engine/code_in_force.h"
#include "sources/watcher.h"

namespace windlass::engine {

namespace {

/// How long runs wait for the version that is being made.
constexpr Micros kExpect = std::chrono::seconds(5);
/// Packages are looked at with every so many looks.
constexpr int kPackageLooks = 2;
/// Between looks for checkouts that nobody needs any more.
constexpr Micros kTidy = std::chrono::minutes(1);
/// How often who waits for a trial looks whether it is cancelled.
constexpr auto kCancelLook = std::chrono::milliseconds(100);

Error stopped_error() {
  return {"catalog.stopped", "The program is being stopped."};
}

/// A commit to be tried, and what came of it; without a version, whether it serves already.
struct Trial {
  const GitRepository& repository;
  const sources::SourceVersion* version;
  const std::function<bool()>& cancelled;
  std::optional<Result<CommitTrial>> answer = {};
};

/// What is asked of the catalog's thread. Shared with callbacks on the event loop, which may
/// outlive the catalog.
struct Requests {
  std::mutex mutex;
  std::condition_variable changed;
  bool pending = false;           ///< a refresh is wanted
  bool forced = false;            ///< … whether something changed or not
  std::set<std::string> touched;  ///< files that changed
  bool look = false;              ///< records were changed, repositories perhaps
  std::deque<Trial*> trials;      ///< each waits for its answer
  std::uint64_t asked = 1;        ///< number of the newest refresh() call; the first refresh is 1
  std::uint64_t done = 0;
  bool stopping = false;
  std::optional<Result<RefreshSummary>> first;
  std::optional<Result<RefreshSummary>> last;

  /// Something to look at, though it may turn out to be nothing new.
  void wake() {
    const std::lock_guard lock(mutex);
    pending = true;
    changed.notify_all();
  }
};

/// What the thread does next: a refresh, or a trial.
struct Work {
  RefreshWork refresh = {};
  std::uint64_t ticket = 1;
  Trial* trial = nullptr;
};

}  // namespace

class Catalog::Impl {
 public:
  Impl(CatalogOptions options, EventLoop& loop, runner::Runner& runner, Storage& storage,
       const Clock& clock)
      : options_(std::move(options)),
        loop_(loop),
        runner_(runner),
        storage_(storage),
        clock_(clock),
        code_(
            options_, loop, runner, storage, clock, [this](const LoadedCode& code) { serve(code); },
            [requests = requests_] { requests->wake(); }) {
    if (options_.native != nullptr)
      options_.native->on_built([requests = requests_] { requests->wake(); });
  }

  ~Impl() {
    request_stop();
    wait();
  }

  Result<void> start() {
    const std::lock_guard lock(thread_mutex_);
    if (!thread_.joinable() && !stopping()) thread_ = std::thread([this] { run(); });
    return ok();
  }

  void request_stop() {
    {
      const std::lock_guard lock(requests_->mutex);
      requests_->stopping = true;
      requests_->changed.notify_all();
    }
    code_.stop();
  }

  void wait() {
    const std::lock_guard lock(thread_mutex_);
    if (thread_.joinable()) thread_.join();
    if (stopping()) refuse_trials();
  }

  Result<RefreshSummary> first_refresh() {
    std::unique_lock lock(requests_->mutex);
    requests_->changed.wait(lock, [&] { return requests_->stopping || requests_->first; });
    return requests_->first ? *requests_->first : stopped_error();
  }

  void request_refresh() {
    const std::lock_guard lock(requests_->mutex);
    ask();
  }

  Result<RefreshSummary> refresh() {
    std::unique_lock lock(requests_->mutex);
    const std::uint64_t ticket = ask();
    requests_->changed.wait(lock, [&] { return requests_->stopping || requests_->done >= ticket; });
    return requests_->done >= ticket ? *requests_->last : stopped_error();
  }

  Result<CommitTrial> try_commit(const GitRepository& repository,
                                 const sources::SourceVersion* version,
                                 const std::function<bool()>& cancelled) {
    Trial trial{repository, version, cancelled};
    std::unique_lock lock(requests_->mutex);
    if (requests_->stopping) return stopped_error();
    requests_->trials.push_back(&trial);
    requests_->changed.notify_all();
    // The thread answers each that it has begun, and all others before it ends.
    while (!trial.answer) {
      requests_->changed.wait_for(lock, kCancelLook);
      if (trial.answer || !cancelled() || std::erase(requests_->trials, &trial) == 0) continue;
      return Error{"git.cancelled", "The sync was cancelled; nothing was changed."};
    }
    return *std::move(trial.answer);
  }

 private:
  /// The ticket of the refresh that is asked for; the mutex is held.
  std::uint64_t ask() {
    requests_->pending = requests_->forced = true;
    requests_->changed.notify_all();
    return ++requests_->asked;
  }

  // The thread ----------------------------------------------------------------------------------

  void run() {
    sources::WatcherOptions watching;
    watching.root = options_.jobs_root;
    watching.quiet = options_.quiet;
    watching.rescan = options_.rescan;
    sources::Watcher watcher(watching,
                             [this](sources::Change change) { on_change(std::move(change)); });
    if (options_.watch) {
      if (const auto started = watcher.start(); !started.ok())
        log::error("job files are not watched", started.error());
      writes_ = &watcher;
    }
    const auto subscription = looks() ? subscribe() : nullptr;
    for (std::optional<Work> work = Work(); work; work = next_work()) {
      if (work->trial != nullptr) {
        try_now(*work->trial);
      } else {
        refresh_now(*work);
      }
    }
    watcher.stop();
    writes_ = nullptr;
    refuse_trials();  // later ones are refused at once
  }

  void refresh_now(const Work& work) {
    auto result = code_.refresh(work.refresh, writes_);
    retry_at_.reset();
    if (result.ok()) {
      code_.log().forget_failure();
    } else {
      give_up(result.error());
    }
    finish(work.ticket, std::move(result));
  }

  void try_now(Trial& trial) {
    auto result = answer_to(trial);
    // What was done of it by then is put right by a refresh.
    if (!result.ok() && result.error().code != "git.cancelled" &&
        result.error().code != "git.superseded")
      retry_at_ = clock_.steady() + options_.retry;
    const std::lock_guard lock(requests_->mutex);
    trial.answer = std::move(result);
    requests_->changed.notify_all();
  }

  Result<CommitTrial> answer_to(Trial& trial) {
    if (trial.version != nullptr)
      return code_.try_commit(trial.repository, *trial.version, trial.cancelled, writes_);
    CommitTrial found;
    WL_TRY(found.imported, code_.serves(trial.repository, writes_));
    return found;
  }

  void refuse_trials() {
    const std::lock_guard lock(requests_->mutex);
    for (Trial* trial : requests_->trials) trial->answer = stopped_error();
    requests_->trials.clear();
    requests_->changed.notify_all();
  }

  /// Waits for something to do; nothing when the catalog ends.
  std::optional<Work> next_work() {
    std::unique_lock lock(requests_->mutex);
    for (;;) {
      if (requests_->stopping) return std::nullopt;
      if (!requests_->trials.empty()) {
        Trial* trial = requests_->trials.front();
        requests_->trials.pop_front();
        return Work{{}, 0, trial};
      }
      if (requests_->pending) {
        requests_->pending = false;
        return Work{
            {std::exchange(requests_->forced, false), std::exchange(requests_->touched, {})},
            requests_->asked};
      }
      const Micros now = clock_.steady();
      const auto due = next_refresh();
      if (due && *due <= now) return Work{{retry_at_.has_value(), {}}, requests_->done};
      if (std::exchange(requests_->look, false) || look_at_ <= now) {
        lock.unlock();
        const bool changed = look();
        lock.lock();
        if (changed) return Work{{false, {}}, requests_->done};
        continue;
      }
      const Micros until = due ? std::min(*due, look_at_) : look_at_;
      if (until == Micros::max()) {
        requests_->changed.wait(lock);
      } else {
        requests_->changed.wait_for(lock, until - now);
      }
    }
  }

  /// When to refresh without being asked: after a failed one, or because of a module held back.
  std::optional<Micros> next_refresh() const { return retry_at_ ? retry_at_ : code_.due(); }

  bool look() {
    const Micros now = clock_.steady();
    // What records tell is looked at at once, files of packages in their time.
    const bool in_time = look_at_ <= now;
    if (in_time) look_at_ = looks() ? now + options_.look : Micros::max();
    const bool changed = looks() && code_.look(in_time && ++looks_ % kPackageLooks == 0);
    if (now >= tidy_at_) {
      code_.tidy();
      tidy_at_ = now + kTidy;
    }
    // Runs that were asked for because of new code wait for it.
    if (changed) loop_.post([&runner = runner_] { runner.expect_version(kExpect); });
    return changed;
  }
  bool looks() const {
    return options_.watch && (options_.repositories != nullptr || !options_.apps.empty());
  }

  /// Repositories may have changed with the records, in whatever process.
  std::unique_ptr<Notifier::Subscription> subscribe() {
    return storage_.notifier().subscribe([requests = requests_](const Notice& notice) {
      if (notice.kind != Notice::Kind::kJobs) return;
      const std::lock_guard lock(requests->mutex);
      requests->look = true;
      requests->changed.notify_all();
    });
  }

  void finish(std::uint64_t ticket, Result<RefreshSummary> result) {
    const std::lock_guard lock(requests_->mutex);
    if (!requests_->first) requests_->first = result;
    // Who asked gets the answer, not that of a later look that found nothing new.
    if (ticket > requests_->done) {
      requests_->done = ticket;
      requests_->last = std::move(result);
    }
    requests_->changed.notify_all();
  }

  bool stopping() const {
    const std::lock_guard lock(requests_->mutex);
    return requests_->stopping;
  }

  /// On the watcher's thread.
  void on_change(sources::Change change) {
    {
      const std::lock_guard lock(requests_->mutex);
      requests_->pending = true;
      requests_->touched.merge(change.files);
      requests_->changed.notify_all();
    }
    loop_.post([&runner = runner_] { runner.expect_version(kExpect); });
  }

  void serve(const LoadedCode& code) {
    loop_.post([&runner = runner_, requests = requests_, version = code.id,
                sources = code.used.versions(), on_serving = options_.on_serving] {
      runner.serve(version, sources);
      if (on_serving) on_serving();
      // That ended the waiting for whatever changed in the meantime too.
      const std::lock_guard lock(requests->mutex);
      if (requests->pending && !requests->stopping) runner.expect_version(kExpect);
    });
  }

  /// Everything stays as it was, and is tried again later.
  void give_up(const Error& error) {
    if (error.code == "catalog.stopped" || stopping()) return;
    code_.log().tell_failure(error);
    retry_at_ = clock_.steady() + options_.retry;
    code_.serve_again();
  }

  const CatalogOptions options_;
  EventLoop& loop_;
  runner::Runner& runner_;
  Storage& storage_;
  const Clock& clock_;
  const std::shared_ptr<Requests> requests_ = std::make_shared<Requests>();

  // Of the catalog's thread.
  CodeInForce code_;
  sources::WriteActivity* writes_ = nullptr;
  std::optional<Micros> retry_at_;
  Micros look_at_{0};
  Micros tidy_at_{0};
  int looks_ = 0;

  std::mutex thread_mutex_;
  std::thread thread_;
};

Catalog::Catalog(CatalogOptions options, EventLoop& loop, runner::Runner& runner, Storage& storage,
                 const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), loop, runner, storage, clock)) {}
Catalog::~Catalog() = default;
Result<void> Catalog::start() {
  return impl_->start();
}
void Catalog::request_stop() {
  impl_->request_stop();
}
void Catalog::wait() {
  impl_->wait();
}
Result<RefreshSummary> Catalog::first_refresh() {
  return impl_->first_refresh();
}
Result<RefreshSummary> Catalog::refresh() {
  return impl_->refresh();
}
void Catalog::request_refresh() {
  impl_->request_refresh();
}
Result<CommitTrial> Catalog::try_commit(const GitRepository& repository,
                                        const sources::SourceVersion& version,
                                        const std::function<bool()>& cancelled) {
  return impl_->try_commit(repository, &version, cancelled);
}
Result<bool> Catalog::serves(const GitRepository& repository,
                             const std::function<bool()>& cancelled) {
  WL_TRY(const CommitTrial found, impl_->try_commit(repository, nullptr, cancelled));
  return found.imported;
}

}  // namespace windlass::engine
