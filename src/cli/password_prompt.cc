#include "cli/password_prompt.h"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <iostream>

namespace windlass::cli {

namespace {

constexpr std::array kEnding = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/// The terminal as it was: what a signal's handler can reach.
termios before;

/// The signal's own action comes when this returns: the handler was reset (SA_RESETHAND).
void restore_and_end(int signal) {
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
  ::raise(signal);
}

/// Turns the terminal's echo off while it lives.
class SilentInput {
 public:
  SilentInput() {
    silent_ = ::isatty(STDIN_FILENO) != 0 && ::tcgetattr(STDIN_FILENO, &before) == 0;
    if (!silent_) return;
    struct sigaction restoring {};
    restoring.sa_handler = restore_and_end;
    restoring.sa_flags = static_cast<int>(SA_RESETHAND);
    for (std::size_t i = 0; i < kEnding.size(); ++i) {
      ::sigaction(kEnding[i], nullptr, &actions_[i]);
      if (actions_[i].sa_handler != SIG_IGN) ::sigaction(kEnding[i], &restoring, nullptr);
    }
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
  }
  ~SilentInput() {
    if (!silent_) return;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
    for (std::size_t i = 0; i < kEnding.size(); ++i) ::sigaction(kEnding[i], &actions_[i], nullptr);
  }
  SilentInput(const SilentInput&) = delete;
  SilentInput& operator=(const SilentInput&) = delete;

 private:
  bool silent_ = false;
  std::array<struct sigaction, kEnding.size()> actions_{};
};

}  // namespace

std::string ask_password(const char* question) {
  std::string answer;
  {
    const SilentInput silent;  // first: whoever answers at once is not shown either
    std::cerr << question << std::flush;
    std::getline(std::cin, answer);
  }
  std::cerr << "\n";
  return answer;
}

}  // namespace windlass::cli
