#include "load_guard.h"

#include <setjmp.h>
#include <unistd.h>

#include <utility>

namespace windlass::runner {
namespace {

struct Loading {
  pid_t process = 0;
  sigjmp_buf back;
};

constinit thread_local Loading* loading = nullptr;

LoadProblem& abandoned_for() {
  static LoadProblem problem;
  return problem;
}

}  // namespace

std::optional<LoadProblem> guarded_load(void (*load)(void*), void* argument) {
  Loading here;
  here.process = ::getpid();
  if (sigsetjmp(here.back, 0) != 0) {
    loading = nullptr;
    return std::exchange(abandoned_for(), {});
  }
  loading = &here;
  load(argument);
  loading = nullptr;
  return std::nullopt;
}

bool is_loading() {
  return loading != nullptr && loading->process == ::getpid();
}

void abandon_load(LoadProblem problem) {
  abandoned_for() = std::move(problem);
  ::siglongjmp(loading->back, 1);
}

}  // namespace windlass::runner
