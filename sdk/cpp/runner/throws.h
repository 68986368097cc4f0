#pragma once

/// Where exceptions were thrown. The runner stands before the C++ library with its own
/// `__cxa_throw`, for its own code as for every module, and remembers the latest ones a thread.

#include <exception>

#include "backtrace.h"

namespace windlass::runner {

/// Where `exception` was thrown, null when that is not known any more. The record is the thread's:
/// it holds until the next exception is thrown there.
const Backtrace* thrown_at(const std::exception_ptr& exception);

/// Catches the exception that this thread has thrown last and that nothing has caught, if there is
/// one, so that it becomes the current one: where an exception leaves a destructor, GCC before 14
/// calls std::terminate() without doing so.
void catch_uncaught();

}  // namespace windlass::runner
