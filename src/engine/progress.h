#pragma once

#include <string>
#include <string_view>

namespace windlass::engine {

/// Through which work that takes long tells a run's log what it does, and hears that it is to end.
/// Of one thread, that of the work.
class Progress {
 public:
  virtual ~Progress() = default;
  /// An entry of the log; `level` as of a `log` frame.
  virtual void log(std::string_view level, std::string message) = 0;
  /// What goes on just now; only the newest counts.
  virtual void status(std::string_view text) = 0;
  /// The run's id.
  virtual std::string run() const = 0;
  /// Whether the run is to end.
  virtual bool stopped() const = 0;
};

}  // namespace windlass::engine
