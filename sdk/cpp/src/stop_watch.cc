#include "stop_watch.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "seam.hpp"

namespace windlass::jobs::internal {
namespace {

void watch(int stop, int wake, std::stop_source source) {
  pollfd waited[] = {{stop, POLLIN, 0}, {wake, POLLIN, 0}};
  while (poll(waited, 2, -1) < 0) {
  }
  if ((waited[0].revents & POLLIN) != 0) source.request_stop();
}

}  // namespace

StopWatch::~StopWatch() {
  end();
}

std::stop_token StopWatch::token(Host& host) {
  const std::lock_guard lock(mutex_);
  if (source_.stop_possible()) return source_.get_token();
  const int stop = host.stop_descriptor();
  wake_ = eventfd(0, EFD_CLOEXEC);
  if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "stop_token()");
  source_ = std::stop_source();
  // The signal that interrupts a job is for its main thread.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread(watch, stop, wake_, source_);
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    source_ = std::stop_source(std::nostopstate);
    close(wake_);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return source_.get_token();
}

void StopWatch::end() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  while (write(wake_, &one, sizeof one) < 0 && errno == EINTR) {
  }
  thread_.join();
  close(wake_);
}

}  // namespace windlass::jobs::internal
