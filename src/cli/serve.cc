#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <charconv>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "base/log.h"
#include "base/process.h"
#include "cli/commands.h"
#include "cli/home.h"
#include "cli/job_choices.h"
#include "cli/job_runtime.h"
#include "cli/repository_rules.h"
#include "cli/signals.h"
#include "cli/worker_parts.h"
#include "embedded/page.h"
#include "engine/accounts.h"
#include "engine/git_repositories.h"
#include "engine/questions.h"
#include "engine/sessions.h"
#include "engine/submit.h"
#include "engine/system_jobs.h"
#include "maintenance/local_runs.h"
#include "maintenance/lost_workers.h"
#include "maintenance/poll_repositories.h"
#include "server/http/server.h"
#include "server/rest/api.h"
#include "sources/git/remote_url.h"

namespace windlass::cli {

namespace {

/// HOST:PORT; a host in brackets may hold colons.
Result<http::Config> parse_listen(const Settings& settings) {
  const std::string& text = settings.listen;
  const auto colon = text.rfind(':');
  http::Config config;
  const std::string_view port =
      std::string_view(text).substr(colon == std::string::npos ? 0 : colon + 1);
  const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), config.port);
  if (problem != std::errc{} || end != port.data() + port.size() || port.empty()) {
    return Error{"settings.invalid",
                 "listen = \"" + text + "\" is not HOST:PORT, such as 127.0.0.1:8001."};
  }
  std::string host = colon == std::string::npos ? "" : text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (!host.empty()) config.host = host;
  config.body_limit = static_cast<std::size_t>(settings.request_body_limit);
  return config;
}

std::string url_of(const http::Config& config, std::uint16_t port) {
  const bool brackets = config.host.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}", brackets ? "[" : "", config.host, brackets ? "]" : "",
                     port);
}

Micros session_lifetime(const Settings& settings) {
  return std::chrono::duration_cast<Micros>(
      std::chrono::duration<double>(settings.session_lifetime));
}

std::vector<http::StaticFile> page_files() {
  std::vector<http::StaticFile> files;
  for (const PageFile& file : embedded_page()) {
    files.push_back({file.path, file.content, file.gzip});
  }
  return files;
}

std::string type_of(SettingKind kind) {
  switch (kind) {
    case SettingKind::kText:
      return "text";
    case SettingKind::kUrl:
      return "url";
    case SettingKind::kCount:
      return "integer";
    case SettingKind::kBytes:
      return "bytes";
    case SettingKind::kSeconds:
      return "seconds";
    case SettingKind::kList:
      return "list";
    case SettingKind::kLines:
      return "lines";
  }
  return "";
}

std::vector<rest::ShownSetting> shown_settings(const LoadedSettings& loaded) {
  const Settings defaults;
  std::vector<rest::ShownSetting> shown;
  for (const Setting& setting : setting_list()) {
    shown.push_back({std::string(setting.name), setting_text(loaded.settings, setting),
                     setting_text(defaults, setting), loaded.origins.at(std::string(setting.name)),
                     type_of(setting.kind), std::string(setting.help)});
  }
  return shown;
}

/// Whoever reaches the whole product on one machine may as well read its files.
bool trusts_files(const Settings& settings, const ServeOptions& options) {
  return options.server && options.worker && is_loopback(settings.listen);
}

/// Counts stop signals and lets the main thread wait for the first.
class StopRequests {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return count_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

/// The parts of a running installation, started and stopped in order.
class Serving {
 public:
  Serving(Home& home, const LoadedSettings& loaded, const ServeOptions& options)
      : home_(home),
        loaded_(loaded),
        options_(options),
        accounts_(*home.storage, home.clock),
        sessions_(*home.storage, accounts_, home.clock, session_lifetime(home.settings)),
        choices_(home, true),
        questions_(*home.storage, choices_),
        submitter_(*home.storage, home.clock, home.key, choices_,
                   {.default_queue = home.settings.default_queue,
                    .served_alone = [&options] { return options.server && options.worker; }}),
        repositories_(*home.storage, home.clock, home.key,
                      repository_rules(home.settings, trusts_files(home.settings, options))),
        lost_workers_(*home.storage, host_name()),
        polling_(*home.storage, submitter_, home.clock, home.settings.home / "poll.lock") {}

  Result<void> start() {
    WL_TRY_VOID(engine::record_system_jobs(*home_.storage, WINDLASS_VERSION, home_.clock.now()));
    if (options_.worker) WL_TRY_VOID(make_worker());
    if (options_.server) WL_TRY_VOID(start_server());
    if (options_.worker) WL_TRY_VOID(start_worker());
    if (options_.server) WL_TRY_VOID(polling_.start());
    return lost_workers_.start();
  }

  /// Any thread. The first call drains, the second means now: also for syncs, which wait for the
  /// catalog.
  void request_stop() {
    const std::lock_guard lock(parts_);
    if (worker_) worker_->request_stop();
    if (++stops_ > 1 && runtime_) runtime_->catalog().request_stop();
  }

  /// Until the worker has drained; then everything else ends.
  void stop() {
    polling_.stop();
    if (worker_) worker_->wait();
    choices_.stop();
    if (server_) server_->stop();
    lost_workers_.stop();
    if (runtime_) {
      runtime_->catalog().stop();
      runtime_->loop().call([] {});  // what the catalog posted may still name the worker
    }
    const std::lock_guard lock(parts_);
    worker_.reset();
    runtime_.reset();
  }

