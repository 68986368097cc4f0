#pragma once

#include <memory>
#include <set>
#include <string>

#include "base/event_loop.h"
#include "engine/import_errors.h"
#include "engine/quiet_modules.h"
#include "runner/runner.h"
#include "sources/jobs_root.h"
#include "sources/last_good.h"

namespace windlass::engine {

/// Code that was imported and may serve.
struct LoadedCode {
  sources::SourceVersion newest;  ///< what lies in the root
  sources::SourceVersion used;    ///< the same, or with the last good files of some modules
  json::value manifest;           ///< of `used`
  ImportErrors errors;            ///< of the newest files
  std::set<std::string> held;     ///< modules held back since they register nothing all of a sudden
};

/// Has the runner import versions and finds one that serves as much as possible: where the newest
/// files of a module do not import, its last good ones take their place. Blocks its caller, which
/// is one thread that is not the loop's; stop() may be called from any.
class CodeLoader {
 public:
  CodeLoader(EventLoop& loop, runner::Runner& runner, sources::JobsRoot& root,
             const sources::LastGood& good);
  ~CodeLoader();

  /// Loads `newest`, or the best that can be made of it. `before` is what serves now, or null.
  /// Errors: those of Runner::load; `catalog.stopped`.
  Result<LoadedCode> load(const sources::SourceVersion& newest, const LoadedCode* before,
                          QuietModules& quiet, Micros now);
  /// A load under way, and every later one, ends with `catalog.stopped`.
  void stop();

 private:
  struct Waiting;
  Result<json::value> import(const sources::SourceVersion& version);
  /// Where good files of these modules lie that differ from those of the version.
  std::map<std::string, std::string> good_files(const sources::SourceVersion& version,
                                                const std::set<std::string>& modules) const;
  Result<bool> replace(LoadedCode& code, const std::set<std::string>& modules,
                       const LoadedCode* before);
  std::set<std::string> broken_modules(const LoadedCode& code) const;

  EventLoop& loop_;
  runner::Runner& runner_;
  sources::JobsRoot& root_;
  const sources::LastGood& good_;
  std::shared_ptr<Waiting> waiting_;
};

}  // namespace windlass::engine
