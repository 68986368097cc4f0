/// The class that jobs derive from.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>
#include <windlass/jobs/errors.hpp>
#include <windlass/jobs/json.hpp>
#include <windlass/jobs/logger.hpp>
#include <windlass/jobs/text.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

class Variable;

namespace detail {
class Arrival;
class Declaration;
}  // namespace detail

inline constexpr std::string_view kSuccess = "SUCCESS";
inline constexpr std::string_view kFailure = "FAILURE";
inline constexpr std::string_view kRetry = "RETRY";

/// How a run stands when a method of the lifecycle is called.
struct Outcome {
  /// kSuccess, kFailure or kRetry.
  std::string_view status = kSuccess;
  /// What run() returned; after fail() too. Null after an exception.
  Json result = {};
  /// What was thrown; nullptr after fail() and success. Of a retry its cause, or the Retry.
  std::exception_ptr exception = nullptr;
  /// Of the exception: its type, such as "std::runtime_error" or "RunCancelled", and its text.
  std::string exception_type = {};
  std::string message = {};
  /// Where it was thrown, as far as that is known.
  std::string traceback = {};
};

/// Who started the run, and the job's record on the server; empty where there is none.
struct Named {
  std::string id = {};
  std::string name = {};
};

/// A file that was kept with the result.
struct CreatedFile {
  std::string id;
  std::string name;
  /// The path for its download.
  std::string url;
};

struct RetryOptions {
  /// Seconds until the next attempt; by default Meta::retry_delay times Meta::retry_backoff for
  /// each attempt made before, at most 3,600.
  std::optional<double> countdown = {};
  /// Further attempts; by default Meta::max_retries, or 3.
  std::optional<int> max_retries = {};
};

/// A job: derive from it, give it a run(), and pass the class to register_jobs. Each run has an
/// object of its own.
///
/// >>> class Hello : public Job {
/// >>>  public:
/// >>>   StringVar who{this, "who", {.default_value = "world"}};
/// >>>   Json run() override { return "hello " + *who; }
/// >>> };
/// >>> static const auto registered = register_jobs<Hello>();
class Job {
 public:
  explicit Job(int line = __builtin_LINE());
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job();

  /// Does the work and returns any JSON value, the run's result; `return {};` for none. An
  /// exception of any type fails the run.
  virtual Json run() = 0;
  /// Called before run(), which is skipped when this throws or calls fail().
  virtual void before_start() {}
  /// Called after a run() that succeeded.
  virtual void on_success(const Outcome&) {}
  /// Called after a failure.
  virtual void on_failure(const Outcome&) {}
  /// Called last, but not after a retry.
  virtual void after_return(const Outcome&) {}
  /// Called when the run asks for another attempt. Nothing else of the attempt is called after
  /// it.
  virtual void on_retry(const Outcome&) {}

  /// The logger whose entries stand in the run's log.
  Logger logger;

  /// Marks the run failed without stopping it, and logs the text at level failure.
  ///
  /// >>> if (missing > 0) fail("{} devices did not answer", missing);
  template <class... Arguments>
  void fail(const Format& text, const Arguments&... arguments) {
    mark_failed();
    logger.failure(text, arguments...);
  }

  /// Asks for another attempt by throwing Retry. The exception being handled, if any, is why.
  /// After the last attempt that one is thrown again, or MaxRetriesExceeded. Throws JobError for
  /// a wrong option and outside a run.
  ///
  /// >>> try { copy_everything(); }
  /// >>> catch (const std::system_error&) { retry({.countdown = 60}); }
  [[noreturn]] void retry(const RetryOptions& options = {});

  /// Shows how far the run has come: `done` counts up to `total`, in any unit; std::nullopt means
  /// that the total is not known. Throws JobError for what is no number from 0 on and outside a
  /// run, StopRequested.
  void progress(double done, std::optional<double> total = std::nullopt, Text message = "");

  /// Keeps a file with the result, for download, and logs a link to it. `name` is a plain file
  /// name. Throws JobError for a bad name, too many bytes and outside a run, FileError when the
  /// server could not keep it, StopRequested.
  CreatedFile create_file(Text name, std::string_view content,
                          const char* caller = __builtin_FUNCTION());

  /// The content of the JSON file `name` beside the module's file, or below its folder; of a CMake
  /// project, in the project's folder. In a test program: beside the file that calls. For a
  /// constructor too. Throws JobError for a path that leads out of there, std::system_error where
  /// the file cannot be read, JsonError for what is no JSON.
  ///
  /// >>> const Json limits = load_json("limits.json");
  Json load_json(Text name, const char* caller_file = __builtin_FILE()) const;

  /// The content of a YAML 1.1 file, found as by load_json(); the value that a job in Python has in
  /// its result when it returns that of self.load_yaml(). So `yes` is true and 0x1F 31, dates are
  /// text as in "2001-12-14", sets arrays, keys of maps text, and an empty file is null. Throws
  /// JobError and std::system_error as load_json() does, and YamlError for what is no YAML, has two
  /// documents, a tag other than the standard ones, a value that contains itself, an integer of
  /// more than 64 bits, more than 64 levels, or aliases that would make more than a million values.
  ///
  /// >>> const Json limits = load_yaml("limits.yaml");
  Json load_yaml(Text name, const char* caller_file = __builtin_FILE()) const;

  /// Throws SoftTimeLimitExceeded or RunCancelled, once, when the run was asked to stop. Costs
  /// nanoseconds; has an effect in the job's main thread only.
  void check_stop();
  /// Whether the run was asked to stop. For any thread.
  bool stop_requested() const noexcept;
  /// Says so too, to threads and to waits that take a token. The first call starts a thread that
  /// watches for the request, and ends with the run.
  std::stop_token stop_token();

  // What is known of the run under way; empty outside of one.

  /// Also the result's id.
  std::string task_id() const;
  /// Who started the run; `name` is the user's name.
  Named user() const;
  /// The job's record on the server.
  Named job() const;
  /// The queue by which it came.
  std::string queue() const;
  /// Counts from 1.
  int attempt() const noexcept;
  /// `<module>.<Class>`.
  std::string class_path() const;
  /// The inputs as JSON: an object is its id, a file its name.
  Json inputs() const;

 private:
  friend class Variable;
  friend class detail::Declaration;
  friend class detail::Arrival;
  void mark_failed() noexcept;

  std::vector<Variable*> variables_;
  int line_;
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
