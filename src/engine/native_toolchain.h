#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/keyed_folders.h"
#include "model/sanitiser.h"
#include "runner/spawn.h"
#include "sources/version.h"

namespace windlass::engine {

struct NativeOptions {
  std::filesystem::path folder;                  ///< <home>/native
  std::filesystem::path sdk;                     ///< holds include/ and lib/cmake/windlass/
  std::string compiler = "c++";                  ///< a name on PATH or a path
  std::string instance;                          ///< marks what is started
  std::string job_user;                          ///< account that compiles; "" for our own
  std::vector<std::string> job_environment;      ///< variables passed on besides the usual
  Micros time_limit = std::chrono::minutes(10);  ///< of one program; 0: none
};

/// Why a module could not be made, for its author.
struct CompileProblem {
  std::string message;     ///< one line: "sweep.cpp:12:5: error: …"
  std::string output;      ///< all that was said, with the authors' paths; bounded
  bool timed_out = false;  ///< it was ended: the machine may be the reason, and not the files
};

/// The machine's C++ compiler, and CMake, as modules of jobs are made with them. They run under the
/// account that jobs run under, since a CMakeLists.txt is code too. Thread-safe; blocks its caller.
class NativeToolchain {
 public:
  /// Both outlive it.
  NativeToolchain(const NativeOptions& options, const Sanitiser& sanitiser);

  /// What a compiled module follows from besides its files: compiler, its version, headers. Error
  /// `native.compiler`.
  Result<std::string> identity();
  /// Makes `folder`/module.so of a module; nothing when that worked. `proceed` false ends it.
  /// Errors: `native.compiler` (it cannot be used), `native.stopped`, `runner.job_user`, `file.io`.
  Result<std::optional<CompileProblem>> compile(const sources::SourceVersion& version,
                                                const sources::SourceModule& module,
                                                const std::filesystem::path& folder,
                                                const std::function<bool()>& proceed);
  /// The account that compiles, when it is another one. Error `runner.job_user`.
  Result<std::optional<runner::Account>> account() const;

 private:
  class Build;
  std::vector<std::string> environment() const;
  Result<std::string> compiler() const;
  std::vector<std::string> command_with_flags(std::string program,
                                              const std::string& identity) const;
  Result<void> precompile(const std::filesystem::path& folder,
                          const std::optional<runner::Account>& account,
                          const std::function<bool()>& proceed);
  /// A header with its precompiled form; "" for a compiler that is used without.
  Result<std::filesystem::path> precompiled(const std::function<bool()>& proceed);

  const NativeOptions& options_;
  const Sanitiser& sanitiser_;
  KeyedFolders headers_;  ///< precompiled
  std::mutex mutex_;
  std::map<std::string, std::string> identities_;  ///< compiler and its stamp → what it said
};

}  // namespace windlass::engine
