/// What runs jobs calls this: the native runner in its children, windlass/testing.hpp in a test.
///
/// The headers of job modules live in `inline namespace v1` of windlass::jobs; this one does not,
/// because no job module sees it. Everything here is called by the main thread, except Host, whose
/// send() and stop_reason() any thread of a job may call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <windlass/jobs/json.hpp>
#include <windlass/jobs/registration.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs::internal {

/// What job code speaks to: the run socket of a child, memory in a test.
class Host {
 public:
  virtual ~Host();
  /// Sends one frame, JSON text already made; the view ends with the call. Splits it into parts
  /// when it is larger than a message. What cannot be sent is dropped: a log call never fails a
  /// run. Thread-safe.
  virtual void send(std::string_view frame_json) = 0;
  /// Blocks for the frame of either type whose member `id_member` is `id`, and returns it; takes in
  /// `cancel` frames meanwhile. Thread-safe: two threads may wait for different answers.
  virtual Json wait_for(std::string_view type1, std::string_view type2, std::string_view id_member,
                        std::int64_t id) = 0;
  /// "" or the reason of the last `cancel` frame of this run: "cancelled", "soft_time_limit",
  /// "drain". Cheap, thread-safe.
  virtual std::string_view stop_reason() = 0;
  /// A descriptor that is readable as long as stop_reason() is not "", or -1. Made at the first
  /// call; stays the host's.
  virtual int stop_descriptor() = 0;
};

/// Serves a `run` frame: makes the job, gives it its inputs, calls its methods in order, catches
/// everything. Returns the `result` frame without `reusable`, which the caller adds. `files` are
/// the descriptors of the run's input files; they are closed before it returns.
Json run_job(const Json& run_frame, std::vector<int> files, Host& host);

/// Serves a `choices` frame; the same otherwise. Logs go nowhere.
Json compute_choices(const Json& choices_frame, Host& host);

/// The bytes that a `file` frame carries as base64; none where `text` is no base64.
std::optional<std::string> base64_bytes(std::string_view text);

/// A class of a program that is no module.
struct KnownClass {
  std::string class_path;  ///< its name
  Json declaration;        ///< the manifest's object
};

/// Registers the class, once and for good. Throws std::invalid_argument with all that is wrong with
/// its declaration, or when another class of the program has its name.
KnownClass known_class(const detail::ClassSource& source);

}  // namespace windlass::jobs::internal
#pragma GCC visibility pop
