#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "runner/runner.h"

namespace windlass::runner {

class Child;
class Zygote;

/// A version of the job code that was loaded or is being loaded, and the processes that wait to run
/// it. Event loop only.
struct Version {
  VersionSpec spec;
  /// Modules that ended or hung the interpreter, for example: left out of the next try.
  std::map<std::string, ModuleFailure> skipped;
  Manifest manifest;
  std::map<std::string, std::string, std::less<>> source_of;  ///< class path → name of its source
  int threads = 1;  ///< of a zygote after its imports; more than 1: it must not be forked
  bool loading = false;
  Micros loaded_at{0};   ///< when the last attempt ended
  bool retired = false;  ///< another version serves: ends with its last run
  Zygote* zygote = nullptr;
  std::deque<Child*> idle;  ///< wait for a run; the last one used is at the back
  int forking = 0;          ///< children asked for that are not there yet
  int running = 0;
  int idle_deaths = 0;  ///< children that ended before they had a run, one after another

  bool fresh() const { return threads > 1; }
};

/// Job::source of a source's classes.
const std::string& source_name(const SourceSpec& source);

/// The manifest's entry of a module that was not imported.
json::object entry_of_skipped(const SourceSpec& source, const std::string& module,
                              const ModuleFailure& failure);

/// The `version` member of `describe` and of `fork` to a base.
json::object describe(const Version& version);

/// The version of the source that a class comes from; of a class that the manifest does not have,
/// the version's id.
std::string source_version(const Version& version, std::string_view class_path);

/// Takes a zygote's `manifest` frame: fills in the errors of skipped modules and what the version
/// needs to know of it.
void take_manifest(Version& version, json::object frame);

}  // namespace windlass::runner
