/// Names of types, and exceptions in words.
#pragma once

#include <string>
#include <string_view>
#include <typeinfo>

namespace windlass::jobs::internal {

/// The class's own name in the text of detail::pretty_name<T>: "MyNewJob".
std::string class_name(std::string_view pretty_name);

/// An exception in words. `type` is as people write it: "std::runtime_error", and without a
/// namespace for those of this library, whose `module` is "windlass.jobs".
struct ExceptionText {
  std::string type;
  std::string module;
  std::string message;
  /// Those that it was nested around, a line each.
  std::string causes;
  /// "type: message"
  std::string sentence() const;
};

/// The exception that is being handled. Throws nothing of its own.
ExceptionText describe_current_exception();

}  // namespace windlass::jobs::internal
