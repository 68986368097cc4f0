#include "backtrace.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <ucontext.h>
#include <unwind.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#if WINDLASS_LIBBACKTRACE
#include <backtrace.h>
#endif

namespace windlass::runner {
namespace {

/// Files of the shared objects with job code.
std::vector<std::string>& job_code() {
  static std::vector<std::string> paths;
  return paths;
}

struct Walk {
  Backtrace* into;
  std::size_t skipped;
};

_Unwind_Reason_Code note_frame(_Unwind_Context* context, void* data) {
  Walk& walk = *static_cast<Walk*>(data);
  if (walk.skipped > 0) {
    --walk.skipped;
    return _URC_NO_REASON;
  }
  Backtrace& into = *walk.into;
  if (into.count == Backtrace::kDepth) {
    into.cut = true;
    return _URC_END_OF_STACK;
  }
  int is_exact = 0;
  const _Unwind_Ptr address = _Unwind_GetIPInfo(context, &is_exact);
  if (address == 0) return _URC_END_OF_STACK;
  // A return address belongs to the instruction after the call: one less is within the call.
  into.addresses[into.count++] = reinterpret_cast<void*>(address - (is_exact != 0 ? 0 : 1));
  return _URC_NO_REASON;
}

/// The instruction at which a thread was interrupted.
const void* interrupted_at(const ucontext_t& context) {
#if defined(__x86_64__)
  return reinterpret_cast<const void*>(context.uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return reinterpret_cast<const void*>(context.uc_mcontext.pc);
#else
  return nullptr;
#endif
}

/// Where a function that has only just been called returns to.
const void* return_address(const ucontext_t& context) {
#if defined(__x86_64__)
  return *reinterpret_cast<const void* const*>(context.uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
  return reinterpret_cast<const void*>(context.uc_mcontext.regs[30]);
#else
  return nullptr;
#endif
}

bool in_one_object(void* address, void* other) {
  Dl_info info{};
  Dl_info same{};
  return ::dladdr(address, &info) != 0 && ::dladdr(other, &same) != 0 &&
         info.dli_fbase == same.dli_fbase;
}

bool is_in_c_library(void* address) {
  return in_one_object(address, reinterpret_cast<void*>(&std::abort));
}

/// How many of the frames the author should see: up to the last one of job code.
std::size_t shown(const Backtrace& backtrace) {
  for (std::size_t count = backtrace.count; count > 0; --count) {
    Dl_info info;
    if (::dladdr(backtrace.addresses[count - 1], &info) == 0 || info.dli_fname == nullptr) continue;
    const auto& paths = job_code();
    if (std::find(paths.begin(), paths.end(), info.dli_fname) != paths.end()) return count;
  }
  return backtrace.count;
}

void remove_all(std::string& text, std::string_view part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
    text.erase(at, part.size());
  }
}

/// `function` is as the linker knows it, null for none.
void add_line(std::string& text, const char* function, const std::string& place) {
  std::string name = function == nullptr ? "a function without a name" : demangled(function);
  // What the version of the headers and the optimiser have added.
  remove_all(name, "v1::");
  if (const auto clone = name.find(" [clone "); clone != std::string::npos) name.resize(clone);
  text += "  at " + name;
  if (!place.empty()) text += " (" + place + ")";
  text += '\n';
}

/// The line of a frame of which only the shared object is known, and maybe a name that it exports.
void add_line_of_object(std::string& text, void* address, const char* function) {
  Dl_info info{};
  if (::dladdr(address, &info) == 0 || info.dli_fname == nullptr) {
    return add_line(text, function, "");
  }
  if (function == nullptr) function = info.dli_sname;
  // What is nameless in the runner says nothing to an author.
  if (function == nullptr && in_one_object(address, reinterpret_cast<void*>(&add_line))) return;
  const char* const slash = std::strrchr(info.dli_fname, '/');
  add_line(text, function, slash == nullptr ? info.dli_fname : slash + 1);
}

#if WINDLASS_LIBBACKTRACE
void ignore_error(void*, const char*, int) {}

/// Made at the first use: it reads the symbols of everything that is loaded by then.
backtrace_state* symbols() {
  static backtrace_state* const state = ::backtrace_create_state(nullptr, 0, ignore_error, nullptr);
  return state;
}

/// What the debug information says of an address: the functions inlined there, and at last the one
/// that they are inlined into.
struct Places {
  struct Place {
    const char* function;
    const char* file;
    int line;
  };
  std::vector<Place> found;
  const char* symbol = nullptr;
};

/// Of what Clang says of a file that was compiled by its absolute path, libbacktrace makes the
/// folder of the compilation with that path behind it.
const char* shown_file(const char* file) {
  const char* const absolute = std::strstr(file, "//");
  return absolute == nullptr ? file : absolute + 1;
}

int add_place(void* data, std::uintptr_t, const char* file, int line, const char* function) {
  if (file != nullptr) static_cast<Places*>(data)->found.push_back({function, file, line});
  return 0;
}

void set_symbol(void* data, std::uintptr_t, const char* name, std::uintptr_t, std::uintptr_t) {
  static_cast<Places*>(data)->symbol = name;
}

void add_frame(std::string& text, void* address) {
  Places places;
  if (symbols() != nullptr) {
    const auto number = reinterpret_cast<std::uintptr_t>(address);
    ::backtrace_pcinfo(symbols(), number, add_place, ignore_error, &places);
    ::backtrace_syminfo(symbols(), number, set_symbol, ignore_error, &places);
  }
  if (places.found.empty()) return add_line_of_object(text, address, places.symbol);
  // Of a class in a nameless namespace, the debug information has the bare name.
  if (places.symbol != nullptr) places.found.back().function = places.symbol;
  for (const auto& [function, file, line] : places.found) {
    std::string place = shown_file(file);
    place += ':';
    place += std::to_string(line);
    add_line(text, function, place);
  }
}
#else
void add_frame(std::string& text, void* address) {
  add_line_of_object(text, address, nullptr);
}
#endif

}  // namespace

Backtrace Backtrace::here(std::size_t skipped) {
  Backtrace made;
  Walk walk{&made, skipped + 1};
  _Unwind_Backtrace(note_frame, &walk);
  return made;
}

Backtrace Backtrace::of_signal(const void* context) {
  Backtrace made = here(0);
  const auto& interrupted = *static_cast<const ucontext_t*>(context);
  const auto first = made.addresses.begin();
  const auto last = first + static_cast<std::ptrdiff_t>(made.count);
  const auto found = std::find(first, last, interrupted_at(interrupted));
  if (found != last) {
    // What stands above it is the handler.
    made.drop_first(static_cast<std::size_t>(found - first));
  } else if (const void* const caller = return_address(interrupted); caller != nullptr) {
    // There is no code where it was, so nothing could be unwound: a call of no function.
    made.addresses[0] = static_cast<char*>(const_cast<void*>(caller)) - 1;
    made.count = 1;
  }
  return made;
}

void Backtrace::drop_first(std::size_t dropped) {
  count -= dropped;
  std::copy_n(addresses.begin() + static_cast<std::ptrdiff_t>(dropped), count, addresses.begin());
}

void Backtrace::drop_c_library() {
  std::size_t inner = 0;
  while (inner < count && is_in_c_library(addresses[inner])) ++inner;
  if (inner < count) drop_first(inner);
}

void add_job_code(const std::string& path) {
  job_code().push_back(path);
}

std::string to_text(const Backtrace& backtrace) {
  std::string text;
  std::string line;
  std::string before;
  int repeats = 0;
  const auto end_repeats = [&] {
    if (repeats > 0) text += "  and " + std::to_string(repeats) + " more times the same\n";
    repeats = 0;
  };
  const std::size_t count = shown(backtrace);
  for (std::size_t index = 0; index < count; ++index) {
    line.clear();
    add_frame(line, backtrace.addresses[index]);
    if (line == before) {
      ++repeats;
      continue;
    }
    end_repeats();
    text += line;
    before = line;
  }
  end_repeats();
  if (backtrace.cut && count == backtrace.count) text += "  and what called that\n";
  return text;
}

std::size_t to_plain_text(const Backtrace& backtrace, char* text, std::size_t size) {
  std::size_t length = 0;
  for (std::size_t index = 0; index < backtrace.count && size - length > 32; ++index) {
    // Hexadecimal by hand: stdio is not to be trusted here.
    constexpr char kDigits[] = "0123456789abcdef";
    auto number = reinterpret_cast<std::uintptr_t>(backtrace.addresses[index]);
    std::memcpy(text + length, "  at 0x", 7);
    length += 7;
    for (int shift = sizeof number * 8 - 4; shift >= 0; shift -= 4) {
      text[length++] = kDigits[(number >> shift) & 0xF];
    }
    text[length++] = '\n';
  }
  return length;
}

std::string demangled(const char* name) {
  // Without that prefix it would take the name of a C function for that of a type.
  return std::strncmp(name, "_Z", 2) == 0 ? demangled_type(name) : name;
}

std::string demangled_type(const char* name) {
  int status = -1;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return status == 0 && text != nullptr ? text.get() : name;
}

}  // namespace windlass::runner
