/// The exceptions that authors of jobs meet.
#pragma once

#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

/// A wrong argument, or a call that works only while a job runs; a file that the server did not
/// keep.
class JobError : public std::runtime_error {
 public:
  explicit JobError(const std::string& message) : std::runtime_error(message) {}
  ~JobError() override;
};

/// A file that the server did not keep, or an upload that did not arrive.
class FileError : public JobError {
 public:
  using JobError::JobError;
  ~FileError() override;
};

/// A file that load_yaml() cannot take. Its text names the file, line and column, and says what is
/// wrong.
class YamlError : public JobError {
 public:
  using JobError::JobError;
  ~YamlError() override;
};

/// An optional input that was left out and is read all the same: ask has_value(), or use
/// value_or().
class EmptyInput : public JobError {
 public:
  using JobError::JobError;
  ~EmptyInput() override;
};

/// Somebody asked the run to stop. progress(), create_file(), check_stop() and questions to the
/// server throw one of the two below, once, in the job's main thread.
class StopRequested : public std::runtime_error {
 public:
  explicit StopRequested(const std::string& message) : std::runtime_error(message) {}
  ~StopRequested() override;
};

/// The soft time limit has passed. A job may catch it to tidy up; the hard limit ends it a little
/// later all the same.
class SoftTimeLimitExceeded : public StopRequested {
 public:
  using StopRequested::StopRequested;
  ~SoftTimeLimitExceeded() override;
};

/// Somebody cancelled the run, or its worker is stopping. Let it pass after tidying up: the run
/// is ended by force if it goes on for too long.
class RunCancelled : public StopRequested {
 public:
  using StopRequested::StopRequested;
  ~RunCancelled() override;
};

/// What retry() throws: the run asks for another attempt. Let it pass.
class Retry : public std::runtime_error {
 public:
  Retry(std::exception_ptr cause, double countdown);
  ~Retry() override;
  /// Why, or nullptr.
  const std::exception_ptr& cause() const noexcept { return cause_; }
  /// Seconds until the attempt.
  double countdown() const noexcept { return countdown_; }

 private:
  std::exception_ptr cause_;
  double countdown_;
};

/// Thrown by retry() without a cause when the run has had all its attempts.
class MaxRetriesExceeded : public JobError {
 public:
  using JobError::JobError;
  ~MaxRetriesExceeded() override;
};

/// The server did not answer a question. `code` is one of spec/errors.md; `fields` has messages a
/// field.
class Refused : public JobError {
 public:
  using Fields = std::map<std::string, std::vector<std::string>>;
  Refused(std::string code, const std::string& message, Fields fields);
  ~Refused() override;
  const std::string& code() const noexcept { return code_; }
  const Fields& fields() const noexcept { return fields_; }

 private:
  std::string code_;
  Fields fields_;
};

/// Thrown by validate_inputs() for inputs that the server would refuse: messages a field.
class ValidationError : public Refused {
 public:
  using Refused::Refused;
  ~ValidationError() override;
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
