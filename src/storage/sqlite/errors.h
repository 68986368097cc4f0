#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <exception>
#include <string>
#include <type_traits>

#include "base/result.h"

namespace windlass::sqlite {

/// A value in the database that this program could not have written.
class DamagedValue : public std::exception {
 public:
  explicit DamagedValue(std::string what) : what_(std::move(what)) {}
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::string what_;
};

/// The `storage.*` error for an exception of SQLite.
Error to_error(const SQLite::Exception& failure);

/// Calls `body`, which returns a Result, and turns the exceptions of this module's library into
/// errors.
template <class Body>
auto guarded(Body&& body) -> std::invoke_result_t<Body> {
  try {
    return body();
  } catch (const SQLite::Exception& failure) {
    return to_error(failure);
  } catch (const DamagedValue& failure) {
    return Error{"storage.damaged", "The database holds a value that cannot be read.",
                 failure.what()};
  }
}

}  // namespace windlass::sqlite
