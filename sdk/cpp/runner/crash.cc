#include "crash.h"

#include <cxxabi.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <typeinfo>

#include "backtrace.h"
#include "load_guard.h"
#include "report.h"
#include "throws.h"

namespace windlass::runner {
namespace {

struct CrashSignal {
  int number;
  const char* name;
  const char* words;
};

constexpr CrashSignal kSignals[] = {
    {SIGSEGV, "SIGSEGV", "Segmentation fault"},      {SIGBUS, "SIGBUS", "Bus error"},
    {SIGFPE, "SIGFPE", "Arithmetic error"},          {SIGILL, "SIGILL", "Illegal instruction"},
    {SIGABRT, "SIGABRT", "The process was aborted"},
};

/// Longest time to look for names: who waits for a lock of the broken process waits for ever.
constexpr unsigned kSecondsForNames = 3;

alignas(16) char stack[256 * 1024];
std::atomic<int> crashed{0};
Backtrace where;
char description[2'048];
char plain[4'096];

/// What std::terminate() was called for, empty when it was not.
char last_exception[1'536];

/// Where the exception was thrown that nothing caught.
Backtrace thrown;

const CrashSignal& signal_of(int number) {
  return *std::find_if(std::begin(kSignals), std::end(kSignals) - 1,
                       [number](const CrashSignal& one) { return one.number == number; });
}

const char* detail_of(const siginfo_t& info) {
  switch (info.si_signo) {
    case SIGSEGV:
      return info.si_code == SEGV_MAPERR   ? "nothing is mapped at that address"
             : info.si_code == SEGV_ACCERR ? "access is not allowed at that address"
                                           : "the address is not valid";
    case SIGFPE:
      return info.si_code == FPE_INTDIV   ? "integer division by zero"
             : info.si_code == FPE_INTOVF ? "integer overflow"
                                          : "floating-point error";
    default:
      return "";
  }
}

void describe(const siginfo_t& info) {
  const CrashSignal& kind = signal_of(info.si_signo);
  const bool is_from_outside = info.si_code <= 0 && info.si_pid != ::getpid();
  if (info.si_signo == SIGABRT && last_exception[0] != '\0') {
    std::snprintf(description, sizeof description, "%s", last_exception);
  } else if (is_from_outside) {
    std::snprintf(description, sizeof description, "%s: sent by the process %d", kind.words,
                  static_cast<int>(info.si_pid));
  } else if (info.si_code > 0 && (info.si_signo == SIGSEGV || info.si_signo == SIGBUS)) {
    std::snprintf(description, sizeof description, "%s at address 0x%zx%s%s", kind.words,
                  reinterpret_cast<std::size_t>(info.si_addr), info.si_signo == SIGSEGV ? ": " : "",
                  detail_of(info));
  } else {
    const char* const detail = info.si_code > 0 ? detail_of(info) : "";
    std::snprintf(description, sizeof description, "%s%s%s", kind.words,
                  *detail != '\0' ? ": " : "", detail);
  }
}

void tell(int number, std::string_view traceback) {
  send_last_words({signal_of(number).name, description, "signal", traceback, "crash"});
}

[[noreturn]] void end_by(int number) {
  ::signal(number, SIG_DFL);
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, number);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  ::kill(::getpid(), number);
  for (;;) ::pause();  // the signal goes to another thread first, and ends this one too
}

void tell_without_names(int number) {
  const std::size_t length = to_plain_text(where, plain, sizeof plain);
  tell(number, {plain, length});
}

void on_alarm(int) {
  const int number = crashed.load();
  tell_without_names(number);
  end_by(number);
}

void on_crash(int number, siginfo_t* info, void* context) {
  if (!may_have_last_words()) end_by(number);
  int before = 0;
  if (!crashed.compare_exchange_strong(before, number)) {
    // A second crash, in here or in another thread meanwhile.
    tell_without_names(before);
    end_by(before);
  }
  describe(*info);
  where = Backtrace::of_signal(context);
  if (number == SIGABRT) where.drop_c_library();
  if (number == SIGABRT && thrown.count > 0) where = thrown;
  ::signal(SIGALRM, on_alarm);
  ::alarm(kSecondsForNames);
  // What the job printed just before is what its author looks for first.
  ::fflush_unlocked(stdout);
  const std::string text = to_text(where);
  tell(number, text);
  end_by(number);
}

[[noreturn]] void on_terminate() {
  catch_uncaught();
  const std::exception_ptr exception = std::current_exception();
  if (exception != nullptr && is_loading()) abandon_load(problem_of_exception());
  if (exception != nullptr && may_have_last_words()) {
    if (const Backtrace* const found = thrown_at(exception)) thrown = *found;
    const std::type_info* const type = abi::__cxa_current_exception_type();
    const std::string name = type == nullptr ? "unknown type" : demangled_type(type->name());
    std::string text;
    try {
      std::rethrow_exception(exception);
    } catch (const std::exception& problem) {
      text = problem.what();
    } catch (...) {
    }
    std::snprintf(last_exception, sizeof last_exception, "An exception that nothing caught: %s%s%s",
                  name.c_str(), text.empty() ? "" : ": ", text.c_str());
  } else {
    std::snprintf(last_exception, sizeof last_exception, "std::terminate() was called");
  }
  std::abort();
}

}  // namespace

void watch_for_terminate() {
  std::set_terminate(on_terminate);
}

void watch_for_crashes() {
  stack_t alternate{};
  alternate.ss_sp = stack;
  alternate.ss_size = sizeof stack;
  ::sigaltstack(&alternate, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  ::sigemptyset(&action.sa_mask);
  for (const CrashSignal& one : kSignals) ::sigaction(one.number, &action, nullptr);
  watch_for_terminate();
}

}  // namespace windlass::runner
