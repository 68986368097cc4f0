#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/json.h"
#include "base/result.h"

namespace windlass::runner {

/// A module in C++: what the native runner loads, and the author's file, as records show it.
struct NativeLibrary {
  std::filesystem::path library;
  std::filesystem::path file;
};

/// Why a module is not imported at all, in place of what its import raises.
struct ModuleFailure {
  std::string type;  ///< "CompileError", "InterpreterExited", "ImportTimeout", …
  std::string message;
  std::string traceback = {};       ///< for the author; "": none
  std::filesystem::path file = {};  ///< the author's; "": that of a Python module
};

/// One source of a version, as the `describe` frame of spec/runner-protocol.md names it.
struct SourceSpec {
  std::string kind;            ///< "jobs_root", "git" or "app"
  std::filesystem::path path;  ///< the version's read-only files; "" for an installed package
  std::filesystem::path root;  ///< where authors edit them; "" likewise
  std::vector<std::string> modules;
  std::string name = {};     ///< Job::source of its classes; "": the kind
  std::string version = {};  ///< what results of its classes record; "": the version's id
  std::string python = {};   ///< interpreter that imports it; "": the pool's
  bool native = false;       ///< the native runner loads its modules, which `libraries` has
  std::map<std::string, NativeLibrary> libraries = {};
  std::map<std::string, ModuleFailure> failed = {};  ///< modules that are reported, not imported
};

/// Name of a source → its version.
using SourceVersions = std::map<std::string, std::string>;

/// The code that runs use: one content, imported once.
struct VersionSpec {
  std::string id;
  std::vector<SourceSpec> sources;
  bool check = false;  ///< the manifest's warnings tell all that `jobs check` looks for
  /// Keeps the files where they are as long as a process may read them.
  std::vector<std::shared_ptr<const void>> holds = {};
};

/// What a version's code declares: the `manifest` frame. A module that ended or hung the
/// interpreter has its entry too, with an `error` of type "InterpreterExited" or "ImportTimeout"
/// made by the host; so have those whose interpreter cannot be used, with the type
/// "InterpreterFailed", while another one can.
struct Manifest {
  std::string version;
  json::value frame;
};

/// Why the host ends a run. The first reason given wins, but a soft time limit that the job lives
/// through gives way to what ends it.
enum class StopReason { kCancelled, kDrain, kSoftTimeLimit, kTimeLimit, kMemoryLimit };

struct RunSpec {
  json::object frame;                ///< the `run` frame, or the `choices` frame, told by its type
  std::vector<UniqueFd> files = {};  ///< sent ahead as `input_files`; at most 16
  Micros soft_time_limit{0};         ///< 0: none. The clock runs from the moment the frame is sent
  Micros time_limit{0};              ///< 0: none
  std::int64_t memory_limit = 0;     ///< bytes of the run and all it started; 0: none
};

/// How a run ended. Everything that it started is dead when this is told.
struct RunEnd {
  enum class How {
    kResult,         ///< the child sent `result`; `result` holds the frame
    kExited,         ///< the child ended without one; `wait_status` says how
    kChannelClosed,  ///< the child closed its run socket and lived on; it was killed
    kKilled,         ///< the host killed it, for `stop_reason`
    kRunnerLost,     ///< its zygote or base ended
    kStartFailed,    ///< no child could be had; `message` says why
  };
  How how = How::kExited;
  json::value result;
  int wait_status = 0;   ///< as wait4 gives it
  bool stopped = false;  ///< whether stop() was asked for before the end, by anyone; then
                         ///< stop_reason holds why
  StopReason stop_reason = StopReason::kCancelled;
  bool out_of_memory = false;  ///< a SIGKILL not ours while the kernel's out-of-memory counter rose
  std::string message;
  std::int64_t peak_memory =
      0;  ///< bytes, largest sample of the run's tree or the child's own maximum
  double cpu_seconds = 0;
  int leftovers = 0;  ///< processes that the run left behind, ended by the host
  int unreadable_frames = 0;
};

/// Told what happens to a run. All calls come on the pool's event loop, one at a time; on_ended is
/// the last and comes exactly once. The observer outlives on_ended.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  /// The run frame is on its way. `version` is that of the source which the run's class comes from.
  /// `warning` is "" or what the log should say about how it is run (fresh interpreter).
  virtual void on_started(const std::string& version, std::int64_t pid,
                          const std::string& warning) = 0;
  /// A `log`, `progress`, `file` or `ask` frame.
  virtual void on_frame(json::object frame) = 0;
  /// Bytes of stdout or stderr, as they came; they may end within a line or a character.
  virtual void on_console(bool is_stderr, std::string_view bytes) = 0;
  virtual void on_ended(RunEnd end) = 0;
};

/// A run under way. Owned by the caller; may be destroyed after on_ended only. Event loop only.
class Run {
 public:
  virtual ~Run() = default;
  /// Soft first (a `cancel` frame and SIGUSR1), then after the pool's grace time everything is
  /// killed. kTimeLimit and kMemoryLimit kill at once.
  virtual void stop(StopReason reason) = 0;
  /// Kills at once, with everything it started.
  virtual void kill(StopReason reason) = 0;
  /// Sends a frame to the job, e.g. `file_created`.
  virtual void send(const json::object& frame) = 0;
  /// While paused nothing is read from the job: a full socket or pipe holds it back.
  /// A few dozen frames that were read already still come, and what is left when the job has died.
  virtual void pause() = 0;
  virtual void resume() = 0;
};

/// Speaks to job code. Implemented by Pool (real processes) and FakeRunner (tests). All calls on
/// the event loop that it was made with, but for those marked.
class Runner {
 public:
  virtual ~Runner() = default;
  /// Imports a version in a new zygote beside the current one (one of each interpreter that its
  /// sources name) and calls back with what it declares. A module that ends or hangs the
  /// interpreter is left out of the next try by itself. Errors: `runner.interpreter` (no
  /// interpreter can be started), `runner.protocol`, `runner.stopped`.
  virtual void load(const VersionSpec& version, std::function<void(Result<Manifest>)> done) = 0;
  /// From now on runs start on this version, which load() has described. Older zygotes end with
  /// their last run. Also ends what expect_version began. A version that was loaded but is not
  /// wanted is dropped by the next serve(). `sources` has the versions of sources that were not
  /// known before the import: they stand in for SourceSpec::version.
  virtual void serve(const std::string& version, const SourceVersions& sources) = 0;
  /// A newer version is being made: runs started from now on wait for the next serve(), at most
  /// `at_most`, then they start on what serves.
  virtual void expect_version(Micros at_most) = 0;
  /// Starts a run. Never fails by itself: trouble comes through on_ended.
  virtual std::unique_ptr<Run> start(RunSpec spec, RunObserver& observer) = 0;
  /// Number of runs that have started and not ended.
  virtual std::size_t active() const = 0;
};

}  // namespace windlass::runner
