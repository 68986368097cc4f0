#include "throws.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <unwind.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

namespace windlass::runner {
namespace {

using Throw = void (*)(void*, std::type_info*, void (*)(void*));

/// Functions of the runner above the one that throws: __cxa_throw and note().
constexpr std::size_t kOwnFrames = 2;

/// More than one, because an exception that is being handled may have others thrown and caught on
/// its way up.
constexpr std::size_t kRemembered = 4;

struct Thrown {
  const void* object = nullptr;
  Backtrace backtrace;
};

struct Latest {
  std::array<Thrown, kRemembered> ring;
  std::size_t next = 0;
};

constinit thread_local Latest latest{};

[[gnu::noinline]] void note(const void* object) {
  Thrown& one = latest.ring[latest.next++ % kRemembered];
  one.object = object;
  one.backtrace = Backtrace::here(kOwnFrames);
}

Throw library_throw() {
  static const Throw found = reinterpret_cast<Throw>(::dlsym(RTLD_NEXT, "__cxa_throw"));
  return found;
}

/// Looked up when the program starts, so that no child has to.
[[maybe_unused]] const Throw kAtStart = library_throw();

}  // namespace

void catch_uncaught() {
  if (std::current_exception() != nullptr || std::uncaught_exceptions() == 0) return;
  const void* const object = latest.ring[(latest.next - 1) % kRemembered].object;
  if (object == nullptr) return;
  // The unwinder's header stands before the object in every C++ ABI that is Itanium's.
  auto* const thrown = static_cast<_Unwind_Exception*>(const_cast<void*>(object));
  abi::__cxa_begin_catch(thrown - 1);
}

const Backtrace* thrown_at(const std::exception_ptr& exception) {
  const void* object = nullptr;
  // An exception_ptr is a pointer to the object, and nothing more, in both C++ libraries.
  static_assert(sizeof exception == sizeof object);
  std::memcpy(&object, &exception, sizeof object);
  if (object == nullptr) return nullptr;
  for (std::size_t back = 1; back <= kRemembered; ++back) {
    const Thrown& one = latest.ring[(latest.next - back) % kRemembered];
    if (one.object == object) return &one.backtrace;
  }
  return nullptr;
}

}  // namespace windlass::runner

extern "C" __attribute__((noreturn, visibility("default"))) void __cxa_throw(
    void* object, std::type_info* type, void (*destroy)(void*)) {
  windlass::runner::note(object);
  windlass::runner::library_throw()(object, type, destroy);
  std::abort();
}
