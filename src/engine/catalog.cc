#include "engine/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/program.h"
#include "engine/code_loader.h"
#include "model/job_source.h"
#include "sources/watcher.h"

namespace windlass::engine {

namespace {

/// How long runs wait for the version that is being made.
constexpr Micros kExpect = std::chrono::seconds(5);
/// More new jobs than this are told in one line.
constexpr std::size_t kJobsToldSingly = 10;

Error stopped_error() {
  return {"catalog.stopped", "The program is being stopped."};
}

/// What is asked of the catalog's thread. Shared with callbacks on the event loop, which may
/// outlive the catalog.
struct Requests {
  std::mutex mutex;
  std::condition_variable changed;
  bool pending = false;           ///< a refresh is wanted
  bool forced = false;            ///< … whether something changed or not
  std::set<std::string> touched;  ///< files that changed
  std::uint64_t asked = 1;        ///< number of the newest refresh() call; the first refresh is 1
  std::uint64_t done = 0;
  bool stopping = false;
  std::optional<Result<RefreshSummary>> first;
  std::optional<Result<RefreshSummary>> last;
};

/// What one refresh is to do.
struct Work {
  bool forced = true;
  std::set<std::string> touched = {};
  std::uint64_t ticket = 1;
};

void tell_new_jobs(const std::vector<std::string>& class_paths) {
  if (class_paths.size() > kJobsToldSingly) {
    log::info(fmt::format("{} new jobs were found; enable them with `{} …`, or all with `{}`",
                          class_paths.size(),
                          program::command("jobs enable " + class_paths.front()),
                          program::command("jobs enable --all")));
    return;
  }
  for (const std::string& class_path : class_paths) {
    log::info(fmt::format("A new job was found; enable it with `{}`",
                          program::command("jobs enable " + class_path)));
  }
}

std::vector<std::string> imported_modules(const LoadedCode& code) {
  const ImportErrors errors = import_errors_of(code.manifest);
  std::vector<std::string> names;
  for (const sources::SourceModule& module : code.used.modules) {
    if (!errors.contains(module.name)) names.push_back(module.name);
  }
  return names;
}

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
        root_({options_.jobs_root, options_.home, options_.copy_limit}),
        good_(options_.home),
        loader_(loop, runner, root_, good_),
        quiet_(options_.watch ? options_.settle : Micros(0)) {}

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
    loader_.stop();
    const std::lock_guard lock(requests_->mutex);
    requests_->stopping = true;
    requests_->changed.notify_all();
  }

  void wait() {
    const std::lock_guard lock(thread_mutex_);
    if (thread_.joinable()) thread_.join();
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
    for (std::optional<Work> work = Work(); work; work = next_work()) {
      auto result = refresh_once(*work);
      retry_at_.reset();
      if (result.ok()) {
        told_failure_.clear();
      } else {
        give_up(result.error());
      }
      finish(work->ticket, std::move(result));
    }
    watcher.stop();
    writes_ = nullptr;
  }

  /// Waits for something to do; nothing when the catalog ends.
  std::optional<Work> next_work() {
    std::unique_lock lock(requests_->mutex);
    while (!requests_->stopping && !requests_->pending) {
      const auto due = next_look();
      if (due && *due <= clock_.steady()) return Work{retry_at_.has_value(), {}, requests_->done};
      if (due) {
        requests_->changed.wait_for(lock, *due - clock_.steady());
      } else {
        requests_->changed.wait(lock);
      }
    }
    if (requests_->stopping) return std::nullopt;
    requests_->pending = false;
    return Work{std::exchange(requests_->forced, false), std::exchange(requests_->touched, {}),
                requests_->asked};
  }

  /// When to look without being asked: a failed refresh, or a module that is held back.
  std::optional<Micros> next_look() const {
    if (retry_at_) return retry_at_;
    return code_ && !code_->held.empty() ? quiet_.due() : std::nullopt;
  }

