#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/sanitiser.h"
#include "worker/console.h"
#include "worker/exchange.h"

namespace windlass::worker {

/// How much one run may log.
struct LogLimits {
  std::int64_t entries = 0;
  std::int64_t bytes = 0;
};

/// Turns what one run reports into events: checks types, bounds lengths, takes secrets out, counts
/// what is over the log limits. A job may send anything: what cannot be read is counted, never an
/// error. Event loop only. The add functions return true when the run is to be held back
/// (Exchange). `sanitiser` is asked at each entry: its owner may give it more to know.
class Recorder {
 public:
  Recorder(RunKey run, std::int64_t attempt, LogLimits limits, Exchange& exchange,
           const Clock& clock, const Sanitiser& sanitiser);

  /// An entry of Windlass itself; never dropped.
  void note(std::string_view level, std::string_view grouping, std::string message,
            std::string object = "", std::string url = "");
  /// A `log` frame.
  bool log(const json::object& frame);
  /// A `progress` frame: stored at once, or by tick() when the last one is too young.
  bool progress(const json::object& frame);
  /// Bytes of stdout or stderr.
  bool console(bool is_stderr, std::string_view bytes);
  /// Counts a frame that makes no sense.
  void unreadable() { ++unreadable_; }

  /// Whether something waits for tick(): progress that came too fast, a line without an end.
  bool wants_tick() const;
  /// Stores what has waited long enough; to be called about every kTick while wants_tick().
  void tick();
  /// Stores everything that waits, and notes what was dropped or could not be read.
  void finish(int unreadable_frames);
  std::int64_t dropped() const { return dropped_; }

  static constexpr Micros kTick = std::chrono::milliseconds(100);

 private:
  bool full(std::size_t bytes);
  Event make_event(EventKind kind) const;
  bool line(bool is_stderr, std::string_view text);
  bool store_progress();

  const RunKey run_;
  const std::int64_t attempt_;
  const LogLimits limits_;
  Exchange& exchange_;
  const Clock& clock_;
  const Sanitiser& sanitiser_;
  const TimePoint began_;
  std::int64_t entries_ = 0;
  std::int64_t bytes_ = 0;
  std::int64_t dropped_ = 0;
  bool full_ = false;
  int unreadable_ = 0;
  std::optional<json::object> waiting_progress_;
  Micros progress_at_;       ///< when progress was last stored
  LineSplitter streams_[2];  ///< stdout, stderr
  std::optional<Micros> partial_since_[2];
};

}  // namespace windlass::worker
