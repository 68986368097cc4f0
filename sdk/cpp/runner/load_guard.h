#pragma once

/// A way out of a module that is being loaded and cannot go on: it called exit(), or threw an
/// exception, which the dynamic linker lets nobody catch.

#include <optional>

#include "load_problem.h"

namespace windlass::runner {

/// Calls `load`, and comes back from it also by abandon_load(), with the problem. What `load` had
/// on its stack then is not destroyed, and what it had half loaded stays.
std::optional<LoadProblem> guarded_load(void (*load)(void*), void* argument);

/// Whether this thread is within guarded_load(), in the process that called it.
bool is_loading();

/// Leaves guarded_load(). Only while is_loading().
[[noreturn]] void abandon_load(LoadProblem problem);

}  // namespace windlass::runner
