#include "load_problem.h"

#include <cxxabi.h>

#include <exception>
#include <fstream>
#include <iterator>
#include <typeinfo>

#include "../src/seam.hpp"
#include "backtrace.h"
#include "throws.h"

namespace windlass::runner {
namespace {

/// The word after `marker`, "" where the text has none.
std::string word_after(std::string_view text, std::string_view marker) {
  const auto at = text.find(marker);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + marker.size());
  const auto end = rest.find_first_of(" \t\n,'`");
  return std::string(rest.substr(0, end));
}

/// The ABI that a library says it was built for; "" where it says none.
std::string abi_of(const std::string& path) {
  constexpr std::string_view kMark = "windlass-jobs-abi: ";
  std::ifstream file(path, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const auto at = content.find(kMark);
  return at == std::string::npos ? "" : content.c_str() + at;
}

std::string sentence_of(std::string_view path, std::string_view text) {
  if (const std::string name = word_after(text, "undefined symbol: "); !name.empty()) {
    // Of another ABI, it never comes to ask whether it fits.
    if (const std::string abi = abi_of(std::string(path)); !abi.empty()) {
      const std::string problem = windlass::jobs::internal::abi_problem(abi);
      if (!problem.empty()) return problem;
    }
    return "It uses " + demangled(name.c_str()) +
           ", which is defined nowhere. Define it, link the library that has it, or rebuild with "
           "the headers of this Windlass.";
  }
  if (const std::string version = word_after(text, "version `"); !version.empty()) {
    return "It was built for a newer C or C++ library than this machine has (" + version +
           "). Build it here.";
  }
  const std::string other = word_after(text, "");
  if (text.find("cannot open shared object file") != std::string_view::npos &&
      text.substr(0, path.size()) != path) {
    return "It needs the shared library " + other.substr(0, other.find(':')) +
           ", which is not found. Install it, or link it statically.";
  }
  if (text.find("invalid ELF header") != std::string_view::npos ||
      text.find("file too short") != std::string_view::npos ||
      text.find("wrong ELF class") != std::string_view::npos) {
    return "It is no shared library for this machine. Build it here.";
  }
  if (text.substr(0, path.size()) == path) text.remove_prefix(path.size());
  if (text.substr(0, 2) == ": ") text.remove_prefix(2);
  return "It cannot be loaded: " + std::string(text) + ".";
}

}  // namespace

LoadProblem problem_of_dlopen(std::string_view path, std::string_view text) {
  return {sentence_of(path, text), std::string(text) + '\n'};
}

LoadProblem problem_of_exception() {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  const std::string name = type == nullptr ? "an unknown type" : demangled_type(type->name());
  const std::exception_ptr exception = std::current_exception();
  const Backtrace* const thrown = thrown_at(exception);
  std::string traceback = thrown == nullptr ? "" : to_text(*thrown);
  std::string text;
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& problem) {
    text = problem.what();
  } catch (...) {
  }
  const std::string whole = text.empty() ? name : name + ": " + text;
  return {"It threw an exception while it was loaded: " + whole, traceback + whole + '\n'};
}

LoadProblem problem_of_exit(std::string_view how) {
  return {"The module ended its load with " + std::string(how) + ".", ""};
}

}  // namespace windlass::runner
