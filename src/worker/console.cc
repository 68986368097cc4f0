#include "worker/console.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "model/bounds.h"

namespace windlass::worker {

namespace {

/// Where the last text begins that carriage returns have not overwritten; those at the end
/// overwrite nothing yet.
std::size_t visible_start(std::string_view line) {
  const auto last = line.find_last_not_of('\r');
  const auto before = last == std::string_view::npos ? last : line.rfind('\r', last);
  return before == std::string_view::npos ? 0 : before + 1;
}

std::string_view visible(std::string_view line) {
  line.remove_prefix(visible_start(line));
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Number of bytes at the end that begin a character and do not complete it.
std::size_t unfinished(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<std::uint8_t>(text[text.size() - back]);
    if ((byte & 0xC0) == 0x80) continue;
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

}  // namespace

/// Size of the first piece of a text that is too long for one.
std::size_t LineSplitter::piece_size(std::string_view text) const {
  constexpr std::size_t kLeast = kLongestMessage / 2;
  // Bytes that are no UTF-8 at all may leave no place to cut.
  const std::size_t size = std::max(utf8_prefix(text, kLongestMessage).size(), kLeast);
  std::size_t whole = size;
  while (whole >= kLeast) {
    const std::size_t begun = begun_(text.substr(0, whole));
    if (begun == 0) return whole;
    whole -= begun;
  }
  return size;
}

/// Emits whole pieces while the text is too long for one; returns what is left.
std::string_view LineSplitter::emit_pieces(std::string_view text, const Emit& emit) const {
  while (text.size() > kLongestMessage) {
    const std::size_t size = piece_size(text);
    emit(text.substr(0, size));
    text.remove_prefix(size);
  }
  return text;
}

void LineSplitter::feed(std::string_view bytes, const Emit& emit) {
  for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    std::string_view line = bytes.substr(0, end);
    if (!rest_.empty()) line = rest_ += line;
    emit(emit_pieces(visible(line), emit));
    rest_.clear();
    bytes.remove_prefix(end + 1);
  }
  rest_ += bytes;
  rest_.erase(0, visible_start(rest_));
  if (rest_.size() > kLongestMessage) rest_ = std::string(emit_pieces(rest_, emit));
}

void LineSplitter::flush(const Emit& emit) {
  const std::size_t size = rest_.size() - unfinished(rest_);
  const std::string_view line = visible(std::string_view(rest_).substr(0, size));
  if (!line.empty()) emit(line);
  rest_.erase(0, size);
}

void LineSplitter::finish(const Emit& emit) {
  const std::string_view line = visible(rest_);
  if (!line.empty()) emit(line);
  rest_.clear();
}

}  // namespace windlass::worker
