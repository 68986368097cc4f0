#include "sources/git/watch.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <cstring>

namespace windlass::sources {

namespace {

constexpr std::chrono::milliseconds kQuestionEvery{100};

// The callbacks with which libgit2 opens a connection carry no pointer of ours.
thread_local FetchWatch* current_watch = nullptr;

}  // namespace

FetchWatch::FetchWatch(const Proceed& proceed, Micros timeout)
    : proceed_(proceed), timeout_(timeout) {
  current_watch = this;
}

FetchWatch::~FetchWatch() {
  current_watch = nullptr;
}

FetchWatch* FetchWatch::current() {
  return current_watch;
}

bool FetchWatch::go_on() {
  if (failure_) return false;
  const auto now = Steady::now();
  if (asked_ && now - *asked_ < kQuestionEvery) return true;
  asked_ = now;
  if (!proceed_ || proceed_(progress_)) return true;
  fail({"git.cancelled", "The fetch was cancelled."});
  return false;
}

void FetchWatch::heard() {
  heard_ = Steady::now();
}

bool FetchWatch::wait(int fd, short events) {
  while (go_on()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(heard_ + timeout_ - Steady::now());
    if (left.count() <= 0) {
      fail({"git.unreachable",
            fmt::format("The server was silent for {:g} seconds, and the fetch was given up. Try "
                        "again later, or raise the setting git_timeout.",
                        static_cast<double>(timeout_.count()) / 1e6)});
      return false;
    }
    pollfd wanted{fd, events, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::min(left, kQuestionEvery).count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) {
      fail({"git.failed", "Waiting for the server failed.", std::strerror(errno)});
      return false;
    }
  }
  return false;
}

void FetchWatch::fail(Error error) {
  if (!failure_) failure_ = std::move(error);
}

}  // namespace windlass::sources
