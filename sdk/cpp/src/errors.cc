#include <windlass/jobs/errors.hpp>
#include <windlass/jobs/format.hpp>

#include "type_names.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {

std::string why(const std::exception_ptr& cause) {
  if (cause == nullptr) return "";
  try {
    std::rethrow_exception(cause);
  } catch (...) {
    const internal::ExceptionText text = internal::describe_current_exception();
    return ": " + (text.message.empty() ? text.type : text.message);
  }
}

std::string with_fields(const std::string& message, const Refused::Fields& fields) {
  std::string details;
  for (const auto& [name, said] : fields) {
    details += (details.empty() ? "" : "; ") + name + ":";
    for (const std::string& one : said) details += " " + one;
  }
  return details.empty() ? message : message + " (" + details + ")";
}

}  // namespace

JobError::~JobError() = default;
FileError::~FileError() = default;
YamlError::~YamlError() = default;
EmptyInput::~EmptyInput() = default;
StopRequested::~StopRequested() = default;
SoftTimeLimitExceeded::~SoftTimeLimitExceeded() = default;
RunCancelled::~RunCancelled() = default;
Retry::~Retry() = default;
MaxRetriesExceeded::~MaxRetriesExceeded() = default;
Refused::~Refused() = default;
ValidationError::~ValidationError() = default;

Retry::Retry(std::exception_ptr cause, double countdown)
    : std::runtime_error(format("Retry in {:g} s", countdown) + why(cause)),
      cause_(std::move(cause)),
      countdown_(countdown) {}

Refused::Refused(std::string code, const std::string& message, Fields fields)
    : JobError(with_fields(message, fields)), code_(std::move(code)), fields_(std::move(fields)) {}

}  // namespace v1
}  // namespace windlass::jobs
