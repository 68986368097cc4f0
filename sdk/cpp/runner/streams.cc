#include "streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace windlass::runner {
namespace {

bool is_open(int descriptor) {
  return ::fcntl(descriptor, F_GETFD) >= 0;
}

}  // namespace

void prepare_streams() {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return;
  ::dup2(null, STDIN_FILENO);
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    if (!is_open(descriptor)) ::dup2(null, descriptor);
  }
  if (null > STDERR_FILENO) {
    ::close(null);
  } else {
    ::fcntl(null, F_SETFD, 0);  // it is one of the three itself
  }
  // The host shows what a job prints while it runs.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
}

void flush_streams() {
  std::cout.flush();
  std::clog.flush();
  // Not every stream: a thread of the job may hold the lock of one for as long as it reads there.
  std::fflush(stdout);
  std::fflush(stderr);
}

void restore_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (is_open(descriptor)) continue;
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) return;
    if (null != descriptor) {
      ::dup2(null, descriptor);
      ::close(null);
    } else {
      ::fcntl(null, F_SETFD, 0);
    }
  }
}

}  // namespace windlass::runner