  const engine::Sessions& sessions() const { return sessions_; }
  /// Where clients reach the server.
  std::string url() const {
    if (!home_.settings.base_url.empty()) return home_.settings.base_url;
    return server_ ? url_of(http_, server_->port()) : "";
  }

 private:
  Result<void> start_server() {
    WL_TRY(http_, parse_listen(home_.settings));
    api_.emplace(rest::ApiContext{.storage = *home_.storage,
                                  .submitter = submitter_,
                                  .accounts = accounts_,
                                  .sessions = sessions_,
                                  .repositories = repositories_,
                                  .clock = home_.clock,
                                  .info = {.version = WINDLASS_VERSION,
                                           .python_version = "",
                                           .address = home_.settings.listen,
                                           .default_queue = home_.settings.default_queue,
                                           .base_url = home_.settings.base_url},
                                  .page = &page_,
                                  .settings = shown_settings(loaded_),
                                  .home = home_.settings.home,
                                  .jobs_root = home_.settings.in_home(home_.settings.jobs_root),
                                  .apps = home_.settings.apps,
                                  .commit_link = &sources::commit_link,
                                  .job_edited = [this] { refresh_jobs(); }});
    http::Router router;
    rest::add_routes(router, *api_);
    server_ = std::make_unique<http::Server>(http_, std::move(router), home_.clock);
    return server_->start();
  }

  /// The records follow their classes after an edit; where no catalog runs, with the next one.
  void refresh_jobs() {
    if (runtime_) runtime_->catalog().request_refresh();
  }

  Result<void> make_worker() {
    const auto& queues = options_.queues.empty() ? home_.settings.queues : options_.queues;
    worker::WorkerOptions options =
        worker_options(home_, fmt::format("{}:{}", host_name(), ::getpid()), queues);
    options.answer = [this](const json::object& ask, const ClaimedRun&) {
      return questions_.answer(ask);
    };
    options.hold = true;  // queued runs wait in the queue until the job files are imported
    engine::CatalogOptions catalog = JobRuntime::catalog_options(home_.settings);
    catalog.on_serving = [this] { worker_->release(); };
    const std::lock_guard lock(parts_);
    WL_TRY(runtime_, JobRuntime::make(home_, options.record.instance, std::move(catalog),
                                      trusts_files(home_.settings, options_)));
    worker_ = std::make_unique<worker::JobWorker>(options, runtime_->loop(), runtime_->runner(),
                                                  *home_.storage, home_.key, home_.clock);
    choices_.share(*runtime_);
    return ok();
  }

  Result<void> start_worker() {
    WL_TRY_VOID(runtime_->catalog().start());
    return worker_->start();
  }

  Home& home_;
  const LoadedSettings& loaded_;
  const ServeOptions& options_;
  engine::Accounts accounts_;
  engine::Sessions sessions_;
  JobChoices choices_;
  engine::Questions questions_;
  engine::Submitter submitter_;
  engine::GitRepositories repositories_;
  maintenance::LostWorkers lost_workers_;
  maintenance::PollRepositories polling_;
  const http::StaticFiles page_{page_files()};
  http::Config http_;
  std::optional<rest::ApiContext> api_;
  std::unique_ptr<http::Server> server_;
  std::mutex parts_;  ///< held while runtime and worker come and go
  int stops_ = 0;
  std::unique_ptr<JobRuntime> runtime_;
  std::unique_ptr<worker::JobWorker> worker_;
};

void say_ready(const Serving& serving, const ServeOptions& options) {
  if (options.server) {
    fmt::print("windlass: ready on {}\n", serving.url());
    const auto missing = serving.sessions().is_first_account_missing();
    if (missing.ok() && *missing) {
      fmt::print("windlass: no account yet; sign in once with {}/sign-in#code={}\n", serving.url(),
                 serving.sessions().first_account_code());
    }
  } else {
    fmt::print("windlass: worker ready\n");
  }
  std::fflush(stdout);
}

}  // namespace

int serve(const LoadedSettings& loaded, const ServeOptions& options) {
  StopSignals signals;  // before any thread
  ::prctl(PR_SET_DUMPABLE, 0);
  auto home = open_home(loaded.settings);
  if (!home.ok()) return refuse(home.error());
  const bool alone = options.server && options.worker;
  const auto lock = HomeLock::take(loaded.settings.home, alone);
  if (!lock.ok()) return refuse(lock.error());
  if (const auto settled = maintenance::settle_lost_workers(*(*home)->storage, host_name(), alone);
      !settled.ok()) {
    return refuse(settled.error());
  }
  if (const auto forgotten = maintenance::forget_local_files(*(*home)->storage); !forgotten.ok())
    return refuse(forgotten.error());
  Serving serving(**home, loaded, options);
  StopRequests stops;
  signals.watch([&] {
    serving.request_stop();
    stops.add();
  });
  if (const auto started = serving.start(); !started.ok()) {
    serving.request_stop();
    serving.request_stop();
    serving.stop();
    return refuse(started.error());
  }
  say_ready(serving, options);
  stops.wait();
  log::info("stopping: runs may finish; a second signal ends them now");
  serving.stop();
  return kOk;
}

}  // namespace windlass::cli
