#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/event_loop.h"
#include "base/result.h"
#include "runner/version.h"

namespace windlass::runner {

class PoolCore;

/// Gets a zygote to import a version. A module that ends or hangs the interpreter is left out of
/// the next try, so the number of tries is bounded by the number of modules. Owned by PoolCore;
/// event loop only.
class Load {
 public:
  using Done = std::function<void(Result<Manifest>)>;
  Load(PoolCore& core, std::shared_ptr<Version> version, Done done);

  /// Asks a base that is ready for a zygote.
  void begin();
  bool has_begun() const { return zygote_ != nullptr; }
  const std::shared_ptr<Version>& version() const { return version_; }
  /// Ends without success; the zygote is killed. Destroys this.
  void fail(Error error);

  // Told by the zygote.
  void importing(std::string module);
  void manifest(Zygote& zygote, json::object frame);
  /// It is dead; no status when its base died too. It is not to be touched any more.
  void zygote_ended(std::optional<int> status);

 private:
  void watch_time();
  void time_out();
  void finish(Result<Manifest> result);

  PoolCore& core_;
  std::shared_ptr<Version> version_;
  Done done_;
  Zygote* zygote_ = nullptr;
  std::string module_;  ///< being imported
  bool timed_out_ = false;
  int deaths_outside_modules_ = 0;
  std::unique_ptr<EventLoop::Timer> timer_;
};

/// "exit status 3", "signal 11 (Segmentation fault)": how a wait status is told to users.
std::string status_text(int status);

}  // namespace windlass::runner
