/// What a test gives to a run, and what it gets of it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>
#include <windlass/jobs/json.hpp>

namespace windlass::testing {

using jobs::Json;

/// One entry of a run's log, with texts as the server would get them.
struct LogEntry {
  std::string level;
  std::string grouping;
  std::string message;
  std::string object = {};
  std::string url = {};
};

/// For the messages of test frameworks.
inline std::ostream& operator<<(std::ostream& out, const LogEntry& entry) {
  return out << entry.level << ": " << entry.grouping << ": " << entry.message;
}

/// One call of progress(); `total` is empty where it is not known.
struct Progress {
  double done = 0;
  std::optional<double> total = {};
  std::string message = {};
};

/// How a run ended and what it said.
struct FinishedRun {
  /// "SUCCESS", "FAILURE" or "RETRY".
  std::string status = {};
  /// What run() returned; after an exception `exc_type`, `exc_message`, `exc_module`.
  Json result = {};
  /// "" where nothing was thrown.
  std::string traceback = {};
  /// Why it failed, a word of the runner protocol; "" after a success.
  std::string reason = {};
  /// Seconds until the next attempt, after a retry.
  std::optional<double> countdown = {};
  std::vector<LogEntry> logs = {};
  /// Content by name, the last of each name.
  std::map<std::string, std::string> files = {};
  std::vector<Progress> progress = {};

  bool failed() const { return status == "FAILURE"; }
};

/// A file for a FileVar.
struct Upload {
  std::string name;
  std::string content;
};

struct Options {
  /// Files by the names of their variables.
  std::map<std::string, Upload> files = {};
  std::string user = "tester";
  /// Counts from 1.
  int attempt = 1;
  /// Called after each log entry, progress and file; once it says "cancelled", "soft_time_limit" or
  /// "drain", the run is asked to stop.
  std::function<std::string(const FinishedRun&)> stop_when = {};
  /// Answers a question to the server, an `ask` frame, with a value; throws jobs::Refused to
  /// refuse. Without it every question is refused.
  std::function<Json(const Json& question)> answer = {};
};

}  // namespace windlass::testing

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {
/// How GoogleTest shows a Json.
inline void PrintTo(const Json& value, std::ostream* out) {
  *out << value.dump();
}
}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
