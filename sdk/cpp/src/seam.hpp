/// Where the library meets the native runner: modules, and what windlass/jobs/hosting.hpp has. All
/// of it is called by the main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>
#include <windlass/jobs/hosting.hpp>

namespace windlass::jobs::internal {

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

/// Gives the text of where the exception that is being handled was thrown, line ends included, to
/// stand above "type: message" in a traceback; "" where it is not known. The runner sets it.
extern std::string (*throw_backtrace)();

}  // namespace windlass::jobs::internal
