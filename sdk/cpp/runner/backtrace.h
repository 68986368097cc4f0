#pragma once

/// Where a thread stood, and that as text for the author of a job.

#include <array>
#include <cstddef>
#include <string>

namespace windlass::runner {

/// Return addresses, the innermost first. Taking one neither allocates nor locks more than the
/// unwinder does.
struct Backtrace {
  static constexpr std::size_t kDepth = 64;
  std::array<void*, kDepth> addresses{};
  std::size_t count = 0;
  bool cut = false;  ///< there were more than kDepth

  /// Of the calling thread, without the innermost `skipped` functions.
  static Backtrace here(std::size_t skipped);

  /// Of a thread that a signal interrupted: begins with what `context`, the handler's third
  /// argument, says was running.
  static Backtrace of_signal(const void* context);

  void drop_first(std::size_t dropped);
  /// Drops the innermost functions that are the C library's, such as those of abort().
  void drop_c_library();
};

/// Remembers that the shared object of that file is job code.
void add_job_code(const std::string& path);

/// A line a function: `  at talks::Raises::run() (/jobs/talks.cpp:46)`, the innermost first, up to
/// the last one of job code. File and line where the code was built with -g.
std::string to_text(const Backtrace& backtrace);

/// As to_text(), without names: safe in any state of the process. Writes at most `size` characters
/// and returns how many.
std::size_t to_plain_text(const Backtrace& backtrace, char* text, std::size_t size);

/// The name of a function or object as in C++ source where it is a mangled one, else the name.
std::string demangled(const char* name);

/// The same of a type, as std::type_info has it.
std::string demangled_type(const char* name);

}  // namespace windlass::runner
