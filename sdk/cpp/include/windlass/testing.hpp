/// Runs a job in the calling process, for the tests of its author: no server, no processes. Works
/// in GoogleTest and in anything else; link the target windlass::testing.
///
/// >>> #include <windlass/testing.hpp>
/// >>> TEST(Hello, Greets) {
/// >>>   const auto run = windlass::testing::run_job<Hello>({{"who", "you"}});
/// >>>   EXPECT_EQ(run.status, "SUCCESS") << run.traceback;
/// >>>   EXPECT_EQ(run.result, "hello you");
/// >>> }
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>
#include <windlass/jobs/registration.hpp>

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

namespace detail {
FinishedRun run_job(const jobs::detail::ClassSource& source, const Json& inputs,
                    const Options& options);
Json declaration(const jobs::detail::ClassSource& source);
Json choices(const jobs::detail::ClassSource& source, const std::string& method, const Json& form);
}  // namespace detail

/// Runs a job class with everything that surrounds run(), and tells how it ended.
///
/// `inputs` are checked as the server does it: types, required ones, bounds, lengths, choices,
/// patterns. One that is left out has its default, or its empty value when it is not required.
/// Throws std::invalid_argument for inputs that would be refused, with a line for each, and for a
/// class whose declaration is wrong. What the job throws is in the returned object. Time limits do
/// not apply.
template <class T>
FinishedRun run_job(const Json& inputs = Json::object(), const Options& options = {}) {
  return detail::run_job(jobs::detail::source_of<T>(), inputs, options);
}

/// The class as the manifest has it: `meta`, `variables` and so on. Throws std::invalid_argument
/// with all that is wrong.
template <class T>
Json declaration() {
  return detail::declaration(jobs::detail::source_of<T>());
}

/// What the choices_method of a variable computes for a form. Throws std::invalid_argument where
/// the variable has none or the method throws.
template <class T>
Json choices(const std::string& variable, const Json& form = Json::object()) {
  return detail::choices(jobs::detail::source_of<T>(), variable + "_choices", form);
}

/// For the messages of test frameworks.
std::ostream& operator<<(std::ostream& out, const LogEntry& entry);

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