  void finish(std::uint64_t ticket, Result<RefreshSummary> result) {
    const std::lock_guard lock(requests_->mutex);
    requests_->done = std::max(requests_->done, ticket);
    if (!requests_->first) requests_->first = result;
    requests_->last = std::move(result);
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

  // One refresh: snapshot → load → record → serve → remember ------------------------------------

  Result<RefreshSummary> refresh_once(const Work& work) {
    touched_.insert(work.touched.begin(), work.touched.end());
    WL_TRY(sources::SourceVersion newest, root_.snapshot(touched_, writes_));
    if (!options_.only_module.empty()) {
      std::erase_if(newest.modules,
                    [&](const auto& module) { return module.name != options_.only_module; });
    }
    touched_.clear();
    tell_warnings(newest.warnings);
    const bool same = code_ && code_->newest.id == newest.id && code_->held.empty();
    if (same && !work.forced) {
      serve(code_->used.id);
      return RefreshSummary{code_->used.id, {}, {}, {}, {}, {}};
    }
    LoadedCode code;
    if (same && code_->errors.empty()) {
      code = *code_;
    } else {
      WL_TRY(code, loader_.load(newest, code_ ? &*code_ : nullptr, quiet_, clock_.steady()));
    }
    WL_TRY(RefreshSummary summary, record(code));
    serve(code.used.id);
    remember(std::move(code));
    tell(summary);
    return summary;
  }

  /// The records come before the code: a run claimed after the change has both.
  Result<RefreshSummary> record(const LoadedCode& code) {
    RefreshSummary summary;
    auto written = storage_.jobs().update_all(
        [&](const std::vector<Job>& existing) -> Result<std::vector<Job>> {
          summary = RefreshSummary();
          std::vector<Job> records =
              refreshed_records(existing, code.manifest, code.errors, options_.source, code.used.id,
                                clock_.now(), &summary);
          if (options_.keep_missing) {
            std::erase_if(records, [](const Job& job) { return !job.installed; });
            summary.vanished_jobs.clear();
          }
          return records;
        });
    if (!written.ok()) return std::move(written).error();
    std::set<std::string> queues;
    for (const Job& job : *written) {
      for (std::string& name : job.queue_names()) queues.insert(std::move(name));
    }
    if (!queues.empty()) {
      WL_TRY_VOID(storage_.queues().ensure(std::vector(queues.begin(), queues.end())));
    }
    return summary;
  }

  void serve(const std::string& version) {
    loop_.post(
        [&runner = runner_, requests = requests_, version, on_serving = options_.on_serving] {
          runner.serve(version);
          if (on_serving) on_serving();
          // That ended the waiting for whatever changed in the meantime too.
          const std::lock_guard lock(requests->mutex);
          if (requests->pending && !requests->stopping) runner.expect_version(kExpect);
        });
  }

  void remember(LoadedCode code) {
    if (const auto marked = good_.mark_good(code.used, imported_modules(code)); !marked.ok()) {
      log::error("the last good job files are remembered in memory only", marked.error());
    }
    if (!options_.keep_missing && (!code_ || code_->errors != code.errors)) {
      if (const auto saved = save_import_errors(options_.home, code.errors); !saved.ok()) {
        log::error("the import errors cannot be kept", saved.error());
      }
    }
    quiet_.in_force(code.manifest);
    std::set<std::string> keep = good_.versions();
    keep.insert({code.newest.id, code.used.id});
    code_ = std::move(code);
    root_.prune(keep);
  }

  /// Everything stays as it was, and is tried again later.
  void give_up(const Error& error) {
    if (error.code == "catalog.stopped" || stopping()) return;
    if (told_failure_ != error.message) log::error("the jobs could not be refreshed", error);
    told_failure_ = error.message;
    retry_at_ = clock_.steady() + options_.retry;
    if (code_) serve(code_->used.id);
  }

  // What the log says ---------------------------------------------------------------------------

  void tell(const RefreshSummary& summary) {
    // What is run by its path is no job of this installation: its command tells what there is.
    if (options_.source.starts_with(kFileSource)) return;
    tell_new_jobs(summary.new_jobs);
    for (const std::string& class_path : summary.vanished_jobs) {
      log::info("A job is no longer registered; its record stays", {{"job", class_path}});
    }
    tell_errors(summary);
    for (const auto& [class_path, trouble] : summary.warnings) {
      if (!told_troubles_.contains({class_path, trouble}))
        log::warning("A job declares what cannot be", {{"job", class_path}, {"problem", trouble}});
    }
    told_troubles_ = {summary.warnings.begin(), summary.warnings.end()};
  }

  void tell_errors(const RefreshSummary& summary) {
    const ImportErrors still_broken = import_errors_of(code_->manifest);
    std::set<std::pair<std::string, std::string>> told;
    for (const auto& [module, text] : summary.errors) {
      const std::string problem = problem_of(text);
      told.emplace(module, problem);
      if (told_errors_.contains({module, problem})) continue;
      const bool serves = code_->errors.contains(module) && code_->used.find(module) != nullptr &&
                          !still_broken.contains(module);
      log::error(serves ? "A module of job code does not import; its last good files go on serving"
                        : "A module of job code is wrong",
                 {{"module", module}, {"error", problem}});
    }
    told_errors_ = std::move(told);
  }

  void tell_warnings(const std::vector<std::string>& warnings) {
    for (const std::string& warning : warnings) {
      if (!told_warnings_.contains(warning)) log::warning(warning);
    }
    told_warnings_ = {warnings.begin(), warnings.end()};
  }

  const CatalogOptions options_;
  EventLoop& loop_;
  runner::Runner& runner_;
  Storage& storage_;
  const Clock& clock_;
  const std::shared_ptr<Requests> requests_ = std::make_shared<Requests>();

  // Of the catalog's thread.
  sources::JobsRoot root_;
  sources::LastGood good_;
  CodeLoader loader_;
  QuietModules quiet_;
  sources::WriteActivity* writes_ = nullptr;
  std::optional<LoadedCode> code_;  ///< in force
  std::optional<Micros> retry_at_;
  std::set<std::string> touched_;  ///< told by the watcher and in no snapshot yet
  std::string told_failure_;       ///< so that what fails again and again is logged once
  std::set<std::pair<std::string, std::string>> told_errors_;
  std::set<std::pair<std::string, std::string>> told_troubles_;
  std::set<std::string> told_warnings_;

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

}  // namespace windlass::engine
