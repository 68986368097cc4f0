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
  const std::lock_guard lock(mutex_);
  on_stop_ = std::move(on_stop);
  if (thread_.joinable()) return;
  thread_ = std::thread([this] {
    const sigset_t set = watched_signals();
    int signal = 0;
    while (sigwait(&set, &signal) == 0 && signal != kWake) {
      const std::lock_guard calling(mutex_);
      on_stop_();
    }
  });
}

}  // namespace windlass::cli
