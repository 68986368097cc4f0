/// Where the library meets the process that runs it: the native runner, or a test.
///
/// The public headers live in `inline namespace v1` of windlass::jobs; this one does not, because
/// no job module sees it. Everything here is called by the main thread, except Host, whose send()
/// and stop_reason() any thread of a job may call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <windlass/jobs/json.hpp>

namespace windlass::jobs::internal {

/// What job code speaks to: the run socket of a child, memory in a test.
class Host {
 public:
  virtual ~Host();
  /// Sends one frame, JSON text already made; the view ends with the call. Splits it into parts
  /// when it is larger than a message. What cannot be sent is dropped: a log call never fails a
  /// run. Thread-safe.
  virtual void send(std::string_view frame_json) = 0;
  /// Blocks for the frame of either type whose member `id_member` is `id`, and returns it; takes in
  /// `cancel` frames meanwhile. Thread-safe: two threads may wait for different answers.
  virtual Json wait_for(std::string_view type1, std::string_view type2, std::string_view id_member,
                        std::int64_t id) = 0;
  /// "" or the reason of the last `cancel` frame of this run: "cancelled", "soft_time_limit",
  /// "drain". Cheap, thread-safe.
  virtual std::string_view stop_reason() = 0;
  /// A descriptor that is readable as long as stop_reason() is not "", or -1. Made at the first
  /// call; stays the host's.
  virtual int stop_descriptor() = 0;
};

/// A module whose shared object is about to be loaded.
struct ModuleDeclaration {
  std::string name;    ///< "my_group", or "netjobs.jobs.my_group"
  std::string source;  ///< "jobs_root", "git:netjobs"
  std::string file;    ///< the author's file, or a project's folder, as `file_path` shows it
  /// The same file as it is in the version that is loaded; "" where that is not known.
  std::string copy = {};
  /// Whether its author wants to know all that may be wrong.
  bool check = false;
};

/// What the manifest says of a module.
struct ModuleEntry {
  Json entry;  ///< name, source, file_path, error, classes
  std::vector<Json> warnings;
};

/// Everything that is registered from here to end_module() (dlopen of one shared object) belongs to
/// that module. Registration never throws: what is wrong with a declaration becomes the entry's
/// error.
void begin_module(ModuleDeclaration declaration);

/// Ends it. Where a declaration is wrong, `entry` has an error {type, message, traceback} and no
/// classes.
ModuleEntry end_module();

/// Ends it for a module that could not be loaded: an entry with that error and no classes; what it
/// registered before is forgotten. `type` is "LoadError" or the like.
ModuleEntry fail_module(std::string_view type, std::string_view message,
                        std::string_view traceback);

/// "" where a module built for that ABI fits this program; else a sentence for its author. A
/// module's ABI text begins with "windlass-jobs-abi: " and stands in its read-only data: where
/// dlopen misses symbols, look for it in the file.
std::string abi_problem(std::string_view built_for);

/// The entry of a module that is not loaded at all (`skip` of the describe frame).
Json unloaded_entry(const ModuleDeclaration& declaration, std::string_view type,
                    std::string_view message, std::string_view traceback);

/// Serves a `run` frame: makes the job, gives it its inputs, calls its methods in order, catches
/// everything. Returns the `result` frame without `reusable`, which the caller adds. `files` are
/// the descriptors of the run's input files; they are closed before it returns.
Json run_job(const Json& run_frame, std::vector<int> files, Host& host);

/// Serves a `choices` frame; the same otherwise. Logs go nowhere.
Json compute_choices(const Json& choices_frame, Host& host);

/// Gives the text of where the exception that is being handled was thrown, line ends included, to
/// stand above "type: message" in a traceback; "" where it is not known. The runner sets it.
extern std::string (*throw_backtrace)();

}  // namespace windlass::jobs::internal
