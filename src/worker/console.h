#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace windlass::worker {

/// Turns the bytes of one stream into lines. A line is shown as a terminal would: what a carriage
/// return overwrote is gone. A line longer than kLongestMessage goes on in the next. No piece ends
/// within a character.
class LineSplitter {
 public:
  using Emit = std::function<void(std::string_view line)>;
  /// Takes bytes as they came; emits every line that they complete.
  void feed(std::string_view bytes, const Emit& emit);
  /// Emits what has no newline yet, but for the first bytes of a character that is still on its
  /// way.
  void flush(const Emit& emit);
  /// Emits everything: no more bytes will come.
  void finish(const Emit& emit);
  /// Whether a line has begun and not ended.
  bool partial() const { return !rest_.empty(); }
  /// What has come of it.
  std::string_view rest() const { return rest_; }

 private:
  std::string rest_;  ///< at most kLongestMessage bytes between calls
};

}  // namespace windlass::worker
