#pragma once

#include <memory>
#include <set>
#include <string>

#include "base/event_loop.h"
#include "engine/code_set.h"
#include "engine/quiet_modules.h"
#include "runner/runner.h"
#include "sources/jobs_root.h"
#include "sources/last_good.h"

namespace windlass::engine {

/// Code that was imported and may serve.
struct LoadedCode {
  CodeSet newest;              ///< what there is
  CodeSet used;                ///< the same, or with earlier files of some modules and sources
  std::string id;              ///< under which the runner has it
  json::value manifest;        ///< of `used`; each module's entry names its source
  SourceErrors errors;         ///< of the newest files
  std::set<std::string> held;  ///< modules of JOBS_ROOT that are held back since they register
                               ///< nothing all of a sudden
};

/// Has the runner import sets of sources and finds one that serves as much as possible: where the
/// newest files of a module of JOBS_ROOT do not import, its last good ones take their place; a
/// repository goes back as a whole to the commit that served before. Blocks its caller, which is
/// one thread that is not the loop's; stop() may be called from any.
class CodeLoader {
 public:
  CodeLoader(EventLoop& loop, runner::Runner& runner, sources::JobsRoot& root,
             const sources::LastGood& good, const Sanitiser& sanitiser, NativeBuilds* native);
  ~CodeLoader();

  /// Loads `newest`, or the best that can be made of it. `before` is what serves now, or null.
  /// Errors: those of Runner::load; `catalog.stopped`.
  Result<LoadedCode> load(const CodeSet& newest, const LoadedCode* before, QuietModules& quiet,
                          Micros now);
  /// Imports the set as it is; what its modules raise is without secrets, and bounded. Errors: as
  /// load().
  Result<json::value> import(const CodeSet& set);
  /// A load under way, and every later one, ends with `catalog.stopped`.
  void stop();

 private:
  struct Waiting;
  /// What goes back to earlier files.
  struct Back {
    std::set<std::string> modules;  ///< of JOBS_ROOT
    std::set<std::string> sources;  ///< repositories
  };
  Result<bool> go_back(LoadedCode& code, const Back& back, const LoadedCode* before);
  /// Puts the good files of these modules in place of the newest, if there are any.
  void go_back(SourceCode& root, const std::set<std::string>& modules, const LoadedCode* before);
  /// How many modules that imported once do not in `code.used`.
  std::size_t broken(const LoadedCode& code, const LoadedCode* before) const;

  EventLoop& loop_;
  runner::Runner& runner_;
  sources::JobsRoot& root_;
  const sources::LastGood& good_;
  const Sanitiser& sanitiser_;  ///< of what imports raise
  NativeBuilds* const native_;  ///< null: there are no modules in C++
  std::shared_ptr<Waiting> waiting_;
};

}  // namespace windlass::engine
