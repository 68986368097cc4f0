#include "sources/git/watch.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <cstring>

namespace windlass::sources {

namespace {

constexpr std::chrono::milliseconds kQuestionEvery{100};
// Some 500,000 branches and tags, which take three times as much memory.
constexpr std::int64_t kMostBeforePack = 32 << 20;

// The callbacks with which libgit2 opens a connection carry no pointer of ours.
thread_local FetchWatch* current_watch = nullptr;

}  // namespace

FetchWatch::FetchWatch(const Proceed& proceed, Micros timeout)
    : proceed_(proceed), timeout_(timeout), limit_(kMostBeforePack) {
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
  fail({"git.cancelled", "The work on the repository was cancelled."});
  return false;
}

void FetchWatch::heard() {
  heard_ = Steady::now();
}

bool FetchWatch::received(std::size_t bytes) {
  heard();
  received_ += static_cast<std::int64_t>(bytes);
  if (received_ <= limit_) return true;
  const auto mebibytes = limit_ >> 20;
  fail({"git.too_large",
        pack_ ? fmt::format("The fetch was given up after {} MiB: the repository's history is too "
                            "large.",
                            mebibytes)
              : fmt::format("The fetch was given up: the server sent {} MiB before any commit. The "
                            "repository has too many branches and tags, or this is no Git server.",
                            mebibytes)});
  return false;
}

void FetchWatch::expect_pack(std::int64_t limit) {
  if (!pack_) limit_ = received_ + limit;
  pack_ = true;
}

bool FetchWatch::wait(int fd, short events) {
  const auto left = std::chrono::duration_cast<Micros>(heard_ + timeout_ - Steady::now());
  const Waited waited = wait_for(fd, events, left);
  if (waited == Waited::kLate) {
    fail({"git.unreachable",
          fmt::format("The server was silent for {:g} seconds, and the fetch was given up. Try "
                      "again later, or raise the setting git_timeout.",
                      static_cast<double>(timeout_.count()) / 1e6)});
  }
  return waited == Waited::kReady;
}

FetchWatch::Waited FetchWatch::wait_for(int fd, short events, Micros limit) {
  const auto end = Steady::now() + limit;
  while (go_on()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now());
    if (left.count() <= 0) return Waited::kLate;
    pollfd wanted{fd, events, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::min(left, kQuestionEvery).count()));
    if (ready > 0) return Waited::kReady;
    if (ready < 0 && errno != EINTR) {
      fail({"git.failed", "Waiting for the server failed.", std::strerror(errno)});
      return Waited::kEnded;
    }
  }
  return Waited::kEnded;
}

void FetchWatch::fail(Error error) {
  if (!failure_) failure_ = std::move(error);
}

}  // namespace windlass::sources
