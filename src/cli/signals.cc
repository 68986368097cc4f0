#include "cli/signals.h"

#include <pthread.h>

#include <csignal>

namespace windlass::cli {

namespace {

constexpr int kWake = SIGUSR2;  // ends the watching thread

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, kWake}) sigaddset(&set, signal);
  return set;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

StopSignals::~StopSignals() {
  if (!thread_.joinable()) return;
  pthread_kill(thread_.native_handle(), kWake);
  thread_.join();
}

void StopSignals::watch(std::function<void()> on_stop) {
  thread_ = std::thread([on_stop = std::move(on_stop)] {
    const sigset_t set = watched_signals();
    int signal = 0;
    while (sigwait(&set, &signal) == 0 && signal != kWake) on_stop();
  });
}

}  // namespace windlass::cli
