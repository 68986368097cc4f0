#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/native_toolchain.h"
#include "runner/runner.h"
#include "sources/version.h"

namespace windlass::engine {

struct SourceCode;

/// A module in C++, as far as it is. A value; cheap to copy.
struct NativeModule {
  std::string key;                               ///< of the library's folder; "" without one
  std::filesystem::path library;                 ///< what the runner loads; "": there is none
  std::filesystem::path file;                    ///< the author's
  std::optional<runner::ModuleFailure> failure;  ///< why there is no library
  bool pending = false;  ///< the files that there are now are being compiled; the library, if any,
                         ///< is that which serves
  std::shared_ptr<const sources::VersionHold> hold;

  bool operator==(const NativeModule& other) const {
    return key == other.key && pending == other.pending &&
           failure.has_value() == other.failure.has_value() &&
           (!failure || failure->message == other.failure->message);
  }
};

/// Compiles the modules in C++ of all sources, one after another on a thread of its own, and keeps
/// what came of each content in <home>/native: the library, or what the compiler said. A library
/// that was compiled elsewhere is copied there, so that it can be overwritten while it is in use.
/// What failed for reasons that need not be the module's is not kept, but tried again: after half a
/// minute, and one that took too long after ten minutes, then each time twice as long, up to a day.
/// Thread-safe. Sanitiser and clock outlive it.
class NativeBuilds {
 public:
  NativeBuilds(NativeOptions options, const Sanitiser& sanitiser, const Clock& clock);
  /// Ends what is being compiled.
  ~NativeBuilds();

  /// Called, on the thread that compiles, whenever something was or may be tried again. Before the
  /// first resolve().
  void on_built(std::function<void()> call);
  /// Fills in SourceCode::native. What was never compiled is from now on. `serving` is the source
  /// as it serves, or null: its libraries stand in meanwhile.
  void resolve(SourceCode& source, const SourceCode* serving);
  /// The library of a module's earlier content, if it is kept.
  std::optional<NativeModule> of_hash(const std::string& hash);
  /// Waits until everything of this version has been compiled, or `proceed`, asked some ten times a
  /// second, gives up.
  void wait(const sources::SourceVersion& version, const std::function<bool()>& proceed);
  /// Removes what nobody used for a week.
  void prune();
  /// Ends what is being compiled, and every wait; returns at once.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace windlass::engine
