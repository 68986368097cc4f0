#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "runner/spawn.h"

namespace windlass::runner {

/// A program that helps Windlass itself, such as pip.
struct Tool {
  std::vector<std::string> command;      ///< the program's path, then its arguments
  std::vector<std::string> environment;  ///< "NAME=value" each
  std::string folder = {};               ///< where it runs
  std::optional<Account> account = {};   ///< another one that it runs under
  Micros time_limit{0};                  ///< 0: none
};

struct ToolEnd {
  enum class How { kExited, kStopped, kTimedOut };
  How how = How::kExited;
  int wait_status = 0;  ///< as waitpid gives it
  bool succeeded() const { return how == How::kExited && wait_status == 0; }
};

/// Runs a program, in a session of its own and without input, and waits for its end. `told` gets
/// the lines of its output and error output, as they come. `proceed` is asked some ten times a
/// second; false ends the program. Whatever it started is dead when this returns, and dies with
/// this process too. Any thread but an event loop's. Error `runner.interpreter`: it cannot be
/// started.
Result<ToolEnd> run_tool(Tool tool, const std::function<void(std::string_view line)>& told,
                         const std::function<bool()>& proceed);

}  // namespace windlass::runner
