#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace windlass::worker {

/// Turns the bytes of one stream into lines. A line is shown as a terminal would: what a carriage
/// return overwrote is gone. A line longer than kLongestMessage goes on in the next. No piece ends
/// within a character, nor within what is not to be parted.
class LineSplitter {
 public:
  using Emit = std::function<void(std::string_view line)>;
  /// Number of bytes at a text's end that are not to be parted from what follows.
  using Begun = std::function<std::size_t(std::string_view text)>;
  explicit LineSplitter(Begun begun = [](std::string_view) { return std::size_t{0}; })
      : begun_(std::move(begun)) {}
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
  std::string_view emit_pieces(std::string_view text, const Emit& emit) const;
  std::size_t piece_size(std::string_view text) const;

  const Begun begun_;
  std::string rest_;  ///< at most kLongestMessage bytes between calls
};

}  // namespace windlass::worker
