#include "exits.h"

#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "backtrace.h"
#include "load_guard.h"
#include "report.h"
#include "streams.h"

namespace windlass::runner {
namespace {

using Exit = void (*)(int);

/// The C library's function of that name.
Exit library_exit(const char* name) {
  return reinterpret_cast<Exit>(::dlsym(RTLD_NEXT, name));
}

const Exit kExit = library_exit("exit");
const Exit kQuickExit = library_exit("quick_exit");

/// Leaves a module that is being loaded, or tells the host why its run has no result.
void before_end(const char* function, int status) {
  if (is_loading()) {
    char how[64];
    std::snprintf(how, sizeof how, "%s(%d)", function, status);
    abandon_load(problem_of_exit(how));
  }
  if (!may_have_last_words()) return;
  char message[128];
  std::snprintf(message, sizeof message,
                "The job ended its process with %s(%d); return from run() or throw instead.",
                function, status);
  const std::string traceback = to_text(Backtrace::here(2)) + message + '\n';
  flush_streams();
  send_last_words({function, message, "process", traceback, "exception"});
}

}  // namespace

void end_process(int status) {
  for (;;) ::syscall(SYS_exit_group, status);
}

}  // namespace windlass::runner

extern "C" {

__attribute__((noreturn, visibility("default"))) void exit(int status) noexcept {
  windlass::runner::before_end("exit", status);
  windlass::runner::kExit(status);
  windlass::runner::end_process(status);
}

__attribute__((noreturn, visibility("default"))) void quick_exit(int status) noexcept {
  windlass::runner::before_end("quick_exit", status);
  windlass::runner::kQuickExit(status);
  windlass::runner::end_process(status);
}

__attribute__((noreturn, visibility("default"))) void _exit(int status) {
  windlass::runner::before_end("_exit", status);
  windlass::runner::end_process(status);
}

__attribute__((noreturn, visibility("default"))) void _Exit(int status) noexcept {
  windlass::runner::before_end("_Exit", status);
  windlass::runner::end_process(status);
}
}
