#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/event_loop.h"
#include "base/files.h"

namespace windlass::runner {

/// What a base and its zygotes print (modules may, while they are imported): lines go to our own
/// log at debug, a limited number a minute, and the last of it is kept to explain an interpreter
/// that does not start. Event loop only.
class OutputLog {
 public:
  OutputLog(EventLoop& loop, const Clock& clock, UniqueFd pipe);
  /// The end of what was printed so far, at most 2,000 bytes.
  const std::string& tail();

 private:
  /// False when nothing is there now or ever.
  bool read();
  void take(std::string_view bytes);
  void write_line();

  const Clock& clock_;
  UniqueFd pipe_;
  std::unique_ptr<EventLoop::Watch> watch_;
  std::string line_;
  std::string tail_;
  Micros minute_{0};
  int lines_this_minute_ = 0;
};

}  // namespace windlass::runner
