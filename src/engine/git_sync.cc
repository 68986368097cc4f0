#include "engine/git_sync.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/program.h"
#include "engine/git_checkouts.h"
#include "engine/import_errors.h"
#include "engine/sync_turn.h"
#include "model/bounds.h"
#include "model/job_source.h"

namespace windlass::engine {

namespace {

/// Paths and jobs beyond these are told as a number.
constexpr std::size_t kMostNames = 20;
constexpr std::size_t kShownCommit = 12;

std::string shown(const std::string& commit) {
  return commit.substr(0, kShownCommit);
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string listed(const std::vector<std::string>& names) {
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMostNames));
  std::string text = fmt::format("{}", fmt::join(names.begin(), end, ", "));
  if (names.size() > kMostNames) text += fmt::format(" and {} more", names.size() - kMostNames);
  return text;
}

json::object counts_of(const sources::GitChanges& changes) {
  const auto count = [](const std::vector<std::string>& paths) {
    return static_cast<std::int64_t>(paths.size());
  };
  return {{"added", count(changes.added)},
          {"changed", count(changes.changed)},
          {"removed", count(changes.removed)}};
}

/// Of a refresh, the jobs that are the repository's.
std::vector<std::string> own(const std::vector<std::string>& class_paths, const std::string& slug) {
  std::vector<std::string> of_slug;
  std::ranges::copy_if(class_paths, std::back_inserter(of_slug),
                       [&](const std::string& path) { return path.starts_with(slug + "."); });
  return of_slug;
}

}  // namespace

/// One sync or dry run.
class GitSync::Run {
 public:
  Run(GitSync& sync, GitRepository repository, Progress& progress)
      : sync_(sync),
        repository_(std::move(repository)),
        progress_(progress),
        mirror_(sync.options_, repository_.slug) {
    result_ = {{"repository", repository_.id.to_string()},
               {"slug", repository_.slug},
               {"before", repository_.current_head},
               {"head", ""},
               {"changed", false},
               {"imported", false},
               {"jobs", 0},
               {"files", counts_of({})}};
  }

  SystemEnd sync() {
    auto fetched = fetch();
    if (!fetched.ok()) return fail(fetched.error());
    if (const auto noted = note_fetched(*fetched); !noted.ok()) return fail(noted.error());
    const std::string& commit = fetched->commit;
    const auto stopped = [this] { return progress_.stopped(); };
    if (commit == repository_.current_head) {
      const auto serves = sync_.serves_(repository_, stopped);
      if (!serves.ok()) return fail(serves.error());
      if (*serves) return unchanged();
    }
    tell_changes(commit);
    auto version = check_out(commit);
    if (!version.ok()) return fail(version.error());
    if (const auto installed = install(*version); !installed.ok()) return fail(installed.error());
    progress_.status("Importing");
    auto trial = sync_.try_commit_(repository_, *version, stopped);
    if (!trial.ok()) return fail(trial.error());
    return trial->imported ? serves(commit, *trial) : refused(commit, trial->error);
  }

  /// Another run waits that does what this one would do.
  SystemEnd leave_to(const std::string& run) {
    progress_.log("success",
                  run.empty()
                      ? "Nothing to do: another sync waits and will fetch it."
                      : fmt::format("Nothing to do: the sync {} that waits will fetch it.", run));
    return succeed();
  }

  SystemEnd dry_run() {
    auto fetched = fetch();
    if (!fetched.ok()) return fail(fetched.error(), Note::kNo);
    const std::string& commit = fetched->commit;
    if (commit == repository_.current_head) {
      progress_.log("success",
                    fmt::format("A sync would change nothing: {} serves already.", shown(commit)));
      return succeed();
    }
    tell_changes(commit);
    const Result<void> checked = try_out(commit);
    mirror_.prune({repository_.current_head, repository_.newest_head});
    if (!checked.ok()) return fail(checked.error(), Note::kNo);
    if (commit == repository_.newest_head && !repository_.sync_error.empty()) {
      progress_.log("warning", fmt::format("The newest sync of {} failed: {}", shown(commit),
                                           problem_of(repository_.sync_error)));
    }
    progress_.log("success",
                  fmt::format("A sync would import {}, and have it serve if that works; a dry run "
                              "imports nothing.",
                              shown(commit)));
    return succeed();
  }

 private:
  enum class Note { kYes, kNo };

