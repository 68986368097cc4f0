#pragma once

/// Why a module could not be loaded, in words for its author.

#include <string>
#include <string_view>

namespace windlass::runner {

struct LoadProblem {
  std::string message;    ///< one sentence
  std::string traceback;  ///< everything that is known; may be empty
};

/// What the dynamic linker's `text` about the library `path` means.
LoadProblem problem_of_dlopen(std::string_view path, std::string_view text);

/// Of the exception that is being handled, which a static initialiser threw.
LoadProblem problem_of_exception();

/// Of a module that called `how`, such as "exit(3)", while it was loaded.
LoadProblem problem_of_exit(std::string_view how);

}  // namespace windlass::runner
