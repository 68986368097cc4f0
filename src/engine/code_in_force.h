#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "engine/catalog.h"
#include "engine/catalog_log.h"
#include "engine/code_loader.h"
#include "engine/installed_apps.h"
#include "engine/repository_sources.h"

namespace windlass::engine {

/// What one refresh is to do.
struct RefreshWork {
  bool forced = true;                  ///< whether something changed or not
  std::set<std::string> touched = {};  ///< files of JOBS_ROOT that changed
};

/// The code that serves, and how other code takes its place: gather → load → record → serve →
/// remember. The catalog's parts without its thread: one thread at a time, but for stop().
class CodeInForce {
 public:
  /// Told on the catalog's thread that this code is to serve.
  using Serve = std::function<void(const LoadedCode& code)>;
  CodeInForce(const CatalogOptions& options, EventLoop& loop, runner::Runner& runner,
              Storage& storage, const Clock& clock, Serve serve, std::function<void()> wake);

  /// `writes` tells of half-written files; may be null.
  Result<RefreshSummary> refresh(const RefreshWork& work, sources::WriteActivity* writes);
  /// As Catalog::serves().
  Result<bool> serves(const GitRepository& repository, sources::WriteActivity* writes);
  Result<CommitTrial> try_commit(const GitRepository& repository, sources::SourceVersion version,
                                 const std::function<bool()>& cancelled,
                                 sources::WriteActivity* writes);
  /// Whether repositories or packages changed.
  bool look(bool at_packages);
  /// Removes what nobody needs any more.
  void tidy();
  /// Serves what served, after a refresh failed.
  void serve_again();
  /// When a module that is held back, or files that are not here, are to be looked at again.
  std::optional<Micros> due() const;
  bool has_code() const { return code_.has_value(); }
  CatalogLog& log() { return log_; }
  /// Loads and fetches under way are given up. Any thread.
  void stop();

 private:
  /// A set that was imported beside what serves, and why it cannot take its place.
  struct Attempt {
    CodeSet set;
    json::value manifest;
    TimePoint began;
    std::string problem;  ///< "" when it can
  };

  void resolve_native(CodeSet& set);
  Result<CodeSet> gather(const RefreshWork& work, sources::WriteActivity* writes);
  Result<void> add_root(CodeSet& set, const RefreshWork& work, sources::WriteActivity* writes);
  Result<Attempt> attempt(CodeSet set, const std::set<std::string>& tried);
  Result<CommitTrial> adopt(Attempt attempt, const GitRepository& tried, const std::string& source);
  Result<void> follow(sources::WriteActivity* writes);
  Result<RefreshSummary> refresh_once(const RefreshWork& work, sources::WriteActivity* writes);
  Result<RefreshSummary> refresh_sources(const RefreshWork& work, sources::WriteActivity* writes);
  Result<CommitTrial> refuse(const SourceCode& tried, std::string problem);
  SourceErrors all_errors(const LoadedCode& code) const;
  Result<RefreshSummary> record(const LoadedCode& code);
  void remember(LoadedCode code);
  void keep_errors(const LoadedCode& code);

  const CatalogOptions& options_;
  Storage& storage_;
  const Clock& clock_;
  const Serve serve_;
  sources::JobsRoot root_;
  sources::LastGood good_;
  CodeLoader loader_;
  QuietModules quiet_;
  RepositorySources repositories_;
  InstalledApps apps_;
  CatalogLog log_;
  std::optional<LoadedCode> code_;
  std::set<std::string> touched_;  ///< told by the watcher and in no snapshot yet
  std::optional<Error> root_problem_;
  std::optional<SourceErrors> kept_errors_;  ///< as they were saved last
};

}  // namespace windlass::engine
