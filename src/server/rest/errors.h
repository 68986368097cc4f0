#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "server/http/response.h"

namespace windlass::rest {

/// How an error's body looks.
enum class ErrorShape {
  kDetail,            ///< {"detail": sentence, "code": code}
  kFields,            ///< {"field": [messages]}
  kErrors,            ///< {"errors": {"field": [messages]}}
  kErrorList,         ///< {"errors": [sentence]}
  kNonField,          ///< {"non_field_errors": [sentence]}
  kTaskQueue,         ///< {"task_queue": [sentence]}
  kScheduleInterval,  ///< {"schedule": {"interval": [sentence]}}
};

/// How one code is answered. spec/errors.md shows the same table to users; a test compares the two.
struct ErrorAnswer {
  std::string_view code;
  int status;
  ErrorShape shape = ErrorShape::kDetail;
};

/// Every code that a handler may meet, in one place.
std::span<const ErrorAnswer> error_answers();
/// A code that is not in the table is ours to be ashamed of: 500.
ErrorAnswer answer_to(std::string_view code);

/// The answer to a failed request. Those of 500 and 503 are logged, with the detail that the client
/// does not see.
http::Response error_response(const Error& error);

/// Error `rest.invalid` for one field of a query or body: 400 {"field": [message]}.
Error invalid_field(std::string_view field, std::string message);

/// What the original says of an id that is not there: "No JobResult matches the given query."
Error no_such(std::string_view code, std::string_view label);

}  // namespace windlass::rest
