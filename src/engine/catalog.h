#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/event_loop.h"
#include "base/service.h"
#include "engine/git_files.h"
#include "engine/job_records.h"
#include "engine/native_builds.h"
#include "model/sanitiser.h"
#include "runner/runner.h"
#include "storage/storage.h"

namespace windlass::engine {

struct CatalogOptions {
  std::filesystem::path jobs_root;
  std::filesystem::path home;  ///< versions lie in <home>/sources
  /// Whose records these are; those of other sources are left alone.
  std::string source = "jobs_root";
  std::string only_module = {};  ///< load just this module of the root; "": all
  bool watch = true;             ///< false: load once
  /// Leaves records alone whose classes are not there: for commands that borrow code, and may look
  /// into another folder than the server does.
  bool keep_missing = false;
  Micros quiet = std::chrono::milliseconds(50);
  Micros rescan = std::chrono::seconds(2);
  /// After a refresh that failed, unless a change comes first.
  Micros retry = std::chrono::seconds(10);
  /// How long a module that registers nothing all of a sudden is held back.
  Micros settle = std::chrono::seconds(1);
  /// Called on the loop whenever a version has become the one that runs use.
  std::function<void()> on_serving = {};
  std::size_t copy_limit = 64 << 20;                ///< bytes; larger roots are used in place
  std::vector<std::string> apps = {};               ///< installed packages that bring jobs
  std::map<std::string, std::string> pythons = {};  ///< source → its interpreter
  GitFiles* repositories = nullptr;  ///< files of the Git repositories in storage; null: none. It
                                     ///< outlives the catalog
  NativeBuilds* native = nullptr;    ///< compiles modules in C++; null: there are none. It outlives
                                     ///< the catalog
  /// How often repositories' records are looked at, besides when storage tells of a change;
  /// packages half as often.
  Micros look = std::chrono::seconds(1);
  /// Between imports of packages that could not be found at the last.
  Micros ask_again = std::chrono::minutes(1);
  Sanitiser sanitiser = Sanitiser::standard();  ///< of what imports raise
  json::value system_manifest = {};             ///< Windlass' own jobs; null: none
  std::string system_version = {};
};

/// What came of trying a repository's commit.
struct CommitTrial {
  bool imported = false;
  std::string error;      ///< why not: a traceback, or a sentence and one
  std::int64_t jobs = 0;  ///< classes of the repository, when it serves
  RefreshSummary refresh;
  /// Commits of other repositories that serve from now on too: slug → commit. They waited for this
  /// one.
  std::map<std::string, std::string> with;
};

/// Keeps the job records and the runner's code in step with where job code comes from: JOBS_ROOT
/// (snapshots of it), Git repositories (the commit that their records name) and installed packages.
/// Has the runner import all of it, refreshes the records, makes it the version that runs use;
/// again on every change.
///
/// A source that is broken disturbs no other. A module of JOBS_ROOT that does not import goes on
/// with its last good files, a repository with the commit before; the records say so, and
/// engine/import_errors.h tells of modules without a record. What fails as a whole (interpreter,
/// database) leaves everything as it was, is logged and tried again. Owned by main; loop, runner
/// and storage outlive it. Works on a thread of its own.
class Catalog final : public Service {
 public:
  Catalog(CatalogOptions options, EventLoop& loop, runner::Runner& runner, Storage& storage,
          const Clock& clock);
  ~Catalog() override;
  /// Starts the first refresh and the watching; returns at once.
  Result<void> start() override;
  /// A refresh under way is given up.
  void request_stop() override;
  void wait() override;
  /// Waits until the first refresh has ended and returns what it found or why it failed. For
  /// migrate, post_upgrade and --local. Errors: `sources.*`, `runner.*`, `storage.*`,
  /// `catalog.stopped`, `catalog.overtaken`.
  Result<RefreshSummary> first_refresh();
  /// Refreshes now, whether something changed or not (sync), and waits for it. Errors as above.
  Result<RefreshSummary> refresh();
  /// The same without waiting (edit of a record): the log tells what fails.
  void request_refresh();
  /// Imports a commit beside what serves, on the catalog's thread, and waits for it. When the
  /// commit imports, and nothing that did before fails because of it, it serves from now on and the
  /// repository's record names it; else everything stays as it was. Commits of other repositories
  /// and files of JOBS_ROOT that were refused before are tried together with it. `cancelled` is
  /// asked before anything changes, and while others are waited for. Errors: as first_refresh(),
  /// `git.cancelled`, `git.superseded`, `git_repository.not_found`.
  Result<CommitTrial> try_commit(const GitRepository& repository,
                                 const sources::SourceVersion& version,
                                 const std::function<bool()>& cancelled);
  /// Whether the commit that the repository's record names serves, with files that were compared
  /// with Git's, and without any newer one that was refused. Waits for the catalog's thread, which
  /// takes in what changed elsewhere before. Errors: as first_refresh(), `git.cancelled`.
  Result<bool> serves(const GitRepository& repository, const std::function<bool()>& cancelled);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace windlass::engine
