/// The inputs of a run on their way into a job's variables.
#pragma once

#include <vector>
#include <windlass/jobs/file_variable.hpp>
#include <windlass/jobs/job.hpp>

namespace windlass::jobs {
inline namespace v1 {
namespace detail {

/// Hands the inputs of a `run` frame to the variables of a job.
class Arrival {
 public:
  /// `files` are the descriptors of the run's input files, which stay the caller's.
  explicit Arrival(const std::vector<int>& files) noexcept : files_(files) {}
  /// Throws FileError for a file that is not there, JsonError for a value of another kind.
  void deliver(const Json& inputs, Job& job);
  /// The uploaded file that an input refers to.
  UploadedFile file(const Json& value) const;
  /// The values of a job's variables as JSON.
  static Json values_of(const Job& job);

 private:
  const std::vector<int>& files_;
};

}  // namespace detail
}  // namespace v1
}  // namespace windlass::jobs