  Result<sources::GitHead> fetch() {
    progress_.log("info", fmt::format("Fetching {} of {}", repository_.branch,
                                      sources::shown_url(repository_.remote_url)));
    WL_TRY(const sources::GitRemote remote, remote_of(repository_, sync_.key_));
    WL_TRY(sources::GitHead head, mirror_.fetch(remote, [this](std::string_view text) {
      progress_.status(text);
      return !progress_.stopped();
    }));
    progress_.log("info",
                  fmt::format("{} leads to {}: \"{}\" by {}, {}", head.reference, head.commit,
                              head.summary, head.author, to_rfc3339(head.time)));
    result_["head"] = head.commit;
    result_["changed"] = head.commit != repository_.current_head;
    return head;
  }

  /// Unless the record has become another since it was read.
  Result<void> modify(const std::function<void(GitRepository&)>& change) {
    WL_TRY(repository_,
           sync_.storage_.git_repositories().modify(
               repository_.id, [&](GitRepository& stored) -> Result<void> {
                 WL_TRY_VOID(check_fetched(stored, repository_, repository_.newest_head));
                 change(stored);
                 return ok();
               }));
    return ok();
  }

  Result<void> note_fetched(const sources::GitHead& head) {
    const TimePoint now = sync_.clock_.now();
    return modify([&](GitRepository& stored) {
      stored.newest_head = head.commit;
      stored.last_synced = now;
      if (stored.current_head == head.commit) stored.sync_error.clear();
    });
  }

  void tell_changes(const std::string& commit) {
    const auto proceed = [this](std::string_view) { return !progress_.stopped(); };
    auto changes = mirror_.changes(repository_.current_head, commit, proceed);
    // What served before may be in no mirror any more; then all of it is new.
    if (!changes.ok() && changes.error().code == "git.failed")
      changes = mirror_.changes("", commit, proceed);
    if (!changes.ok()) return;
    result_["files"] = counts_of(*changes);
    progress_.log(
        "info",
        fmt::format("{}; files: {} added, {} changed, {} removed",
                    counted(static_cast<std::size_t>(changes->commits), "commit", "commits"),
                    changes->added.size(), changes->changed.size(), changes->removed.size()));
    for (const auto& [what, paths] :
         {std::pair{"Added", &changes->added}, std::pair{"Changed", &changes->changed},
          std::pair{"Removed", &changes->removed}}) {
      if (!paths->empty()) progress_.log("info", fmt::format("{}: {}", what, listed(*paths)));
    }
  }

  Result<sources::SourceVersion> check_out(const std::string& commit) {
    progress_.status("Writing the files");
    WL_TRY(sources::SourceVersion version,
           mirror_.checkout(commit, [this](std::string_view) { return !progress_.stopped(); }));
    for (const std::string& warning : version.warnings) progress_.log("warning", warning);
    return version;
  }

  Result<void> install(sources::SourceVersion& version) {
    if (sync_.environments_ == nullptr) return ok();
    progress_.status("Installing what it requires");
    WL_TRY_VOID(sync_.environments_->make(
        repository_, version, [this](std::string line) { progress_.log("info", std::move(line)); },
        [this] { return !progress_.stopped(); }));
    if (!version.python.empty())
      progress_.log("info", fmt::format("What it requires is installed: {}", version.python));
    return ok();
  }

  /// Writes the files, and holds them no longer.
  Result<void> try_out(const std::string& commit) {
    WL_TRY([[maybe_unused]] const sources::SourceVersion version, check_out(commit));
    return ok();
  }

  SystemEnd unchanged() {
    progress_.log("success",
                  fmt::format("Nothing new: {} serves already.", shown(repository_.current_head)));
    result_["imported"] = true;
    Query query;
    query.filters = {
        {"source", Filter::Is::kOneOf, {DbValue(std::string(kGitSource) + repository_.slug)}},
        {"installed", Filter::Is::kOneOf, {DbValue(std::int64_t{1})}}};
    const auto jobs = sync_.storage_.jobs().list(query);
    if (jobs.ok()) result_["jobs"] = jobs->count;
    return succeed();
  }

  SystemEnd serves(const std::string& commit, const CommitTrial& trial) {
    const std::string& slug = repository_.slug;
    const auto came = own(trial.refresh.new_jobs, slug);
    const auto changed = own(trial.refresh.changed_jobs, slug);
    const auto went = own(trial.refresh.vanished_jobs, slug);
    progress_.log("success",
                  fmt::format("{} serves from now on. {}.jobs has {}: {} new, {} changed, {} gone.",
                              shown(commit), slug,
                              counted(static_cast<std::size_t>(trial.jobs), "job", "jobs"),
                              came.size(), changed.size(), went.size()));
    for (std::size_t i = 0; i < std::min(came.size(), kMostNames); ++i) {
      progress_.log("info", fmt::format("New: {}. Enable it with `{}`.", came[i],
                                        program::command("jobs enable " + came[i])));
    }
    if (!changed.empty()) progress_.log("info", "Changed: " + listed(changed));
    if (!went.empty()) progress_.log("warning", "No longer registered: " + listed(went));
    for (const auto& [other, head] : trial.with) {
      progress_.log("info",
                    fmt::format("Commit {} of {}, which could not serve before, does so now "
                                "too.",
                                shown(head), other));
    }
    for (const auto& [class_path, trouble] : trial.refresh.warnings) {
      if (class_path.starts_with(slug + ".")) progress_.log("warning", class_path + ": " + trouble);
    }
    for (const auto& [module, problem] : trial.refresh.errors) {
      if (module == slug + ".jobs") progress_.log("error", problem);
    }
    result_["imported"] = true;
    result_["jobs"] = trial.jobs;
    return succeed();
  }

