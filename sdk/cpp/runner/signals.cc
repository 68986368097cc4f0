#include "signals.h"

#include <poll.h>

#include <cerrno>
#include <ctime>

#include "cancel.h"

namespace windlass::runner {
namespace {

constexpr int kLeftToTheHost[] = {SIGINT, SIGTERM, SIGHUP};

/// Does nothing. A function, not SIG_IGN, because SIG_IGN would be inherited by programs that
/// modules start.
void stay(int) {}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
}

/// Sets the default action where `stay` is the handler still.
void release(int number) {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigemptyset(&action.sa_mask);
  struct sigaction before {};
  ::sigaction(number, &action, &before);
  const bool was_ours = (before.sa_flags & SA_SIGINFO) == 0 && before.sa_handler == stay;
  if (!was_ours) ::sigaction(number, &before, nullptr);
}

sigset_t only(int number) {
  sigset_t set;
  ::sigemptyset(&set);
  if (number != 0) ::sigaddset(&set, number);
  return set;
}

}  // namespace

void guard_signals() {
  for (const int number : kLeftToTheHost) handle(number, stay);
  handle(SIGCHLD, stay);
  // For the children as well, so that a cancel cannot reach one before it has a handler.
  take_cancel_signal();
  const sigset_t ends = only(SIGCHLD);
  ::sigprocmask(SIG_SETMASK, &ends, nullptr);
}

void unblock_signals() {
  const sigset_t none = only(0);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool wait_for_input(int descriptor, int milliseconds) {
  pollfd one{descriptor, POLLIN, 0};
  const timespec limit{milliseconds / 1000, (milliseconds % 1000) * 1'000'000L};
  const sigset_t none = only(0);
  return ::ppoll(&one, 1, milliseconds < 0 ? nullptr : &limit, &none) > 0;
}

void release_signals() {
  for (const int number : kLeftToTheHost) release(number);
  handle(SIGCHLD, SIG_DFL);
  unblock_signals();
}

void take_cancel_signal() {
  // Not restarted: a cancel is to interrupt what the job waits for.
  handle(SIGUSR1, on_cancel_signal);
}

}  // namespace windlass::runner
