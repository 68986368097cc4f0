#include "runner/output_log.h"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/log.h"
#include "base/text.h"

namespace windlass::runner {

namespace {

constexpr std::size_t kTail = 2'000;
constexpr std::size_t kLine = 500;
constexpr int kLinesAMinute = 200;

}  // namespace

OutputLog::OutputLog(EventLoop& loop, const Clock& clock, UniqueFd pipe)
    : clock_(clock),
      pipe_(std::move(pipe)),
      watch_(loop.watch_readable(pipe_.get(), [this] { read(); })) {}

const std::string& OutputLog::tail() {
  // What is there now; a process that goes on printing cannot hold this up.
  for (int i = 0; i < 64 && read();) ++i;
  return tail_;
}

bool OutputLog::read() {
  std::array<char, 4096> room;
  const ssize_t size = pipe_ ? ::read(pipe_.get(), room.data(), room.size()) : 0;
  if (size > 0) {
    take({room.data(), static_cast<std::size_t>(size)});
    return true;
  }
  if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
    watch_.reset();
    pipe_.reset();
  }
  return false;
}

void OutputLog::take(std::string_view bytes) {
  tail_ += bytes;
  if (tail_.size() > kTail) tail_.erase(0, tail_.size() - kTail);
  for (const char c : bytes) {
    if (c == '\n') {
      write_line();
    } else if (line_.size() < kLine) {
      line_.push_back(c);
    }
  }
}

void OutputLog::write_line() {
  const Micros now = clock_.steady();
  if (now - minute_ >= std::chrono::minutes(1)) {
    minute_ = now;
    lines_this_minute_ = 0;
  }
  if (lines_this_minute_ < kLinesAMinute)
    log::debug("job code printed while it was imported", {{"text", to_valid_utf8(line_)}});
  if (++lines_this_minute_ == kLinesAMinute)
    log::debug("more of what job code prints is left out for a minute");
  line_.clear();
}

}  // namespace windlass::runner