  SystemEnd refused(const std::string& commit, const std::string& why) {
    const std::string& before = repository_.current_head;
    const std::string sentence =
        fmt::format("{} does not import, so that {}: {}", shown(commit),
                    before.empty() ? "nothing of it serves" : shown(before) + " goes on serving",
                    problem_of(why));
    progress_.log("error", why);
    note_error(why);
    SystemEnd end = ended(false);
    end.sentence = sentence;
    end.traceback = why;
    return end;
  }

  SystemEnd fail(const Error& error, Note note = Note::kYes) {
    const bool stopped = error.code == "git.cancelled" || error.code == "catalog.stopped";
    if (note == Note::kYes && !stopped) note_error(error.message);
    SystemEnd end = ended(false);
    end.sentence = error.message;
    return end;
  }

  void note_error(const std::string& why) {
    const std::string told = cleaned(sync_.sanitiser_, why);
    const auto noted = modify([&](GitRepository& stored) { stored.sync_error = told; });
    // What is newer than this has its own.
    if (!noted.ok() && noted.error().code != "git.superseded")
      progress_.log("warning", noted.error().message);
  }

  SystemEnd succeed() { return ended(true); }
  SystemEnd ended(bool succeeded) { return {succeeded, std::move(result_), "", ""}; }

  GitSync& sync_;
  GitRepository repository_;
  Progress& progress_;
  sources::GitMirror mirror_;
  json::object result_;
};

GitSync::GitSync(sources::GitOptions options, Storage& storage, const SealingKey& key,
                 const Clock& clock, Sanitiser sanitiser, TryCommit try_commit, Serves serves,
                 GitEnvironments* environments)
    : options_(std::move(options)),
      storage_(storage),
      key_(key),
      clock_(clock),
      sanitiser_(std::move(sanitiser)),
      try_commit_(std::move(try_commit)),
      serves_(std::move(serves)),
      environments_(environments) {}

SystemEnd GitSync::sync(const Uuid& repository, Progress& progress) {
  auto record = storage_.git_repositories().get(repository);
  if (!record.ok()) return {false, nullptr, record.error().message, ""};
  const SyncTurn turn(options_.folder / record->slug, progress, SyncTurn::Waits::kUnlessAnother);
  if (turn.failure()) return {false, nullptr, turn.failure()->message, ""};
  if (turn.other()) return Run(*this, *std::move(record), progress).leave_to(*turn.other());
  record = storage_.git_repositories().get(repository);  // as it is by now
  if (!record.ok()) return {false, nullptr, record.error().message, ""};
  return Run(*this, *std::move(record), progress).sync();
}

SystemEnd GitSync::dry_run(const Uuid& repository, Progress& progress) {
  auto record = storage_.git_repositories().get(repository);
  if (!record.ok()) return {false, nullptr, record.error().message, ""};
  const SyncTurn turn(options_.folder / record->slug, progress, SyncTurn::Waits::kAlways);
  if (turn.failure()) return {false, nullptr, turn.failure()->message, ""};
  record = storage_.git_repositories().get(repository);  // as it is by now
  if (!record.ok()) return {false, nullptr, record.error().message, ""};
  return Run(*this, *std::move(record), progress).dry_run();
}

std::map<std::string, SystemJob> GitSync::jobs() {
  const auto job = [this](SystemEnd (GitSync::*work)(const Uuid&, Progress&)) {
    return [this, work](const json::object& inputs, Progress& progress) -> SystemEnd {
      const auto id = Uuid::parse(get_string(inputs, "repository"));
      if (!id) return {false, nullptr, "The run names no repository.", ""};
      return (this->*work)(*id, progress);
    };
  };
  return {{std::string(kSyncJob), job(&GitSync::sync)},
          {std::string(kDryRunJob), job(&GitSync::dry_run)}};
}

}  // namespace windlass::engine
